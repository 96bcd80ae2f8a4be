package io.ringcast.tools.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

import io.ringcast.config.RelayConfigYaml;
import io.ringcast.transport.Relay;

/** The relay in front of a node, once it is connected to it. Confined to the test thread. */
final class RelayUnderTest implements AutoCloseable
{
    private static final long TIMEOUT_MS = 10_000;

    /** A dead way to a node is found soon, and no test waits for the compiler. */
    private static final String HEAD = "listen: \"127.0.0.1:0\"\nwarmUpMs: 0\n" +
        "timing: {pingIdleMs: 500, pongTimeoutMs: 1500}\nnetwork:\n";

    private final Relay relay;
    private final Path ipc;

    private RelayUnderTest(final Relay relay, final Path ipc)
    {
        this.relay = relay;
        this.ipc = ipc;
    }

    static RelayUnderTest start(final AnvilNode upstream)
    {
        return startWith("", null, upstream.url());
    }

    /** Starts a relay with more settings, such as {@code tls:}, each line with its end. */
    static RelayUnderTest startWith(final String moreYaml, final AnvilNode upstream)
    {
        return startWith(moreYaml, null, upstream.url());
    }

    /** Starts a relay that has a Unix domain socket, too. */
    static RelayUnderTest start(final AnvilNode upstream, final Path ipc)
    {
        return startWith("", ipc, upstream.url());
    }

    static RelayUnderTest start(final URI first, final URI second)
    {
        return startWith("", null, first, second);
    }

    /** Starts a relay that publishes what that many of its upstreams agree on. */
    static RelayUnderTest startWithQuorum(final int quorum, final List<URI> upstreams)
    {
        return start("", "  quorum: " + quorum + "\n", null, upstreams.toArray(URI[]::new));
    }

    private static RelayUnderTest startWith(final String moreYaml, final Path ipc, final URI... upstreams)
    {
        return start(moreYaml, "", ipc, upstreams);
    }

    private static RelayUnderTest start(
        final String moreYaml, final String networkYaml, final Path ipc, final URI... upstreams)
    {
        final StringBuilder yaml = new StringBuilder(moreYaml).append(HEAD).append(networkYaml);
        if (ipc != null)
        {
            yaml.append("  ipc: \"").append(ipc).append("\"\n");
        }
        yaml.append("  upstreams:\n");
        for (final URI upstream : upstreams)
        {
            yaml.append("    - url: \"").append(upstream).append("\"\n");
        }
        try
        {
            final RelayUnderTest started =
                new RelayUnderTest(Relay.start(RelayConfigYaml.read(yaml.toString())), ipc);
            started.awaitUpstream();
            return started;
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    URI url()
    {
        return URI.create((relay.isTls() ? "wss" : "ws") + "://127.0.0.1:" + relay.address().getPort());
    }

    /** Its Unix domain socket, or null. */
    Path ipc()
    {
        return ipc;
    }

    long count(final String counter)
    {
        return relay.status().counters().get(counter);
    }

    void awaitCount(final String counter, final long atLeast)
    {
        while (count(counter) < atLeast)
        {
            Thread.onSpinWait();
        }
    }

    private void awaitUpstream()
    {
        try
        {
            if (relay.awaitUpstreams(TIMEOUT_MS))
            {
                return;
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        relay.close();
        throw new IllegalStateException("the relay does not reach its upstream");
    }

    @Override
    public void close()
    {
        relay.close();
    }
}
