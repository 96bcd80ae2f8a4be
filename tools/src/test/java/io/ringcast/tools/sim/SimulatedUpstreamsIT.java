package io.ringcast.tools.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.NetworkConfig;
import io.ringcast.transport.Relay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a relay's upstream is, its subscribers get what the node pushes to its own. Confined to the test thread. */
final class SimulatedUpstreamsIT
{
    private static final long TIMEOUT_MS = 20_000;

    @ParameterizedTest
    @CsvSource({"ws, true", "ipc, true", "http, true", "ws, false", "ipc, false"})
    void shouldPassOnWhatTheNodePushes(final String kind, final boolean pushes, @TempDir final Path directory)
        throws Exception
    {
        final Path socket = directory.resolve("n.ipc");
        try (SimulatedNode node = SimulatedNode.start(NodeSettings.quiet().withIpc(socket).withPush(pushes));
            SimulatedNode pushing = node.startBeside(NodeSettings.quiet());
            Relay relay = relay(url(node, kind, socket)))
        {
            final BlockingQueue<String> relayed = new LinkedBlockingQueue<>();
            relay.subscribe("[\"newHeads\"]", (sequence, bytes, offset, length) ->
                relayed.add(bytes.toString(offset, length, StandardCharsets.UTF_8)));
            if (pushes && !"http".equals(kind))
            {
                await(relay, "feeds_subscribed", 1);
            }
            else
            {
                await(relay, "polls", 3);
            }
            try (FakeClient direct = new FakeClient(pushing.url()))
            {
                direct.subscribe("[\"newHeads\"]");
                final List<String> expected = new ArrayList<>();
                play(node, direct, expected, relayed);

                assertEquals(expected.size(), 3 + 4 + 1);
            }
        }
    }

    @Test
    void shouldTellLaterAndAnswerAsOfThenWhenANodeIsBehind() throws Exception
    {
        try (SimulatedNode node = SimulatedNode.start(NodeSettings.quiet());
            SimulatedNode behind = node.startBeside(NodeSettings.quiet().withDelayMs(400));
            FakeClient client = new FakeClient(behind.url()))
        {
            final String before = client.call("eth_blockNumber", "[]");
            client.subscribe("[\"newHeads\"]");
            node.mine(2);

            assertEquals(before, client.call("eth_blockNumber", "[]"));
            assertTrue(client.next().contains("\"number\":\"0x1406f41\""));
            assertTrue(client.next().contains("\"number\":\"0x1406f42\""));
            assertTrue(client.call("eth_blockNumber", "[]").contains("\"0x1406f42\""));
        }
    }

    @Test
    void shouldTellInTheOrderOfTheChainWhenANodeIsBehind() throws Exception
    {
        final int blocks = 200;
        try (SimulatedNode node = SimulatedNode.start(NodeSettings.quiet());
            SimulatedNode behind = node.startBeside(NodeSettings.quiet().withDelayMs(20));
            FakeClient client = new FakeClient(behind.url()))
        {
            client.subscribe("[\"newHeads\"]");
            long number = 0;
            for (int i = 0; i < blocks; i++)
            {
                number = node.mine(1);
            }
            for (int i = blocks - 1; i >= 0; i--)
            {
                final String head = client.next();
                assertTrue(head.contains("\"number\":\"0x" + Long.toHexString(number - i) + '"'), head);
            }
        }
    }

    @Test
    void shouldHaveToldAllWhenThatWasWaitedFor() throws Exception
    {
        try (SimulatedNode node = SimulatedNode.start(NodeSettings.quiet());
            SimulatedNode behind = node.startBeside(NodeSettings.quiet().withDelayMs(200));
            FakeClient client = new FakeClient(behind.url()))
        {
            behind.awaitTold();
            node.mine(2);
            behind.awaitTold();
            client.subscribe("[\"newHeads\"]");
            node.mine(1);

            assertTrue(client.next().contains("\"number\":\"0x1406f43\""));
        }
    }

    private static void play(
        final SimulatedNode node, final FakeClient direct, final List<String> expected,
        final BlockingQueue<String> relayed) throws InterruptedException
    {
        node.mine(3);
        compare(3, direct, expected, relayed);
        node.reorg(3);
        compare(4, direct, expected, relayed);
        node.mine(1);
        compare(1, direct, expected, relayed);
    }

    /** Compares the next items; what was said of the time before the first of them does not count. */
    private static void compare(
        final int count, final FakeClient direct, final List<String> expected, final BlockingQueue<String> relayed)
        throws InterruptedException
    {
        for (int i = 0; i < count; i++)
        {
            final String pushed = direct.next();
            final String item = pushed.substring(pushed.indexOf("\"result\":") + 9, pushed.length() - 2);
            String got = next(relayed);
            while (expected.isEmpty() && !got.equals(item))
            {
                got = next(relayed);
            }
            assertEquals(item, got);
            expected.add(item);
        }
    }

    private static String next(final BlockingQueue<String> relayed) throws InterruptedException
    {
        final String next = relayed.poll(TIMEOUT_MS, TimeUnit.MILLISECONDS);
        if (next == null)
        {
            throw new AssertionError("no item");
        }
        return next;
    }

    private static Relay relay(final String url) throws IOException
    {
        return Relay.builder()
            .listen("127.0.0.1", 0)
            .configure(config -> config
                .network(NetworkConfig.builder().upstream(url))
                .warmUpMs(0)
                .timing(config.timing().toBuilder().pollMinMs(5).pollMaxMs(20).build()))
            .start();
    }

    private static String url(final SimulatedNode node, final String kind, final Path socket)
    {
        return switch (kind)
        {
            case "ipc" -> socket.toString();
            case "http" -> "http" + node.url().toString().substring(2);
            default -> node.url().toString();
        };
    }

    private static void await(final Relay relay, final String counter, final long atLeast)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        while (relay.status().counters().get(counter) < atLeast)
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new AssertionError(counter + " stays below " + atLeast);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
