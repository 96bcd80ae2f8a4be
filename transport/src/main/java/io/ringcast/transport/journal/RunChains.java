package io.ringcast.transport.journal;

import io.ringcast.journal.JournalFormatException;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds how the state of a run can be had: from nothing through all runs that it came from, or from a checkpoint on.
 * Confined to the thread that reads.
 */
final class RunChains
{
    private final RunStarts starts;
    private final List<StoredRecording> recordings;
    private final List<StoredCheckpoint> checkpoints;

    /**
     * Creates it.
     *
     * @param starts      with what runs begin.
     * @param recordings  all that there are.
     * @param checkpoints those that count, oldest first.
     */
    RunChains(
        final RunStarts starts, final List<StoredRecording> recordings, final List<StoredCheckpoint> checkpoints)
    {
        this.starts = starts;
        this.recordings = recordings;
        this.checkpoints = checkpoints;
    }

    /**
     * Finds all ways.
     *
     * @param recordingId the run.
     * @return the chains that end with it, the longest first: that from nothing, then those from checkpoints.
     * @throws JournalFormatException if there is none; says why not from nothing.
     */
    List<RunChain> to(final long recordingId)
    {
        final List<RunChain> chains = new ArrayList<>();
        JournalFormatException fault = null;
        try
        {
            chains.add(RunChain.find(starts, recordings, null, recordingId));
        }
        catch (final JournalFormatException e)
        {
            fault = e;
        }
        for (final StoredCheckpoint checkpoint : checkpoints)
        {
            try
            {
                chains.add(RunChain.find(starts, recordings, checkpoint, recordingId));
            }
            catch (final JournalFormatException e)
            {
                // Of another network, of an earlier beginning, or what follows it is gone.
            }
        }
        if (chains.isEmpty())
        {
            throw fault;
        }
        return chains;
    }
}
