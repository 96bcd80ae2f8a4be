package io.ringcast.tools;

import io.ringcast.config.ConfigException;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.RelayConfigYaml;
import io.ringcast.config.UpstreamConfig;
import io.ringcast.transport.Relay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Relays a real node until it is stopped. Confined to the main thread. */
@Command(name = "serve", description = "Relays a node.", mixinStandardHelpOptions = true,
    versionProvider = RingcastVersion.class, sortOptions = false)
final class ServeCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Option(names = "--upstream", paramLabel = "[NAME=]URL",
        description = "a node, for example ws://127.0.0.1:8546; ws, wss, http, https, or ipc:/PATH; may be repeated")
    private List<String> upstreams = new ArrayList<>();

    @Option(names = "--config", paramLabel = "FILE", description = "YAML with the same settings; flags override it")
    private Path file;

    @Mixin
    private RelayFlags flags;

    @Override
    public Integer call() throws Exception
    {
        final RelayConfig config = config();
        try (StopSignal stop = StopSignal.onShutdown();
            Relay relay = Relay.start(config, FatalError::endProcess, new LogbackLevels(), this::config))
        {
            if (!HangupSignal.tryListen(() -> reload(relay)))
            {
                Screen.line(spec, "SIGHUP does not come through (nohup?): reload by POST /reload on the admin port");
            }
            for (final NetworkConfig network : config.networks())
            {
                final String url = Screen.url(relay.isTls() ? "wss" : "ws", relay.address());
                Screen.line(spec, url + network.path() + " relays " +
                    network.upstreams().stream().map(UpstreamConfig::place).collect(Collectors.joining(", ")) +
                    " (" + network.name() + ")");
            }
            if (relay.adminAddress() != null)
            {
                Screen.line(spec, Screen.url("http", relay.adminAddress()) + "/metrics, /livez, /readyz");
            }
            stop.await();
            Screen.counters(spec, relay.status());
        }
        return 0;
    }

    private static void reload(final Relay relay)
    {
        try
        {
            relay.reload();
        }
        catch (final ConfigException | IllegalStateException e)
        {
            // The relay's log says what is wrong, or the relay is at its end.
        }
    }

    private RelayConfig config()
    {
        if (upstreams.isEmpty() && file == null)
        {
            throw new ConfigException("--upstream", "", "missing", UpstreamConfig.ALLOWED_URL + ", or --config FILE");
        }
        return flags.apply(file == null ? RelayConfig.builder() : RelayConfigYaml.builder(file), upstreams, spec);
    }
}
