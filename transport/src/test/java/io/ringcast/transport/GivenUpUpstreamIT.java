package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringcast.config.UpstreamConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.poll.FakeChain;
import io.ringcast.transport.upstream.UpstreamClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;

/** An upstream that the relay gives up, because it is stale or stuck, is connected anew; others serve meanwhile. */
class GivenUpUpstreamIT
{
    private static final int PING_BYTES = 125;

    private TestBed bed;

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
    }

    @ParameterizedTest
    @EnumSource(value = FakeUpstream.Door.class, names = {"WS", "WSS", "IPC", "HTTP"})
    void shouldConnectAnewGivenAReset(final FakeUpstream.Door door) throws Exception
    {
        final FakeUpstream upstream = FakeUpstream.start(door);
        upstream.serve(new FakeChain(3, 1));
        bed = TestBed.start(Mode.USUAL, upstream, config -> { });
        bed.awaitUpstream();
        final UpstreamClient client = bed.relay().networks().get(0).upstreams().get(0);

        client.loop().eventLoop().submit(() -> client.link().outlet().fail()).get();

        bed.awaitCount(RelayCounter.UPSTREAM_CONNECTS, 2);
        bed.assertCount(RelayCounter.UPSTREAM_DISCONNECTS, 1);
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[]}",
            bed.client().call("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[]}"));
    }

    @Test
    void shouldCutAnUpstreamOffGivenTooMuchThatItDoesNotTake() throws IOException
    {
        try (FakeUpstream second = FakeUpstream.start())
        {
            bed = TestBed.start(Mode.USUAL, FakeUpstream.start(), config ->
            {
                config.networks().get(0).upstream(UpstreamConfig.of("second", second.url()));
                config.limits(config.limits().toBuilder()
                    .upstreamUnsentBytes(65_536).unfinishedBytes(1 << 20)
                    .outstandingCallsPerConnection(100_000).build());
            });
            bed.awaitCount(RelayCounter.UPSTREAM_CONNECTS, 2);
            bed.upstream().session().stopReading();
            second.session().stopReading();
            final RawClient client = bed.client();
            final String params = "[\"" + "x".repeat(50_000) + "\"]";
            int sent = 0;
            while (bed.count(RelayCounter.UPSTREAM_OVERFLOWS) == 0)
            {
                client.sendText("{\"jsonrpc\":\"2.0\",\"id\":" + sent++ + ",\"method\":\"big\",\"params\":" +
                    params + "}");
                assertTrue(sent < 2_000, "nothing is cut off");
            }

            bed.awaitCount(RelayCounter.UPSTREAM_CONNECTS, 3);
            assertEquals(0, bed.count(RelayCounter.CONNECTIONS_CLOSED));
        }
    }

    @Test
    void shouldCutAnUpstreamOffGivenPingsWhosePongsItDoesNotTake() throws IOException
    {
        bed = TestBed.start(Mode.USUAL, config -> config.limits(config.limits().toBuilder()
            .upstreamUnsentBytes(65_536).unfinishedBytes(1 << 20).build()));
        bed.awaitUpstream();
        final FakeSession session = bed.upstream().session();
        session.stopReading();
        final ByteBuf pings = Unpooled.buffer();
        for (int i = 0; i < 1_000; i++)
        {
            pings.writeByte(0x89).writeByte(PING_BYTES).writeZero(PING_BYTES);
        }

        for (int i = 0; i < 200; i++)
        {
            session.sendRaw(pings.retainedDuplicate());
        }

        bed.awaitCount(RelayCounter.UPSTREAM_OVERFLOWS, 1);
        bed.awaitCount(RelayCounter.UPSTREAM_CONNECTS, 2);
        pings.release();
    }

    /** Texts that were in the ring when clients were told to wait are not the upstream's fault. */
    @Test
    void shouldKeepAnUpstreamGivenALargeCallThatItTakesLater() throws IOException
    {
        bed = TestBed.start(Mode.USUAL, config ->
            config.limits(config.limits().toBuilder().upstreamUnsentBytes(65_536).build()));
        bed.upstream().on("big", call -> call.answer("1"));
        bed.upstream().session().stopReading();
        final RawClient client = bed.client();
        final String params = "[\"" + "x".repeat(24_000_000) + "\"]";

        client.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"big\",\"params\":" + params + "}");
        bed.awaitCount(RelayCounter.CALLS_FORWARDED, 1);
        bed.upstream().session().resumeReading();

        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}", client.readText());
        bed.assertCount(RelayCounter.UPSTREAM_OVERFLOWS, 0);
        bed.assertCount(RelayCounter.UPSTREAM_DISCONNECTS, 0);
    }
}
