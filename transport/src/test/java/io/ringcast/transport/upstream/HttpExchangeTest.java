package io.ringcast.transport.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.BareNetwork;
import io.ringcast.transport.loop.NetworkRelay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One connection to an upstream without a socket. Confined to the test thread, which is the I/O loop. */
class HttpExchangeTest
{
    private static final RelayConfig CONFIG = RelayConfig.builder()
        .ringSlots(64)
        .network(NetworkConfig.builder().upstream("http://127.0.0.1:1"))
        .build();
    private static final byte[] CALL = "{\"id\":7}".getBytes(StandardCharsets.US_ASCII);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final NetworkRelay network = BareNetwork.of(CONFIG, channel.eventLoop());
    private final List<String> told = new ArrayList<>();
    private final UpstreamClient client = network.upstreams().get(0);
    private final HttpPool pool = new HttpPool(client, null, () -> false, new HttpPool.Listener()
    {
        @Override
        public void onLost(final String reason)
        {
            told.add(reason);
        }

        @Override
        public void onCongested(final boolean isCongested)
        {
            told.add("congested");
        }
    });

    @AfterEach
    void close()
    {
        channel.finishAndReleaseAll();
        network.closePipeline();
    }

    @Test
    void shouldTellWhoTakesAnAnswerThatThereIsNoneGivenThatItThrows()
    {
        final HttpExchange exchange = new HttpExchange(pool, client, Map.of());
        channel.pipeline().addLast(exchange);
        exchange.send(new HttpCall(
            CALL, 6, 1, System.nanoTime() + TimeUnit.MINUTES.toNanos(1), new ThrowingTaker()));

        channel.writeInbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
            Unpooled.copiedBuffer("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}", StandardCharsets.US_ASCII)));

        assertEquals(List.of("answer", "-32603 internal error"), told);
        assertTrue(exchange.isIdle(), "the connection carries the next call");
        assertEquals(1, CounterSet.sum(network.counters(), RelayCounter.EGRESS_FAILURES));
    }

    private final class ThrowingTaker implements HttpCall.Taker
    {
        @Override
        public void onAnswer(final ReceivedFrame answer, final int status)
        {
            told.add("answer");
            throw new IllegalStateException("a bug");
        }

        @Override
        public void onFailure(final int code, final String message)
        {
            told.add(code + " " + message);
        }
    }
}
