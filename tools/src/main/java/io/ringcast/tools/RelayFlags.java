package io.ringcast.tools;

import io.ringcast.config.AccessConfig;
import io.ringcast.config.Choice;
import io.ringcast.config.ClockSync;
import io.ringcast.config.ConfigException;
import io.ringcast.config.CoreList;
import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.Dialect;
import io.ringcast.config.DoorsConfig;
import io.ringcast.config.HostPort;
import io.ringcast.config.JournalConfig;
import io.ringcast.config.JournalPolicy;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.LogsMode;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.ProfileChoice;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.RelayConfigYaml;
import io.ringcast.config.SocketConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.config.ThreadingChoice;
import io.ringcast.config.TimingConfig;
import io.ringcast.config.TlsConfig;
import io.ringcast.config.TransportChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The flags that shape a relay, and how they override a file. Confined to the main thread. */
final class RelayFlags
{
    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "where clients connect (127.0.0.1:9545)")
    private String listen;

    @Option(names = "--admin", paramLabel = "HOST:PORT",
        description = "where metrics, health and the log level are served (nowhere)")
    private String admin;

    @Option(names = "--http-origin", paramLabel = "ORIGIN",
        description = "a web origin whose pages may use HTTP, or * for all; may be repeated (none)")
    private List<String> httpOrigins = new ArrayList<>();

    @Option(names = "--tls-certificate", paramLabel = "FILE",
        description = "PEM file of the certificate that clients are shown; wants --tls-key (no TLS)")
    private String tlsCertificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM file of the certificate's private key")
    private String tlsKey;

    @Option(names = "--tls-client-ca", paramLabel = "FILE",
        description = "let in only clients with a certificate signed by one of this PEM file (all)")
    private String tlsClientCa;

    @Option(names = "--network", paramLabel = "NAME", description = "the network's name (main)")
    private String network;

    @Option(names = "--ipc", paramLabel = "PATH", description = "a Unix domain socket for the network (none)")
    private String ipc;

    @Option(names = "--path", paramLabel = "PATH", description = "the path clients connect to (/)")
    private String path;

    @Option(names = "--options", paramLabel = "JSON",
        description = "what subscribers get unless they ask for something else, such as {\"stamps\":true} (plain)")
    private String options;

    @Option(names = "--threading", paramLabel = "MODE", description = "auto, compact, shared or dedicated (auto)")
    private String threading;

    @Option(names = "--transport", paramLabel = "NAME", description = "auto, epoll, io_uring or nio (auto)")
    private String transport;

    @Option(names = "--dialect", paramLabel = "NAME",
        description = "how the nodes speak of subscriptions: ethereum, solana, substrate or diem (ethereum)")
    private String dialect;

    @Option(names = "--logs", paramLabel = "MODE",
        description = "match: one upstream subscription, filtered here; pass: each filter passed up (match)")
    private String logs;

    @Option(names = "--subscription-method", paramLabel = "NAME",
        description = "a further method that creates subscriptions, such as admin_peerEvents; may be repeated")
    private List<String> subscriptionMethods = new ArrayList<>();

    @Option(names = "--publish", paramLabel = "NAME",
        description = "a topic of the relay's own that clients may publish to, or the start of such names and *; may " +
            "be repeated (none)")
    private List<String> publish = new ArrayList<>();

    @Option(names = "--profile", paramLabel = "NAME",
        description = "default, or low-latency: threads without work spin (default)")
    private String profile;

    @Option(names = "--clock-sync", paramLabel = "NAME",
        description = "what the machine's clock is kept by: none, ntp or ptp; told in stamps (unknown)")
    private String clockSync;

    @Option(names = "--cores", paramLabel = "LIST",
        description = "hold each thread to one of these, such as 2-5 (none)")
    private String cores;

    @Option(names = "--journal", paramLabel = "DIR",
        description = "record what comes in, to be replayed, in this directory on a real disk (nowhere)")
    private String journal;

    @Option(names = "--journal-when-behind", paramLabel = "POLICY",
        description = "break the journal off when it can't keep up, or hold delivery until it has all (break)")
    private String journalWhenBehind;

    @Option(names = "--quick-ack", description = "acknowledge what clients and upstreams send at once")
    private boolean quickAck;

    /**
     * Puts the flags over what the file said.
     *
     * @param builder   what the file said, or nothing.
     * @param upstreams the nodes, each {@code [NAME=]URL}; if there are any, they replace the file's.
     * @param spec      the command, for the flags of the tables.
     * @return the checked configuration.
     */
    RelayConfig apply(final RelayConfig.Builder builder, final List<String> upstreams, final CommandSpec spec)
    {
        set("--listen", listen, text -> builder.listen(HostPort.parse("listen", text)));
        set("--admin", admin, text -> builder.doors(
            builder.doors().toBuilder().admin(HostPort.parse("admin", text)).build()));
        set("--threading", threading, text ->
            builder.threading(Choice.parse("threading", text, ThreadingChoice.class)));
        set("--transport", transport, text ->
            builder.transport(Choice.parse("transport", text, TransportChoice.class)));
        SettingFlags.apply(spec, RelayConfig.SETTINGS, builder::set);
        final LimitsConfig.Builder limits = builder.limits().toBuilder();
        SettingFlags.apply(spec, LimitsConfig.SETTINGS, limits::set);
        builder.limits(limits.build());
        final TimingConfig.Builder timing = builder.timing().toBuilder();
        SettingFlags.apply(spec, TimingConfig.SETTINGS, timing::set);
        set("--clock-sync", clockSync, text -> timing.clockSync(Choice.parse("clockSync", text, ClockSync.class)));
        builder.timing(timing.build());
        set("--profile", profile, text -> builder.profile(Choice.parse("profile", text, ProfileChoice.class)));
        set("--cores", cores, text -> builder.cores(CoreList.parse("cores", text)));
        final SocketConfig.Builder sockets = builder.sockets().toBuilder();
        SettingFlags.apply(spec, SocketConfig.SETTINGS, sockets::set);
        builder.sockets(quickAck ? sockets.quickAck(true).build() : sockets.build());
        final DoorsConfig.Builder doors = builder.doors().toBuilder();
        SettingFlags.apply(spec, DoorsConfig.SETTINGS, doors::set);
        httpOrigins.forEach(origin -> set("--http-origin", origin, text -> DoorsConfig.builder()
            .httpOrigins(List.of(text)).build()));
        if (!httpOrigins.isEmpty())
        {
            doors.httpOrigins(httpOrigins);
        }
        applyTls(builder, doors);
        final AccessConfig.Builder access = builder.access().toBuilder();
        SettingFlags.apply(spec, AccessConfig.SETTINGS, access::set);
        builder.access(access.build());
        builder.doors(doors.build());
        final DeliveryConfig.Builder delivery = builder.delivery().toBuilder();
        SettingFlags.apply(spec, DeliveryConfig.SETTINGS, delivery::set);
        builder.delivery(delivery.build());
        builder.journal(journal(builder.journal().toBuilder(), spec));
        applyToNetwork(builder, upstreams);
        return builder.build();
    }

    private JournalConfig journal(final JournalConfig.Builder settings, final CommandSpec spec)
    {
        set("--journal", journal, text -> settings.dir(JournalConfig.directory(text)));
        set("--journal-when-behind", journalWhenBehind, text ->
            settings.whenBehind(Choice.parse("whenBehind", text, JournalPolicy.class)));
        SettingFlags.apply(spec, SettingFlags.JOURNAL, JournalConfig.SETTINGS, settings::set);
        return settings.build();
    }

    private void applyTls(final RelayConfig.Builder builder, final DoorsConfig.Builder doors)
    {
        if (tlsCertificate == null && tlsKey == null && tlsClientCa == null)
        {
            return;
        }
        final TlsConfig given = builder.doors().tls();
        final TlsConfig.Builder tls = given == null ? TlsConfig.builder() : given.toBuilder();
        set("--tls-certificate", tlsCertificate, text -> tls.certificate(TlsConfig.path("certificate", text)));
        set("--tls-key", tlsKey, text -> tls.key(TlsConfig.path("key", text)));
        set("--tls-client-ca", tlsClientCa, text -> tls.clientCa(TlsConfig.path("clientCa", text)));
        try
        {
            doors.tls(tls.build());
        }
        catch (final ConfigException ex)
        {
            throw ex.named("--tls-" + ex.name());
        }
    }

    private void applyToNetwork(final RelayConfig.Builder builder, final List<String> upstreams)
    {
        if (builder.networks().isEmpty())
        {
            builder.network(NetworkConfig.builder());
        }
        if (!upstreams.isEmpty())
        {
            set("--upstream", "...", text -> only(builder, text).clearUpstreams());
        }
        upstreams.forEach(upstream -> set("--upstream", upstream, text ->
        {
            check(only(builder, "...").namedUpstream(text), "upstreams");
        }));
        set("--network", network, text -> check(only(builder, text).name(text), "name"));
        set("--ipc", ipc, text -> only(builder, text).ipc(NetworkConfig.ipcPath(text)));
        set("--path", path, text -> check(only(builder, text).path(text), "path"));
        set("--options", options, text -> only(builder, text).options(RelayConfigYaml.options(text)));
        set("--dialect", dialect, text -> only(builder, text).dialect(Dialect.parse(text)));
        set("--logs", logs, text -> only(builder, text).logs(Choice.parse("logs", text, LogsMode.class)));
        if (!publish.isEmpty())
        {
            set("--publish", "...", text ->
            {
                final NetworkConfig.Builder only = only(builder, text);
                only.topics(only.topics().toBuilder().publish(publish).build());
            });
        }
        subscriptionMethods.forEach(method -> set("--subscription-method", method, text ->
            only(builder, text).subscriptionMethod(SubscriptionMethod.of(text))));
    }

    /** Looks at once, so that a refusal can name the flag; what is wrong elsewhere is found by the last look. */
    private static void check(final NetworkConfig.Builder network, final String name)
    {
        try
        {
            network.build();
        }
        catch (final ConfigException ex)
        {
            if (name.equals(ex.name()))
            {
                throw ex;
            }
        }
    }

    private static NetworkConfig.Builder only(final RelayConfig.Builder builder, final String text)
    {
        if (builder.networks().size() > 1)
        {
            throw new ConfigException("flag", text, "the file has " + builder.networks().size() + " networks",
                "this flag only with one network");
        }
        return builder.networks().get(0);
    }

    private static void set(final String flag, final String text, final Consumer<String> setter)
    {
        if (text != null)
        {
            try
            {
                setter.accept(text);
            }
            catch (final ConfigException ex)
            {
                throw ex.named(flag);
            }
        }
    }
}
