package io.ringcast.tools.bench;

import io.ringcast.config.HostPort;
import io.ringcast.tools.load.ChildProcess;
import io.ringcast.tools.load.Dialect;
import io.ringcast.tools.load.LoadTarget;
import io.ringcast.tools.load.ItemSource;
import io.ringcast.tools.load.StampingNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A peer that is installed on this machine. Confined to the main thread. */
final class PeerSubject implements Subject
{
    private static final String LOOPBACK = "127.0.0.1";

    private final Peer peer;
    private final PeerFiles files;
    private final List<String> prefix;

    PeerSubject(final Peer peer, final PeerFiles files, final List<String> prefix)
    {
        this.peer = peer;
        this.files = files;
        this.prefix = prefix;
    }

    @Override
    public String name()
    {
        return peer.title();
    }

    @Override
    public String missing()
    {
        return files.missing(peer);
    }

    @Override
    public String version()
    {
        return files.version(peer);
    }

    @Override
    public boolean takes(final Scenario scenario)
    {
        return peer.isProxy() == scenario.isCalls() && !(peer.isProxy() && scenario.isIdle());
    }

    @Override
    public Running start(final Scenario scenario) throws IOException
    {
        final int port = Ports.free();
        return peer.dialect() == Dialect.ETH ? startBehindNode(scenario, port) : startWithPublisher(port);
    }

    private Running startBehindNode(final Scenario scenario, final int port) throws IOException
    {
        final StampingNode node = StampingNode.start(RingcastSubject.planOf(scenario), new HostPort(LOOPBACK, 0));
        try
        {
            final ChildProcess process = launch(command(scenario, port, node.url().getPort()), port);
            return new RunningSubject(
                process.pid(), new LoadTarget(url(port, "/"), Dialect.ETH), node, process);
        }
        catch (final IOException ex)
        {
            node.close();
            throw ex;
        }
    }

    private Running startWithPublisher(final int port) throws IOException
    {
        final boolean isNats = peer.dialect() == Dialect.NATS;
        final int publishPort = isNats ? Ports.free() : port;
        final ChildProcess process = launch(command(null, port, publishPort), port);
        try
        {
            Ports.awaitOpen(publishPort, process);
            final ItemSource publisher = PeerPublisher.connect(peer.dialect(), publishPort);
            return new RunningSubject(process.pid(),
                new LoadTarget(url(port, isNats ? "/" : "/sub/"), peer.dialect()), publisher, process);
        }
        catch (final IOException ex)
        {
            process.close();
            throw ex;
        }
    }

    private ChildProcess launch(final List<String> command, final int port) throws IOException
    {
        final List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        final Map<String, String> environment =
            files.nodeModules() == null ? Map.of() : Map.of("NODE_PATH", files.nodeModules().toString());
        final ChildProcess process = ChildProcess.start(files.directory(), environment, whole);
        try
        {
            Ports.awaitOpen(port, process);
            return process;
        }
        catch (final IOException ex)
        {
            process.close();
            throw ex;
        }
    }

    private List<String> command(final Scenario scenario, final int port, final int otherPort) throws IOException
    {
        final String own = String.valueOf(port);
        final String other = String.valueOf(otherPort);
        final Path directory = files.directory();
        switch (peer)
        {
            case WS_RELAY:
                return List.of("node", files.write("ws-relay.js", Map.of()).toString(), own, other,
                    RingcastSubject.planOf(scenario).kind().word());

            case WS_PROXY:
                return List.of("node", files.write("ws-proxy.js", Map.of()).toString(), own, other);

            case NATS:
                return List.of("nats-server", "-c",
                    files.write("nats.conf", Map.of("@PORT@", own, "@CLIENT_PORT@", other)).toString());

            case NCHAN:
                Files.createDirectories(directory.resolve("temp"));
                return List.of("nginx", "-p", directory + "/", "-c", files.write("nchan.conf",
                    Map.of("@PORT@", own, "@MODULE@", PeerFiles.NCHAN_MODULE.toString())).toString());

            default:
                Files.createDirectories(directory.resolve("temp"));
                return List.of("nginx", "-p", directory + "/", "-c", files.write("nginx-ws.conf",
                    Map.of("@PORT@", own, "@UPSTREAM_PORT@", other)).toString());
        }
    }

    private static URI url(final int port, final String path)
    {
        return URI.create("ws://" + LOOPBACK + ":" + port + path);
    }
}
