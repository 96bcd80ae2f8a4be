package io.ringcast.transport.journal;

import io.ringcast.journal.JournalFormatException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Finds what an earlier process has left to go on with.
 * Confined to the journal's thread.
 */
final class PastRuns
{
    private static final Logger LOGGER = LoggerFactory.getLogger(PastRuns.class);

    private final EmbeddedArchive archive;
    private final JournalDirectory directory;
    private final RunStarts starts;
    /** Oldest first. */
    private final List<StoredRecording> recordings;
    /** The networks that begin anew since their last run is damaged. */
    private final Set<String> damaged = new HashSet<>();

    /**
     * Looks at what there is.
     *
     * @param archive    holds the recordings.
     * @param directory  marks which are whole.
     * @param recordings all that there are, oldest first; where no run has begun is taken out and deleted.
     */
    PastRuns(final EmbeddedArchive archive, final JournalDirectory directory, final List<StoredRecording> recordings)
    {
        this.archive = archive;
        this.directory = directory;
        this.recordings = recordings;
        starts = new RunStarts(archive);
        purgeEmpty();
    }

    /** A process that ends while it starts may leave a recording without a run; the one before it is the last. */
    private void purgeEmpty()
    {
        final Iterator<StoredRecording> each = recordings.iterator();
        while (each.hasNext())
        {
            final StoredRecording recording = each.next();
            if (starts.isNone(recording) &&
                directory.syncedPosition(recording.recordingId()) <= recording.stopPosition())
            {
                each.remove();
                try
                {
                    archive.purge(recording);
                    directory.setBroken(recording.recordingId());
                }
                catch (final IOException | RuntimeException e)
                {
                    LOGGER.warn("the empty recording {} could not be deleted", recording.recordingId(), e);
                }
            }
        }
    }

    /**
     * Finds the last run of a network, if one that begins can go on with it.
     *
     * @param networkName the network.
     * @param settings    what the stages depend on.
     * @param loops       how many I/O loops there are.
     * @return the run, or null; the log says why.
     */
    PastRun find(final String networkName, final String settings, final int loops)
    {
        final List<StoredRecording> ofNetwork =
            recordings.stream().filter(recording -> recording.name().equals(networkName)).toList();
        if (ofNetwork.isEmpty())
        {
            return null;
        }
        final StoredRecording last = ofNetwork.get(ofNetwork.size() - 1);
        final long syncedPosition = directory.syncedPosition(last.recordingId());
        String why;
        try
        {
            if (directory.isWhole(last.recordingId()))
            {
                DamagedRunException.throwIf(last.recordingId(), last.stopPosition(), syncedPosition);
            }
            final RunChain chain = RunChain.find(starts, ofNetwork, last.recordingId());
            why = !directory.isWhole(last.recordingId()) ?
                "the journal was broken in run " + last.recordingId() :
                chain.last().loops() != loops || !chain.last().settings().equals(settings) ?
                "other settings, or another number of I/O loops" : null;
            if (why == null)
            {
                return new PastRun(chain, syncedPosition, System.currentTimeMillis(), System.nanoTime());
            }
        }
        catch (final JournalFormatException e)
        {
            noteDamage(networkName, e);
            why = e.getMessage();
        }
        LOGGER.warn("network {}: begins anew: {}", networkName, why);
        return null;
    }

    /** Notes that the last run of a network could not be gone on with since it is damaged, if that is so. */
    void noteDamage(final String networkName, final JournalFormatException fault)
    {
        if (fault instanceof DamagedRunException)
        {
            damaged.add(networkName);
        }
    }

    /** Whether a network begins anew since its last run is damaged. */
    boolean isDamaged(final String networkName)
    {
        return damaged.contains(networkName);
    }
}
