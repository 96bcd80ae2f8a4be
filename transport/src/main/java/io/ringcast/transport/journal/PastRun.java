package io.ringcast.transport.journal;

import io.ringcast.journal.JournalFormatException;
import io.ringcast.pipeline.PipelineRestore;

import java.io.IOException;

/**
 * The last run of a network, which the run that begins may go on with.
 * Confined to the journal's thread, except what is immutable.
 */
public final class PastRun
{
    private final RunChain chain;
    private final long syncedPosition;

    /**
     * Creates it.
     *
     * @param chain          how its state can be had.
     * @param syncedPosition up to where the disk had it for certain.
     */
    PastRun(final RunChain chain, final long syncedPosition)
    {
        this.chain = chain;
        this.syncedPosition = syncedPosition;
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

    /** How its state can be had. */
    RunChain chain()
    {
        return chain;
    }

    /**
     * Lets a pipeline do all that was done, or all behind a checkpoint.
     *
     * @throws JournalFormatException if it can't: of a checkpoint, try another way. If it is a
     *                                {@link DamagedRunException}, some of what the disk had for certain is gone:
     *                                numbers that were given would be given again.
     * @throws IOException            if the disk does not give the checkpoint.
     */
    void restore(final RecordedFrames frames, final PipelineRestore restore) throws IOException
    {
        final RunChain.End end = chain.replay(frames, restore::readImage, restore::onSlot);
        DamagedRunException.throwIf(number(), end.endPosition(), syncedPosition);
    }
}
