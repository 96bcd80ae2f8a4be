package io.ringcast.config;

import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.OptionsParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a {@link RelayConfig} from YAML 1.2 with the names of the records.
 * Any thread.
 *
 * <pre>{@code
 * listen: "127.0.0.1:9545"
 * threading: auto
 * networks:
 *   - name: mainnet
 *     path: /main/evm/1
 *     upstreams: [{url: "ws://127.0.0.1:8546"}]
 *     subscriptionMethods: [admin_peerEvents]
 * limits: {connections: 20000}
 * timing: {callTimeoutMs: 10000}
 * }</pre>
 */
public final class RelayConfigYaml
{
    private static final int LIMIT_CHARS = 256 * 1024;
    private static final int LIMIT_DEPTH = 16;
    private static final int LIMIT_ALIASES = 64;
    private static final LoadSettings SETTINGS = LoadSettings.builder()
        .setLabel("config")
        .setAllowDuplicateKeys(false)
        .setAllowRecursiveKeys(false)
        .setAllowNonScalarKeys(false)
        .setCodePointLimit(LIMIT_CHARS)
        .setMaxAliasesForCollections(LIMIT_ALIASES)
        .build();

    private static final List<String> TOP_KEYS = Stream.concat(
        Stream.of("listen", "threading", "transport", "network", "networks", "limits", "timing", "profile", "cores",
            "sockets", "admin", "doors", "tls", "access", "delivery", "journal"),
        RelayConfig.SETTINGS.stream().map(NumberSetting::name)).toList();
    private static final List<String> DOORS_KEYS = Stream.concat(
        Stream.of("httpOrigins", "alternative"), DoorsConfig.SETTINGS.stream().map(NumberSetting::name)).toList();
    private static final List<String> TLS_KEYS = List.of("certificate", "key", "clientCa", "provider");
    private static final List<String> NETWORK_KEYS =
        List.of("name", "path", "aliases", "default", "dialect", "upstreams", "logs",
            "subscriptionMethods", "broadcast", "quorum", "ipc",
            "topics", "options");
    private static final List<String> TOPICS_KEYS = Stream.concat(
        Stream.of("publish", "subscribe"), OwnTopicsConfig.SETTINGS.stream().map(NumberSetting::name)).toList();
    private static final List<String> UPSTREAM_KEYS = List.of("name", "url", "headers", "tokenFile", "trust");
    private static final List<String> METHOD_KEYS = List.of("subscribe", "unsubscribe", "notification");

    private RelayConfigYaml()
    {
    }

    /**
     * Reads a complete configuration.
     *
     * @param yaml the text.
     * @return the configuration.
     * @throws ConfigException naming the path of the first thing that cannot be used.
     */
    public static RelayConfig read(final String yaml)
    {
        return builder(yaml).build();
    }

    /**
     * Reads a file into a builder, so that flags can complete or override it.
     *
     * @param file the file, in UTF-8.
     * @return what it says.
     * @throws ConfigException when it cannot be read or used.
     */
    public static RelayConfig.Builder builder(final Path file)
    {
        try
        {
            if (Files.isRegularFile(file) && Files.size(file) > 4L * LIMIT_CHARS)
            {
                throw new ConfigException("config", file, "too large", "at most 256 KiB");
            }
            return builder(Files.readString(file));
        }
        catch (final NoSuchFileException ex)
        {
            throw new ConfigException("config", file, "no such file", "a readable YAML file");
        }
        catch (final CharacterCodingException ex)
        {
            throw new ConfigException("config", file, "not UTF-8", "a YAML file in UTF-8");
        }
        catch (final IOException ex)
        {
            throw new ConfigException("config", file, "cannot be read", "a readable YAML file");
        }
    }

    /**
     * Reads a text into a builder.
     *
     * @param yaml the text; empty means all defaults.
     * @return what it says.
     * @throws ConfigException naming the path of the first thing that cannot be used.
     */
    public static RelayConfig.Builder builder(final String yaml)
    {
        final RelayConfig.Builder builder = RelayConfig.builder();
        final YamlNode root = new YamlNode("", load(yaml));
        if (root.value() != null)
        {
            root.forEachMember(TOP_KEYS, (key, node) -> readTop(builder, root, key, node));
        }
        return builder;
    }

