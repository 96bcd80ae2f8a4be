package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** That a relay is a guest in its process: it starts whole or not at all, and leaves nothing behind. */
class LifecycleIT
{
    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#all")
    void shouldGiveEverythingBackGivenClose(final Mode mode) throws Exception
    {
        final long chunkBytes = TestBed.chunkBytes();
        final InetSocketAddress address;
        try (TestBed bed = TestBed.start(mode))
        {
            address = bed.address();
            final RawClient client = bed.client();
            final String id = client.subscribe("[\"newHeads\"]");
            bed.upstream().publish("newHeads", "1");
            assertEquals(FakeUpstream.item(id, "1"), client.readText());
            // One waits behind the barrier, and one is in the middle of its handshake.
            final RawClient waiting = bed.client();
            waiting.stopPonging();
            waiting.subscribe("[\"newHeads\"]");
            bed.upstream().publish("newHeads", "2");
            bed.add(RawClient.open(address)).send("GET / HTTP/1.1\r\n");
            assertEquals(FakeUpstream.item(id, "2"), client.readText());

            bed.relay().close();
            bed.relay().close();
            assertEquals(1012, client.readClose());
        }

        awaitNoThread();
        assertEquals(chunkBytes, TestBed.chunkBytes());
        try (ServerSocket again = new ServerSocket(address.getPort(), 1, address.getAddress()))
        {
            assertEquals(address.getPort(), again.getLocalPort());
        }
    }

    @Test
    void shouldFailAndLeaveNoThreadGivenAUsedPort() throws IOException
    {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")))
        {
            final RelayBuilder builder = Relay.builder()
                .upstream("ws://127.0.0.1:1")
                .listen("127.0.0.1", taken.getLocalPort())
                .configure(config -> config.warmUpMs(0));

            final IOException failure = assertThrows(IOException.class, builder::start);

            assertTrue(failure.getMessage().contains("127.0.0.1:" + taken.getLocalPort()), failure.getMessage());
            assertTrue(failure.getMessage().contains("in use"), failure.getMessage());
            awaitNoThread();
        }
    }

    @Test
    void shouldFailAndLeaveNoThreadGivenAHostThatIsNotHere()
    {
        final RelayBuilder builder = Relay.builder().upstream("ws://127.0.0.1:1").listen("host.invalid", 0)
            .configure(config -> config.warmUpMs(0));

        final IOException failure = assertThrows(IOException.class, builder::start);

        assertTrue(failure.getMessage().contains("host.invalid"), failure.getMessage());
        assertTrue(!failure.getMessage().contains("null"), failure.getMessage());
        awaitNoThread();
    }

    @Test
    void shouldServeBothGivenTwoRelaysInOneProcess() throws IOException
    {
        try (TestBed one = TestBed.start(Mode.USUAL); TestBed two = TestBed.start(Mode.USUAL))
        {
            final RawClient first = one.client();
            final RawClient second = two.client();
            final String firstId = first.subscribe("[\"newHeads\"]");
            final String secondId = second.subscribe("[\"newHeads\"]");

            one.upstream().publish("newHeads", "1");
            two.upstream().publish("newHeads", "2");

            assertEquals(FakeUpstream.item(firstId, "1"), first.readText());
            assertEquals(FakeUpstream.item(secondId, "2"), second.readText());
            one.relay().close();
            two.upstream().publish("newHeads", "3");
            assertEquals(FakeUpstream.item(secondId, "3"), second.readText());
        }
    }

    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#some")
    void shouldServeAsSoonAsItComesGivenAnUpstreamThatIsNotThereAtStart(final Mode mode) throws IOException
    {
        final FakeUpstream absent = FakeUpstream.start();
        final int port = absent.port();
        absent.close();
        try (TestBed bed = TestBed.start(mode, absent, config -> { }))
        {
            bed.awaitCount(RelayCounter.UPSTREAM_CONNECT_FAILURES, 2);
            final RawClient client = bed.client();
            final String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[]}";
            assertTrue(client.call(call).contains("\"code\":-32070"));
            client.sendText("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}");

            try (FakeUpstream present = FakeUpstream.start(port))
            {
                final String grant = client.readText();
                assertTrue(grant.startsWith("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"0x"), grant);
                assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[]}", client.call(call));
                assertEquals(1, present.sessions().size());
            }
        }
    }

    /** A loop's thread reports its end a moment before it is gone. */
    private static void awaitNoThread()
    {
        TestBed.await("the end of the relay's threads", () -> relayThreads().isEmpty());
    }

    private static List<String> relayThreads()
    {
        return Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.startsWith("ringcast"))
            .toList();
    }
}
