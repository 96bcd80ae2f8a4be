package io.ringcast.transport.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.EventKind;
import io.ringcast.transport.loop.BareNetwork;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;
import io.ringcast.transport.poll.PollTaker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls over an upstream's socket while the ring is full.
 * Confined to the test thread, which is the I/O loop and the pipeline.
 */
class SocketPollsTest
{
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final NetworkRelay network = BareNetwork.of(
        BareNetwork.CONFIG,
        error ->
        {
            throw error;
        },
        channel.eventLoop());
    private final NetworkLoop loop = network.loops()[0];
    private final List<String> written = new ArrayList<>();
    private final SocketPolls polls = new SocketPolls(
        network.upstreams().get(0), text -> written.add(new String(text, StandardCharsets.US_ASCII)));

    @BeforeEach
    void start()
    {
        network.pipeline().start();
        channel.freezeTime();
    }

    @AfterEach
    void close()
    {
        polls.close();
        channel.close();
        network.closePipeline();
    }

    @Test
    void shouldSendNothingWhileWhatItSaysWaitsForTheRing()
    {
        fillRing();
        refuseHeads();

        polls.call("eth_blockNumber", "[]", new SilentTaker());
        assertEquals(List.of(), written, "there is no room for the answer");

        channel.runPendingTasks();
        assertEquals(List.of(
            "{\"jsonrpc\":\"2.0\",\"id\":\"ringcast-poll-1\",\"method\":\"eth_blockNumber\",\"params\":[]}"), written);
        polls.call("eth_chainId", "[]", new SilentTaker());
        assertEquals(2, written.size());
    }

    @Test
    void shouldSendNothingGivenThatItsConnectionEndedWhileItWaited()
    {
        fillRing();
        refuseHeads();
        polls.call("eth_blockNumber", "[]", new SilentTaker());

        polls.close();
        channel.runPendingTasks();

        assertEquals(List.of(), written);
    }

    @Test
    void shouldCountAnAnswerThatNobodyWaitsFor()
    {
        polls.call("eth_blockNumber", "[]", new SilentTaker());

        assertTrue(polls.tryTakeAnswer(text("{\"jsonrpc\":\"2.0\",\"id\":\"ringcast-poll-7\",\"result\":\"0x1\"}")));

        assertEquals(1, loop.counters().get(RelayCounter.UPSTREAM_UNKNOWN_IDS));
    }

    @Test
    void shouldTakeARefusalGivenThatManySubscribesBeforeWereNeverAnswered()
    {
        for (int id = 3; id < 3 + 2 * SocketPolls.MAX_NOTED; id += 2)
        {
            subscribeHeads(id);
        }

        refuseHeads();
    }

    private void fillRing()
    {
        while (loop.publisher().tryPublish(EventKind.TICK, 0, 0, System.nanoTime()))
        {
            // Until it is full.
        }
    }

    /** The relay is told in the node's place that its subscription was granted, once the ring takes that. */
    private void refuseHeads()
    {
        subscribeHeads(1);
        assertTrue(polls.tryTakeAnswer(text(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no such method\"}}")));
    }

    private void subscribeHeads(final int id)
    {
        final ByteBuf call = Unpooled.copiedBuffer(
            "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}",
            StandardCharsets.US_ASCII);
        assertEquals(false, polls.tryTakeCall(call, 0, call.readableBytes()));
    }

    private ReceivedFrame text(final String text)
    {
        final ReceivedFrame frame = loop.publisher().takeFrame();
        frame.ensureWritable(text.length());
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, frame.bytes, 0, text.length());
        frame.length = text.length();
        loop.publisher().decode(frame);
        return frame;
    }

    /** Not told: nothing answers. */
    private static final class SilentTaker implements PollTaker
    {
        @Override
        public void onResult(final byte[] bytes, final int offset, final int length)
        {
            throw new AssertionError("nothing was answered");
        }

        @Override
        public void onFailure(final int code, final String message)
        {
            throw new AssertionError(message);
        }
    }
}
