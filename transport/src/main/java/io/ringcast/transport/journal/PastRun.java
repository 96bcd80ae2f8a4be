package io.ringcast.transport.journal;

import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;
import io.ringcast.pipeline.PipelineRestore;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The last run of a network, which the run that begins may go on with.
 * Confined to the journal's thread, except what is immutable.
 */
public final class PastRun
{
    /** Clocks of one boot drift and are set; a clock of another boot is off by more. */
    private static final long SAME_CLOCK_NS = TimeUnit.MINUTES.toNanos(1);

    private final RunChain chain;
    private final long syncedPosition;
    private final long shiftNs;

    /**
     * Creates it.
     *
     * @param chain          it and those before it.
     * @param syncedPosition up to where the disk had it for certain.
     * @param nowMs          the time in milliseconds since 1970.
     * @param nowNs          the time on the clock of the slots' times.
     */
    PastRun(final RunChain chain, final long syncedPosition, final long nowMs, final long nowNs)
    {
        this.chain = chain;
        this.syncedPosition = syncedPosition;
        final RunStart last = chain.last();
        final long expectedNs = last.startedAtNs() + TimeUnit.MILLISECONDS.toNanos(nowMs - last.startedAtMs());
        shiftNs = Math.abs(nowNs - expectedNs) < SAME_CLOCK_NS ? 0 : nowNs - expectedNs;
    }

    /**
     * Gives what all that is random comes from, which the run that begins has to take over.
     *
     * @return the seed's bytes.
     */
    public byte[] seed()
    {
        return chain.first().seedBytes();
    }

    /**
     * Names the run.
     *
     * @return its number in the journal.
     */
    public long number()
    {
        return chain.lastRecording().recordingId();
    }

    /** It and those that it continues. */
    List<Long> recordingIds()
    {
        return chain.recordingIds();
    }

    /**
     * Tells how far its clock is off.
     *
     * @return what is to be added to its times, in nanoseconds.
     */
    public long shiftNs()
    {
        return shiftNs;
    }

    /**
     * Lets a pipeline do all that was done.
     *
     * @throws DamagedRunException if some of what the disk had for certain is gone: numbers that were given would be
     *                             given again.
     */
    void restore(final EmbeddedArchive archive, final PipelineRestore restore)
    {
        final long endPosition = chain.read(archive, slot -> onSlot(slot, restore), new RecordReader.Listener()
        {
            @Override
            public void onRun(final RunStart start)
            {
                // Known.
            }

            @Override
            public void onSlot(final SlotRecord slot)
            {
                PastRun.this.onSlot(slot, restore);
            }

            @Override
            public void onEnd(final long slots)
            {
                // Whether it was ended or killed makes no difference.
            }
        });
        DamagedRunException.throwIf(number(), endPosition, syncedPosition);
    }

    private void onSlot(final SlotRecord slot, final PipelineRestore restore)
    {
        slot.nowNs += shiftNs;
        restore.onSlot(slot);
    }
}
