package io.ringcast.transport.journal;

import io.ringcast.journal.JournalFormatException;
import io.ringcast.journal.RunStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Finds what an earlier process has left to go on with.
 * Confined to the journal's thread.
 */
final class PastRuns
{
    private static final Logger LOGGER = LoggerFactory.getLogger(PastRuns.class);

    /** Clocks of one boot drift and are set; a clock of another boot is off by more. */
    private static final long SAME_CLOCK_NS = TimeUnit.MINUTES.toNanos(1);

    private final EmbeddedArchive archive;
    private final JournalDirectory directory;
    private final RunStarts starts;
    /** Oldest first. */
    private final List<StoredRecording> recordings;
    private final RunChains chains;
    private final List<StoredCheckpoint> checkpoints;
    /** The networks that begin anew, since their last run is of no use. */
    private final Set<String> begunAnew = new HashSet<>();
    /** Those of them whose last run is damaged. */
    private final Set<String> damaged = new HashSet<>();
    /** The numbers of checkpoints that can't be gone on with. */
    private final Set<Long> refused = new HashSet<>();

    /**
     * Looks at what there is.
     *
     * @param archive     holds the recordings.
     * @param frames      reads them.
     * @param directory   marks which are whole.
     * @param recordings  all that there are, oldest first; where no run has begun is taken out and deleted, and so is a
     *                    checkpoint that does not count.
     * @param checkpoints what there is of them.
     */
    PastRuns(
        final EmbeddedArchive archive, final RecordedFrames frames, final JournalDirectory directory,
        final List<StoredRecording> recordings, final Checkpoints checkpoints)
    {
        this.archive = archive;
        this.directory = directory;
        this.recordings = recordings;
        starts = new RunStarts(frames);
        this.checkpoints = checkpoints.found();
        chains = new RunChains(starts, recordings, checkpoints.found());
        purgeEmpty(checkpoints.rest());
    }

    /**
     * A process that ends while it starts may leave a recording without a run, with its mark or before it has that; the
     * one before it is the last. The disk has the beginning of each run of a relay that has started.
     */
    private void purgeEmpty(final List<StoredRecording> unfinished)
    {
        final Iterator<StoredRecording> each = recordings.iterator();
        while (each.hasNext())
        {
            final StoredRecording recording = each.next();
            final boolean isUnbegun = !recording.isCheckpoint() && starts.isNone(recording) &&
                (!directory.isWhole(recording.recordingId()) ||
                directory.syncedPosition(recording.recordingId()) <= recording.stopPosition());
            if (isUnbegun || unfinished.contains(recording))
            {
                each.remove();
                try
                {
                    directory.setBroken(recording.recordingId());
                    archive.purge(recording.recordingId());
                }
                catch (final IOException | RuntimeException e)
                {
                    LOGGER.warn("the empty recording {} could not be deleted", recording.recordingId(), e);
                }
            }
        }
    }

    /**
     * Finds the last run of a network, if one that begins can go on with it, and the shortest way there that was not
     * refused yet.
     *
     * @param networkName the network.
     * @param settings    what the stages depend on.
     * @param loops       how many I/O loops there are.
     * @return the run, or null; the log says why.
     */
    PastRun find(final String networkName, final String settings, final int loops)
    {
        final List<StoredRecording> runs = recordings.stream()
            .filter(recording -> recording.name().equals(networkName) && !recording.isCheckpoint()).toList();
        if (runs.isEmpty() || begunAnew.contains(networkName))
        {
            return null;
        }
        final StoredRecording last = runs.get(runs.size() - 1);
        final long syncedPosition = syncedPosition(last.recordingId());
        final boolean isWhole = directory.isWhole(last.recordingId());
        try
        {
            if (isWhole)
            {
                DamagedRunException.throwIf(last.recordingId(), last.stopPosition(), syncedPosition);
            }
            final List<RunChain> ways = chains.to(last.recordingId());
            for (int i = ways.size() - 1; i >= 0; i--)
            {
                final RunChain way = ways.get(i);
                if (!isWhole || way.last().loops() != loops || !way.last().settings().equals(settings))
                {
                    return beginAnew(networkName, !isWhole ? "the journal was broken in run " + last.recordingId() :
                        "other settings, or another number of I/O loops");
                }
                if (way.checkpoint() == null || !refused.contains(way.checkpoint().number()))
                {
                    return new PastRun(way, syncedPosition);
                }
            }
            return beginAnew(networkName, "no checkpoint that can be gone on with, and the beginning is gone");
        }
        catch (final JournalFormatException e)
        {
            noteDamage(networkName, e);
            return beginAnew(networkName, e.getMessage());
        }
    }

