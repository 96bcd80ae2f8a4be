package io.ringcast.tools.replay;

import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;
import io.ringcast.pipeline.ReplayPipeline;
import io.ringcast.session.ActionList;
import io.ringcast.session.EgressAction;
import io.ringcast.transport.journal.JournalReader;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * One run that is replayed: its records go through the stages, and what comes out is compared with what the relay
 * sent then.
 * Confined to the main thread.
 */
final class Replay implements JournalReader.Beginning, RecordReader.Listener, AutoCloseable
{
    private final ReplaySpeed speed;
    private final OutputLines lines;
    private ReplayPipeline pipeline;
    private RunStart start;
    private boolean isBefore;
    private long slots;
    private long differences;
    private long firstDifference = -1;
    private boolean hasEnd;

    Replay(final ReplaySpeed speed, final Consumer<String> out)
    {
        this.speed = speed;
        lines = new OutputLines(out);
    }

    /** The first of the runs that this one continues, or itself, has the seed and the settings of all. */
    @Override
    public void begin(final RunStart first, final InputStream image) throws IOException
    {
        close();
        pipeline = new ReplayPipeline(first, this::onOutput);
        if (image != null)
        {
            pipeline.readImage(image);
        }
    }

    /** A slot of a run before: what goes out then is not this run's. */
    void onBefore(final SlotRecord slot)
    {
        isBefore = true;
        pipeline.onSlot(slot);
        isBefore = false;
    }

    @Override
    public void onRun(final RunStart runStart)
    {
        start = runStart;
    }

    @Override
    public void onSlot(final SlotRecord slot)
    {
        speed.await(slot.nowNs);
        slots++;
        pipeline.onSlot(slot);
    }

    @Override
    public void onEnd(final long count)
    {
        hasEnd = true;
    }

    @Override
    public void close()
    {
        if (pipeline != null)
        {
            pipeline.close();
        }
    }

    /** Null if there was not even a beginning. */
    RunStart start()
    {
        return start;
    }

    long slots()
    {
        return slots;
    }

    OutputLines lines()
    {
        return lines;
    }

    /** How many slots went out otherwise than when they were recorded. */
    long differences()
    {
        return differences;
    }

    /** The first of them, or -1. */
    long firstDifference()
    {
        return firstDifference;
    }

    /** Whether the run was ended in order; if not, the process was killed. */
    boolean hasEnd()
    {
        return hasEnd;
    }

    private void onOutput(
        final SlotRecord slot, final ActionList<EgressAction> actions, final boolean isAsRecorded)
    {
        if (isBefore)
        {
            return;
        }
        if (!isAsRecorded)
        {
            differences++;
            firstDifference = firstDifference < 0 ? slot.sequence : firstDifference;
        }
        lines.add(slot.sequence, actions);
    }
}
