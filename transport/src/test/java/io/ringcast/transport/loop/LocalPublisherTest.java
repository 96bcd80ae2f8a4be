package io.ringcast.transport.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.config.RelayConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Publishes of a program to a whole relay. Confined to the test thread, which is the I/O loop and the pipeline. */
class LocalPublisherTest
{
    private static final RelayConfig CONFIG = RelayConfig.builder()
        .ringSlots(64)
        .network(NetworkConfig.builder().upstream("ws://127.0.0.1:1")
            .topics(OwnTopicsConfig.builder().publish(List.of("chat")).build()))
        .build();

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final NetworkRelay network = BareNetwork.of(CONFIG, channel.eventLoop());

    @BeforeEach
    void start()
    {
        network.pipeline().start();
    }

    @AfterEach
    void close()
    {
        channel.close();
        network.closePipeline();
    }

    @Test
    void shouldPublishWhateverIsNotRefusedAtOnce() throws Exception
    {
        long published = 0;
        for (int depth = 120; depth < 132; depth++)
        {
            for (final String payload : List.of(
                "[".repeat(depth) + "]".repeat(depth), "{\"a\":".repeat(depth) + "1" + "}".repeat(depth)))
            {
                final boolean isAllowed = isAllowed(payload);
                assertEquals(depth <= 126, isAllowed, payload);
                if (isAllowed)
                {
                    assertEquals(++published, publish(payload).get());
                }
            }
        }
        assertEquals(14, published);
    }

    @Test
    void shouldRefuseWhatWouldBeMoreThanAParam()
    {
        for (final String payload : List.of("", " ", "1,2", "1],\"x\":[2", "1]}", "{\"a\":1,}", "\"\u0001\""))
        {
            assertThrows(IllegalArgumentException.class, () -> LocalPublisher.checkPayload("chat", payload), payload);
        }
    }

    @Test
    void shouldGoOnWithTheNextPublishGivenAnAnswerThatIsToNone() throws Exception
    {
        assertEquals(1, publish("1").get());
        final CompletableFuture<Long> unanswered = new CompletableFuture<>();
        final LocalPublisher publisher = network.publisher();
        publisher.publish("chat", "2", unanswered);
        final ByteBuf answer = Unpooled.copiedBuffer("\u0081\u0027{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{}}",
            StandardCharsets.ISO_8859_1);
        assertThrows(RuntimeException.class, () -> publisher.append(answer, 0, answer.readableBytes(), 0, 0));

        // what the loop does then
        publisher.fail();

        final ExecutionException lost = assertThrows(ExecutionException.class, unanswered::get);
        assertTrue(lost.getMessage().contains("not known"), lost.getMessage());
        channel.runPendingTasks();
        assertEquals(3, publish("3").get());
    }

    @Test
    void shouldFailAllPublishesOnceTheRelayIsClosedGivenThatOneHasFailedBefore()
    {
        network.publisher().fail();
        network.publisher().end();
        final LocalPublisher ended = network.publisher();
        ended.fail();

        assertSame(ended, network.publisher());
        assertTrue(publish("1").isCompletedExceptionally());
    }

    private CompletableFuture<Long> publish(final String payload)
    {
        final CompletableFuture<Long> result = new CompletableFuture<>();
        network.publisher().publish("chat", payload, result);
        channel.runPendingTasks();
        return result;
    }

    private static boolean isAllowed(final String payload)
    {
        try
        {
            LocalPublisher.checkPayload("chat", payload);
            return true;
        }
        catch (final IllegalArgumentException e)
        {
            return false;
        }
    }
}