    /**
     * Tells how far the steady clock of the last runs is off: it began anew if the machine did.
     *
     * @param nowMs the time in milliseconds since 1970.
     * @param nowNs the time on this process's steady clock.
     * @return what is to be added to that for a clock which goes on where the last runs' was, in nanoseconds: 0 in the
     *         same boot of the machine. One for all networks: clients' limits go by it, and hold for all of them.
     */
    long clockOffsetNs(final long nowMs, final long nowNs)
    {
        final OptionalLong offsetNs = recordings.stream()
            .filter(recording -> !recording.isCheckpoint()).map(StoredRecording::name).distinct()
            .map(this::lastStart).filter(Objects::nonNull)
            .mapToLong(start ->
                start.startedAtNs() + TimeUnit.MILLISECONDS.toNanos(nowMs - start.startedAtMs()) - nowNs)
            .max();
        return offsetNs.isEmpty() || Math.abs(offsetNs.getAsLong()) < SAME_CLOCK_NS ? 0 : offsetNs.getAsLong();
    }

    /** With what the last run of a network began; null if that is gone. */
    private RunStart lastStart(final String networkName)
    {
        long last = RunStart.NOTHING;
        for (final StoredRecording recording : recordings)
        {
            last = recording.name().equals(networkName) && !recording.isCheckpoint() ? recording.recordingId() : last;
        }
        try
        {
            final List<RunChain> ways = chains.to(last);
            return ways.get(ways.size() - 1).last();
        }
        catch (final JournalFormatException e)
        {
            return null;
        }
    }

    /** Up to where the disk had a run for certain: also as far as a checkpoint is of it. */
    private long syncedPosition(final long runId)
    {
        long position = directory.syncedPosition(runId);
        for (final StoredCheckpoint checkpoint : checkpoints)
        {
            if (checkpoint.start().run() == runId)
            {
                position = Math.max(position, checkpoint.start().position());
            }
        }
        return position;
    }

    /** All ways to have the state of the last run of a chain, the longest first. */
    List<RunChain> ways(final RunChain chain)
    {
        return chains.to(chain.lastRecording().recordingId()).stream()
            .filter(way -> way.checkpoint() == null || !refused.contains(way.checkpoint().number())).toList();
    }

    /**
     * Notes that a way to the state of a past run is of no use.
     *
     * @param past        the run.
     * @param networkName its network.
     * @param why         for the log.
     */
    void refuse(final PastRun past, final String networkName, final String why)
    {
        final StoredCheckpoint checkpoint = past.chain().checkpoint();
        if (checkpoint == null)
        {
            beginAnew(networkName, why);
        }
        else
        {
            refused.add(checkpoint.number());
            LOGGER.warn("network {}: checkpoint {} can't be gone on with: {}", networkName, checkpoint.number(), why);
        }
    }

    private PastRun beginAnew(final String networkName, final String why)
    {
        begunAnew.add(networkName);
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
        return damaged.contains(networkName) && begunAnew.contains(networkName);
    }

    /** How many checkpoints could not be gone on with. */
    long refusals(final String networkName)
    {
        return recordings.stream().filter(recording ->
            recording.name().equals(networkName) && refused.contains(recording.recordingId())).count();
    }
}
