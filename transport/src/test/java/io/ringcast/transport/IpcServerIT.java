package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The Unix domain socket: its file, its clients, and those who mean no good. */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#some")
class IpcServerIT
{
    private static final String SUBSCRIBE =
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";

    @Parameter
    private Mode mode;
    @TempDir
    private Path directory;
    private Path path;
    private TestBed bed;

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
    }

    @Test
    void shouldBeOpenToItsOwnerAlone() throws IOException
    {
        start();

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals(List.of("relay.ipc", "relay.ipc.lock"), files());
    }

    @Test
    void shouldAnswerTextsHoweverTheyAreCut() throws IOException
    {
        start();
        try (IpcTalk talk = new IpcTalk(path))
        {
            assertEquals(answer("1"), talk.call(call("1")));
            talk.send(call("2") + call("3") + "\n\r\n \t" + call("4") + "\n");
            assertEquals(List.of(answer("2"), answer("3"), answer("4")),
                List.of(talk.read(), talk.read(), talk.read()));
            for (final char one : call("\"}{\\\"[\"").toCharArray())
            {
                talk.send(String.valueOf(one));
            }
            assertEquals(answer("\"}{\\\"[\""), talk.read());
            assertEquals("[" + answer("5") + "," + answer("6") + "]",
                talk.call("[" + call("5") + "," + call("6") + "]"));
        }
        bed.awaitCount(RelayCounter.CONNECTIONS_CLOSED, 1);
        bed.assertCount(RelayCounter.IPC_CONNECTIONS, 1);
    }

    @Test
    void shouldSubscribeAsOnAWebSocket() throws IOException
    {
        start();
        final RawClient other = bed.client();
        final String id = other.subscribe("[\"newHeads\"]");
        final IpcTalk second = new IpcTalk(path);
        try (IpcTalk talk = new IpcTalk(path))
        {
            for (final IpcTalk each : List.of(talk, second))
            {
                assertEquals("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"" + id + "\"}", each.call(SUBSCRIBE));
            }
            for (int i = 0; i < 300; i++)
            {
                bed.upstream().publish("newHeads", head(i));
            }
            for (int i = 0; i < 300; i++)
            {
                final String item = FakeUpstream.item(id, head(i));
                assertEquals(item, other.readText());
                assertEquals(item, talk.read());
                assertEquals(item, second.read());
            }
            bed.awaitCount(RelayCounter.DELIVERIES, 900);
            assertEquals("{\"jsonrpc\":\"2.0\",\"id\":8,\"result\":true}", talk.call(
                "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"eth_unsubscribe\",\"params\":[\"" + id + "\"]}"));
            second.close();
            bed.awaitCount(RelayCounter.SUBSCRIPTIONS_DROPPED, 1);
            bed.upstream().publish("newHeads", head(301));
            assertEquals(FakeUpstream.item(id, head(301)), other.readText());
            assertEquals(answer("9"), talk.call(call("9")), "nothing of the ended subscription before it");
        }
    }

    @Test
    void shouldSayWhyAndHangUpWhenTextsCantBeTold() throws IOException
    {
        start();
        try (IpcTalk talk = new IpcTalk(path))
        {
            assertTrue(talk.call("{\"a\":}").contains("-32700"), "a broken text with an end");
            assertEquals(answer("1"), talk.call(call("1")));
            assertTrue(talk.call("GET / HTTP/1.1\r\n").contains("-32700"));
            assertTrue(talk.isEnded());
        }
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        bed.assertCount(RelayCounter.CLOSED_VIOLATION, 1);
    }

    @Test
    void shouldHangUpOverTheLengthOfAText() throws IOException
    {
        start(limits -> limits.messageBytes(2_048));
        try (IpcTalk talk = new IpcTalk(path))
        {
            assertTrue(talk.call("[\"" + "x".repeat(3_000)).contains("-32600"));
            assertTrue(talk.isEnded());
        }
        TestBed.await("the budget", () -> bed.relay().server().unfinishedBytes() == 0);
    }

    @Test
    void shouldHangUpOverTheBudgetOfUnfinishedTexts() throws IOException
    {
        start(limits -> limits.unfinishedBytes(256 * 1024));
        final List<IpcTalk> greedy = new ArrayList<>();
        for (int i = 0; i < 40; i++)
        {
            final IpcTalk talk = new IpcTalk(path);
            greedy.add(talk);
            talk.send("[\"" + "x".repeat(20_000));
        }
        bed.awaitCount(RelayCounter.CLOSED_OVERLOAD, 1);

        assertTrue(greedy.get(greedy.size() - 1).isEnded());
        greedy.forEach(IpcTalk::close);
        TestBed.await("the budget", () -> bed.relay().server().unfinishedBytes() == 0);
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
    }

    @Test
    void shouldCutWhoDoesNotRead() throws IOException
    {
        start(limits -> limits.writeBufferBytes(64 * 1024));
        final String id;
        try (IpcTalk slow = new IpcTalk(path); IpcTalk good = new IpcTalk(path))
        {
            slow.call(SUBSCRIBE);
            id = good.call(SUBSCRIBE).replaceAll(".*(0x[0-9a-f]+).*", "$1");
            final String large = "\"" + "x".repeat(50_000) + "\"";
            for (int i = 0; bed.count(RelayCounter.CLOSED_SLOW) == 0; i++)
            {
                assertTrue(i < 1_000, "it is never cut");
                bed.upstream().publish("newHeads", large);
                assertEquals(FakeUpstream.item(id, large), good.read());
            }
            assertEquals(answer("1"), good.call(call("1")));
        }
        TestBed.await("the budget", () -> bed.relay().server().unsentBytes() == 0);
    }

    @Test
    void shouldLeaveNothingBesideAFileOfSomebodyElses() throws IOException
    {
        path = Files.writeString(directory.resolve("passwd"), "root");
        final String refusal = assertThrows(IOException.class, this::start).getMessage();

        assertTrue(refusal.contains("something lies there that is no socket"), refusal);
        assertEquals(List.of("passwd"), files());
    }

    @Test
    void shouldSayThatADirectoryIsMissing()
    {
        path = directory.resolve("none").resolve("relay.ipc");
        final String refusal = assertThrows(IOException.class, this::start).getMessage();

        assertEquals(
            "ipc=" + path + ": its directory does not exist; allowed: a path in one that does", refusal);
    }

    @Test
    void shouldHangUpWhenTheRelayStopsAndTakeItsSocketAway() throws IOException
    {
        start();
        try (IpcTalk talk = new IpcTalk(path))
        {
            assertEquals(answer("1"), talk.call(call("1")));
            bed.relay().close();
            assertTrue(talk.isEnded());
        }
        assertEquals(List.of("relay.ipc.lock"), files());
    }

    @Test
    void shouldNotStealALiveSocket() throws IOException
    {
        start();

        final IOException failure = assertThrows(IOException.class, () -> other(path));

        assertEquals("ipc=" + path + ": another relay has it", failure.getMessage());
        try (IpcTalk talk = new IpcTalk(path))
        {
            assertEquals(answer("1"), talk.call(call("1")));
        }
    }

    @Test
    void shouldNotStealTheSocketOfANode() throws IOException
    {
        start();
        final Path taken = directory.resolve("geth.ipc");
        try (ServerSocketChannel node = ServerSocketChannel.open(StandardProtocolFamily.UNIX))
        {
            node.bind(UnixDomainSocketAddress.of(taken));

            assertEquals("ipc=" + taken + ": another server listens there",
                assertThrows(IOException.class, () -> other(taken)).getMessage());
        }
    }

    @Test
    void shouldTakeThePlaceOfADeadServerButOfNoFile() throws IOException
    {
        start();
        final Path stale = directory.resolve("stale.ipc");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(stale)).close();
        assertTrue(Files.exists(stale));
        final Path file = Files.writeString(directory.resolve("precious"), "data");

        try (Relay relay = other(stale); IpcTalk talk = new IpcTalk(stale))
        {
            assertTrue(relay.awaitUpstreams(TestBed.TIMEOUT_MS));
            assertEquals(answer("1"), talk.call(call("1")));
        }
        catch (final InterruptedException e)
        {
            throw new AssertionError(e);
        }

        assertThrows(IOException.class, () -> other(file));
        assertEquals("data", Files.readString(file));
        assertFalse(Files.exists(stale));
    }

    private Relay other(final Path socket) throws IOException
    {
        return Relay.start(RelayConfig.builder()
            .network(NetworkConfig.builder().upstream(bed.upstream().url()).ipc(socket))
            .listen("127.0.0.1", 0)
            .transport(mode.transport())
            .warmUpMs(0)
            .build());
    }

    private void start() throws IOException
    {
        start(limits -> limits);
    }

    private void start(final UnaryOperator<LimitsConfig.Builder> change) throws IOException
    {
        path = path == null ? directory.resolve("relay.ipc") : path;
        bed = TestBed.start(mode, config ->
        {
            config.limits(change.apply(config.limits().toBuilder()).build());
            config.timing(config.timing().toBuilder().activationFallbackMs(1).build());
            config.networks().get(0).ipc(path);
        });
    }

    private List<String> files() throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String head(final int number)
    {
        return "{\"number\":\"0x" + Integer.toHexString(number) + "\"}";
    }

    private static String call(final String id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"echo\",\"params\":[1]}";
    }

    private static String answer(final String id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":[1]}";
    }
}