    private static Object load(final String yaml)
    {
        if (yaml.length() > LIMIT_CHARS)
        {
            throw new ConfigException("config", "the file", "too large", "at most 256 KiB");
        }
        try
        {
            checkDepth(yaml);
            return new Load(SETTINGS).loadFromString(yaml);
        }
        catch (final MarkedYamlEngineException ex)
        {
            final String where = ex.getProblemMark()
                .map(mark -> "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1)).orElse("the file");
            throw new ConfigException("config", where, ex.getProblem(), "YAML 1.2 with each key once");
        }
        catch (final YamlEngineException ex)
        {
            throw new ConfigException("config", "the file", ex.getMessage(),
                "YAML 1.2 with at most " + LIMIT_ALIASES + " aliases");
        }
    }

    /** The loader is recursive and knows no depth limit of its own, so deep nesting would exhaust the stack. */
    private static void checkDepth(final String yaml)
    {
        int depth = 0;
        for (final Event event : new Parse(SETTINGS).parseString(yaml))
        {
            if (event instanceof CollectionStartEvent && ++depth > LIMIT_DEPTH)
            {
                throw new ConfigException("config", "the file", "nested too deep", LIMIT_DEPTH + " levels");
            }
            if (event instanceof CollectionEndEvent)
            {
                depth--;
            }
        }
    }

    private static void readTop(
        final RelayConfig.Builder builder, final YamlNode root, final String key, final YamlNode node)
    {
        switch (key)
        {
            case "listen" -> builder.listen(HostPort.parse(key, node.text("HOST:PORT in quotes")));
            case "threading" -> builder.threading(node.choice(ThreadingChoice.class));
            case "transport" -> builder.transport(node.choice(TransportChoice.class));
            case "network" -> readNetworks(builder, root, List.of(node));
            case "networks" -> readNetworks(builder, root, node.elements("a list of networks"));
            case "limits" ->
            {
                final LimitsConfig.Builder limits = LimitsConfig.builder();
                readNumbers(LimitsConfig.SETTINGS, node, limits::set);
                builder.limits(node.within(limits::build));
            }
            case "admin" -> builder.doors(
                builder.doors().toBuilder().admin(HostPort.parse(key, node.text("HOST:PORT in quotes"))).build());
            case "doors" -> readDoors(builder, node);
            case "access" -> builder.access(AccessYaml.read(node));
            case "delivery" ->
            {
                final DeliveryConfig.Builder delivery = DeliveryConfig.builder();
                readNumbers(DeliveryConfig.SETTINGS, node, delivery::set);
                builder.delivery(node.within(delivery::build));
            }
            case "journal" -> builder.journal(readJournal(node));
            case "tls" -> builder.doors(builder.doors().toBuilder().tls(readTls(node)).build());
            case "timing" -> builder.timing(readTiming(node));
            case "profile" -> builder.profile(node.choice(ProfileChoice.class));
            case "cores" -> builder.cores(CoreList.parse(key, node.value() instanceof Integer core ?
                core.toString() : node.text("a list of cores in quotes, such as \"2-5\"")));
            case "sockets" -> builder.sockets(readSockets(node));
            default -> RelayConfig.SETTINGS.stream().filter(setting -> setting.name().equals(key))
                .forEach(setting -> builder.set(setting, node.number(setting)));
        }
    }

    private static void readDoors(final RelayConfig.Builder builder, final YamlNode node)
    {
        final DoorsConfig.Builder doors = builder.doors().toBuilder();
        node.forEachMember(DOORS_KEYS, (key, member) ->
        {
            if ("httpOrigins".equals(key))
            {
                doors.httpOrigins(member.elements("a list of origins").stream()
                    .map(origin -> origin.text("an origin such as https://app.example, or *")).toList());
            }
            else if ("alternative".equals(key))
            {
                doors.alternative(member.text("a URL such as wss://relay-2.example/"));
            }
            else
            {
                DoorsConfig.SETTINGS.stream().filter(setting -> setting.name().equals(key))
                    .forEach(setting -> doors.set(setting, member.number(setting)));
            }
        });
        builder.doors(node.within(doors::build));
    }

    private static JournalConfig readJournal(final YamlNode node)
    {
        final JournalConfig.Builder journal = JournalConfig.builder();
        final List<String> keys = Stream.concat(
            Stream.of("dir", "whenBehind"), JournalConfig.SETTINGS.stream().map(NumberSetting::name)).toList();
        node.forEachMember(keys, (key, member) ->
        {
            switch (key)
            {
                case "dir" -> journal.dir(member.at(() -> JournalConfig.directory(member.text("a directory"))));
                case "whenBehind" -> journal.whenBehind(member.choice(JournalPolicy.class));
                default -> JournalConfig.SETTINGS.stream().filter(setting -> setting.name().equals(key))
                    .forEach(setting -> journal.set(setting, member.number(setting)));
            }
        });
        return node.within(journal::build);
    }

    private static TlsConfig readTls(final YamlNode node)
    {
        final TlsConfig.Builder tls = TlsConfig.builder();
        node.forEachMember(TLS_KEYS, (key, member) ->
        {
            switch (key)
            {
                case "certificate" -> tls.certificate(member.at(() -> TlsConfig.path(key, member.text("a path"))));
                case "key" -> tls.key(member.at(() -> TlsConfig.path(key, member.text("a path"))));
                case "clientCa" -> tls.clientCa(member.at(() -> TlsConfig.path(key, member.text("a path"))));
                default -> tls.provider(member.choice(TlsChoice.class));
            }
        });
        return node.within(tls::build);
    }

    private static TimingConfig readTiming(final YamlNode node)
    {
        final TimingConfig.Builder timing = TimingConfig.builder();
        final List<String> keys = Stream.concat(
            TimingConfig.SETTINGS.stream().map(NumberSetting::name), Stream.of("clockSync")).toList();
        node.forEachMember(keys, (key, member) ->
        {
            if ("clockSync".equals(key))
            {
                timing.clockSync(member.choice(ClockSync.class));
            }
            TimingConfig.SETTINGS.stream().filter(setting -> setting.name().equals(key))
                .forEach(setting -> timing.set(setting, member.number(setting)));
        });
        return node.within(timing::build);
    }

    private static SocketConfig readSockets(final YamlNode node)
    {
        final SocketConfig.Builder sockets = SocketConfig.builder();
        final List<String> keys = Stream.concat(
            SocketConfig.SETTINGS.stream().map(NumberSetting::name), Stream.of("quickAck")).toList();
        node.forEachMember(keys, (key, member) ->
        {
            if ("quickAck".equals(key))
            {
                sockets.quickAck(member.truth());
            }
            SocketConfig.SETTINGS.stream().filter(setting -> setting.name().equals(key))
                .forEach(setting -> sockets.set(setting, member.number(setting)));
        });
        return node.within(sockets::build);
    }

    private static void readNumbers(
        final List<NumberSetting> table, final YamlNode node, final BiConsumer<NumberSetting, Long> target)
    {
        node.forEachMember(table.stream().map(NumberSetting::name).toList(), (key, member) ->
            table.stream().filter(setting -> setting.name().equals(key))
                .forEach(setting -> target.accept(setting, member.number(setting))));
    }

    private static void readNetworks(
        final RelayConfig.Builder builder, final YamlNode root, final List<YamlNode> nodes)
    {
        if (!builder.networks().isEmpty())
        {
            throw root.refusal("both network and networks", "network for one, or networks for a list");
        }
        nodes.forEach(node -> builder.network(readNetwork(node)));
    }

    private static NetworkConfig.Builder readNetwork(final YamlNode node)
    {
        final NetworkConfig.Builder network = NetworkConfig.builder();
        node.forEachMember(NETWORK_KEYS, (key, member) ->
        {
            switch (key)
            {
                case "name" -> network.name(member.text("a name"));
                case "dialect" -> network.dialect(member.at(() -> Dialect.parse(member.text("a dialect"))));
                case "path" -> network.path(member.text("a path such as /main/evm/1"));
                case "aliases" -> network.aliases(member.elements("a list of paths").stream()
                    .map(alias -> alias.text("a path such as /main/evm/1")).toList());
                case "default" -> network.isDefault(member.truth());
                case "upstreams" -> member.elements("a list of upstreams")
                    .forEach(upstream -> network.upstream(readUpstream(upstream, network.upstreamCount())));
                case "broadcast" -> network.broadcast(member.elements("a list of method names").stream()
                    .map(method -> method.text("a method name")).toList());
                case "quorum" -> network.quorum((int)member.number(NetworkConfig.QUORUM));
                case "ipc" -> network.ipc(member.at(() -> NetworkConfig.ipcPath(member.text("a path"))));
                case "topics" -> network.topics(readTopics(member));
                case "options" -> network.options(readOptions(member));
                case "logs" -> network.logs(member.choice(LogsMode.class));
                default -> member.elements("a list of method names or mappings")
                    .forEach(method -> network.subscriptionMethod(readMethod(method)));
            }
        });
        // A network without an upstream may still get one from a flag; RelayConfig.build() looks again.
        if (network.hasUpstreams())
        {
            node.within(network::build);
        }
        return network;
    }

    private static OwnTopicsConfig readTopics(final YamlNode node)
    {
        final OwnTopicsConfig.Builder topics = OwnTopicsConfig.builder();
        node.forEachMember(TOPICS_KEYS, (key, member) ->
        {
            switch (key)
            {
                case "publish" -> topics.publish(readPatterns(member));
                case "subscribe" -> topics.subscribe(readPatterns(member));
                default -> OwnTopicsConfig.SETTINGS.stream().filter(setting -> setting.name().equals(key))
                    .forEach(setting -> topics.set(setting, member.number(setting)));
            }
        });
        return node.within(topics::build);
    }

    private static List<String> readPatterns(final YamlNode node)
    {
        return node.elements("a list of names of topics").stream()
            .map(name -> name.text("a name such as chat or signals.*")).toList();
    }

    /**
     * Reads delivery options as a flag gives them.
     *
     * @param text {@code {"stamps":true}}, or the same with YAML's spelling.
     * @return the options.
     * @throws ConfigException when they can't be used.
     */
    public static DeliveryOptions options(final String text)
    {
        return readOptions(new YamlNode("options", load(text)));
    }

    private static DeliveryOptions readOptions(final YamlNode node)
    {
        final OptionsParser.Parsed parsed = new OptionsParser().readMap(node.value());
        if (parsed.fault() != null)
        {
            final String[] parts = parsed.fault().split("; allowed: ", 2);
            throw node.refusal(parts[0], parts.length > 1 ? parts[1] : "the options in wire.md");
        }
        return parsed.options();
    }

    private static UpstreamConfig readUpstream(final YamlNode node, final int index)
    {
        if (!node.isMapping())
        {
            return node.at(() -> UpstreamConfig.of(
                UpstreamConfig.defaultName(index), node.text("a url or a mapping of " + UPSTREAM_KEYS)));
        }
        final String[] fields = {UpstreamConfig.defaultName(index), null};
        final Map<String, String> headers = new LinkedHashMap<>();
        final Path[] files = new Path[2];
        node.forEachMember(UPSTREAM_KEYS, (key, member) ->
        {
            switch (key)
            {
                case "headers" -> member.forEachText(headers::put);
                case "tokenFile" -> files[0] = member.at(() -> UpstreamConfig.path(key, member.text("a path")));
                case "trust" -> files[1] = member.at(() -> UpstreamConfig.path(key, member.text("a path")));
                default -> fields[UPSTREAM_KEYS.indexOf(key)] = member.text("text");
            }
        });
        final UpstreamConfig plain = node.within(() -> UpstreamConfig.of(fields[0], fields[1]));
        return node.within(() -> new UpstreamConfig(plain.name(), plain.url(), headers, files[0], files[1]));
    }

    private static SubscriptionMethod readMethod(final YamlNode node)
    {
        if (!node.isMapping())
        {
            return node.at(() -> SubscriptionMethod.of(node.text("a method name or a mapping")));
        }
        final String[] fields = new String[METHOD_KEYS.size()];
        node.forEachMember(METHOD_KEYS, (key, member) ->
            fields[METHOD_KEYS.indexOf(key)] = member.text("a method name"));
        if (fields[1] != null && fields[2] != null)
        {
            return node.within(() -> new SubscriptionMethod(fields[0], fields[1], fields[2]));
        }
        final SubscriptionMethod derived = node.within(() -> SubscriptionMethod.of(fields[0]));
        return node.within(() -> new SubscriptionMethod(fields[0],
            fields[1] == null ? derived.unsubscribe() : fields[1],
            fields[2] == null ? derived.notification() : fields[2]));
    }
}
