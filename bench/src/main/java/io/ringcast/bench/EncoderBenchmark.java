package io.ringcast.bench;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.ringcast.bench.fixture.SampleTexts;
import io.ringcast.encode.Encoder;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.FailedForwards;
import io.ringcast.session.EgressAction;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.SlotReadings;
import io.ringcast.session.Topic;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Step 6: one frame for all subscribers of an item, and one for the caller of a call.
 * Confined to the thread that measures, which stands for all loops: they have passed every slot but the last.
 */
public class EncoderBenchmark extends RelayBenchmark
{
    private static final int BATCH_RESPONSE_BYTES = 1024 * 1024;

    private final ActionList<EgressAction> out = new ActionList<>(EgressAction::new);
    private final MatchedAction publish = new MatchedAction();
    private final MatchedAction reply = new MatchedAction();
    private final SlotReadings readings = new SlotReadings();
    private Encoder encoder;
    private long sequence;

    /** Fills the two actions. */
    @Setup
    public void setUp()
    {
        encoder = new Encoder(
            "", SampleTexts.STAMPING, BATCH_RESPONSE_BYTES, new int[1], UnpooledByteBufAllocator.DEFAULT,
            () -> sequence - 1,
            new FailedForwards(), new CounterSet());
        publish.kind = MatchedAction.Kind.PUBLISH;
        publish.topic = new Topic(0, "0x9ce59a13059e417087c02d3236a0b1cc", "eth_subscription");
        publish.loopMask = 1;
        publish.bytes = SampleTexts.ascii(SampleTexts.head());
        publish.length = publish.bytes.length;

        reply.kind = MatchedAction.Kind.REPLY_RESULT;
        reply.to.set(ConnectionId.of(1, 0), ReplyAddress.NO_BATCH, 0);
        reply.bytes = SampleTexts.ascii("\"0x9ce59a13059e417087c02d3236a0b1cc\"");
        reply.length = reply.bytes.length;
        reply.to.setId(SampleTexts.ascii("4711"), 0, 4);
    }

    /** Gives the chunks back. */
    @TearDown
    public void tearDown()
    {
        encoder.close();
    }

    /**
     * A head for a topic.
     *
     * @return what the loops are to write.
     */
    @Benchmark
    public EgressAction publishHead()
    {
        return encode(publish);
    }

    /**
     * An answer of some 75 bytes.
     *
     * @return what the loop is to write.
     */
    @Benchmark
    public EgressAction reply()
    {
        return encode(reply);
    }

    private EgressAction encode(final MatchedAction action)
    {
        out.clear();
        readings.clear();
        encoder.begin(++sequence, readings);
        encoder.onAction(action, out);
        encoder.releasePassed();
        return out.get(0);
    }
}
