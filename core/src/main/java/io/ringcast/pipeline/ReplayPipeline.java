package io.ringcast.pipeline;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.journal.OutputCheck;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.ClientRights;
import io.ringcast.session.EgressAction;

import java.io.IOException;
import java.io.InputStream;

/**
 * Feeds a recorded run through the same ring and stages, without sockets and without a clock.
 * Confined to the thread that replays; that thread runs the stages.
 *
 * <p>What the stages make of a slot depends on the slots before it, the settings, the seed and what they read off the
 * clock alone, and all of these are recorded: so the same bytes come out, with equal sequences.
 */
public final class ReplayPipeline implements AutoCloseable
{
    /** Takes what goes out. Confined to the thread that replays. */
    public interface OutputListener
    {
        /**
         * A slot has been through the stages.
         *
         * @param slot         what was recorded.
         * @param actions      what the I/O loops would do now; borrowed for this call.
         * @param isAsRecorded whether it is, to the byte, what the relay did when the slot was recorded.
         */
        void onOutput(SlotRecord slot, ActionList<EgressAction> actions, boolean isAsRecorded);
    }

    private final OutputListener listener;
    private final RelayPipeline pipeline;
    private final RingPublisher publisher;
    private final int loops;
    private final OutputCheck check = new OutputCheck();

    /**
     * Creates the pipeline that the run had.
     *
     * @param start    with what the run began.
     * @param listener takes what goes out.
     */
    public ReplayPipeline(final RunStart start, final OutputListener listener)
    {
        this.listener = listener;
        final RelayConfig config = start.config();
        final NetworkConfig network = config.networks().get(0);
        loops = start.loops();
        final CounterSet[] loopCounters = new CounterSet[loops];
        for (int i = 0; i < loops; i++)
        {
            loopCounters[i] = new CounterSet();
        }
        pipeline = new PipelineParts(
            config, network, ThreadingMode.INVOKER, loopCounters, UnpooledByteBufAllocator.DEFAULT,
            error ->
            {
                throw error;
            },
            start.seedBytes()).neverStarted().build();
        publisher = pipeline.publisher(0);
    }

    /**
     * Does what the relay did with one slot.
     *
     * @param slot what was recorded; slots come in the order of their sequences, from 0.
     */
    public void onSlot(final SlotRecord slot)
    {
        final EventKind kind = EventCodes.kindOf(slot.kindCode);
        final ReceivedFrame frame = EventCodes.hasText(kind) ? frame(slot) : null;
        if (!publisher.tryPublish(
            kind, slot.connectionId, slot.laneIndex, ClientRights.ALL, slot.connectionOptions, frame, slot.nowNs))
        {
            throw new IllegalStateException("no room in an empty ring");
        }
        pipeline.event(slot.sequence).verdicts.replay(slot.verdicts);
        pipeline.event(slot.sequence).readings.replay(slot.readings);
        pipeline.runStages();
        final ActionList<EgressAction> actions = pipeline.event(slot.sequence).egress;
        listener.onOutput(slot, actions, check.of(actions) == slot.outputCheck);
        for (int i = 0; i < loops; i++)
        {
            pipeline.poller(i).poll();
        }
    }

    /**
     * Begins with the state that the relay had somewhere in the run, in place of its beginning; before any slot.
     *
     * @param image what a {@link PipelineRestore} has written.
     * @throws IOException                                 if it can't be read.
     * @throws io.ringcast.journal.JournalFormatException if it is damaged, or of another version of the relay.
     */
    public void readImage(final InputStream image) throws IOException
    {
        pipeline.restore().readImage(image);
    }

    @Override
    public void close()
    {
        pipeline.close();
    }

    private ReceivedFrame frame(final SlotRecord slot)
    {
        final ReceivedFrame frame = publisher.takeFrame();
        frame.ensureWritable(slot.textBytes);
        System.arraycopy(slot.text, 0, frame.bytes, 0, slot.textBytes);
        frame.length = slot.textBytes;
        frame.beganAtNs = slot.nowNs - slot.comingNs;
        publisher.decode(frame);
        return frame;
    }
}
