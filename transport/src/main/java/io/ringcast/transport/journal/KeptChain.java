package io.ringcast.transport.journal;

import io.ringcast.journal.RunStart;

import java.util.ArrayList;
import java.util.List;

/**
 * What a network would go on with at the next start: the run that is recorded, those before it that its state came
 * from, and the checkpoints of that state.
 * Confined to the journal's thread.
 */
final class KeptChain
{
    private final String networkName;
    private final RecordedRing ring;
    private final RunStart start;
    /** The runs before, from that of the oldest checkpoint on, or from the one that began from nothing. */
    private final List<RunChain.Link> older = new ArrayList<>();
    /** Oldest first. */
    private final List<StoredCheckpoint> checkpoints = new ArrayList<>();
    private boolean isBroken;
    /** How much there was to read when a checkpoint failed; the next try comes when there is as much again. */
    private long failedTailBytes;

    /**
     * Creates it.
     *
     * @param networkName the network.
     * @param ring        whose run is recorded.
     * @param start       with what that run began.
     * @param ways        how the state of the run before can be had, the longest first; empty if there is none before.
     */
    KeptChain(
        final String networkName, final RecordedRing ring, final RunStart start, final List<RunChain> ways)
    {
        this.networkName = networkName;
        this.ring = ring;
        this.start = start;
        if (!ways.isEmpty())
        {
            older.addAll(ways.get(0).links());
        }
        for (final RunChain way : ways)
        {
            if (way.checkpoint() != null)
            {
                checkpoints.add(way.checkpoint());
            }
        }
        dropUnneeded();
    }

    String networkName()
    {
        return networkName;
    }

    RecordedRing ring()
    {
        return ring;
    }

    long runId()
    {
        return ring.recording().recordingId();
    }

    /** The one that is gone on with, or null. */
    StoredCheckpoint newest()
    {
        return checkpoints.isEmpty() ? null : checkpoints.get(checkpoints.size() - 1);
    }

    /** Which all else that is kept may be needed for, or null. */
    StoredCheckpoint oldest()
    {
        return checkpoints.isEmpty() ? null : checkpoints.get(0);
    }

    int checkpointCount()
    {
        return checkpoints.size();
    }

    /** A checkpoint counts from now on. */
    void add(final StoredCheckpoint checkpoint)
    {
        checkpoints.add(checkpoint);
        failedTailBytes = 0;
        dropUnneeded();
    }

    /** The oldest checkpoint is to go. */
    void dropOldest()
    {
        checkpoints.remove(0);
        dropUnneeded();
    }

    /** The runs before that of the oldest checkpoint are needed by none. */
    private void dropUnneeded()
    {
        final StoredCheckpoint oldest = oldest();
        while (oldest != null && !older.isEmpty() &&
            older.get(0).recording().recordingId() != oldest.start().run())
        {
            older.remove(0);
        }
    }

    /** Some that the next start needs is to go, so all of it is of no use. */
    void breakUp()
    {
        isBroken = true;
        older.clear();
        checkpoints.clear();
    }

    /** Whether the next start begins the network anew. */
    boolean isBroken()
    {
        return isBroken;
    }

    /** Whether a recording is needed by the next start, or may be if a checkpoint should turn out to be damaged. */
    boolean needs(final long recordingId)
    {
        return recordingId == runId() ||
            older.stream().anyMatch(link -> link.recording().recordingId() == recordingId) ||
            checkpoints.stream().anyMatch(checkpoint -> checkpoint.number() == recordingId);
    }

    /** Whether runs before that which is recorded are needed. */
    boolean hasOlder()
    {
        return !older.isEmpty();
    }

    /** How much has to be read behind the newest checkpoint, or from the beginning, in bytes. */
    long tailBytes()
    {
        final StoredCheckpoint newest = newest();
        long bytes = 0;
        boolean isBehind = newest == null;
        for (final RunChain.Link link : older)
        {
            final boolean isAt = newest != null && link.recording().recordingId() == newest.start().run();
            isBehind |= isAt;
            if (isBehind)
            {
                bytes += link.recording().stopPosition() -
                    (isAt ? newest.start().position() : link.recording().startPosition());
            }
        }
        final boolean isOfThisRun = newest != null && newest.start().run() == runId();
        return bytes + ring.recordedPosition() - (isOfThisRun ? newest.start().position() : 0);
    }

    /** Notes that a checkpoint could not be made. */
    void onFailed(final long tailBytes)
    {
        failedTailBytes = tailBytes;
    }

    /** Whether the next checkpoint is to be made, given from how much on, in bytes. */
    boolean isDue(final long atBytes)
    {
        return !isBroken && tailBytes() - failedTailBytes >= atBytes;
    }

    /** The shortest way to the state of now. */
    RunChain chain(final StoredRecording now)
    {
        final List<RunChain.Link> links = new ArrayList<>(older);
        links.add(new RunChain.Link(now, start));
        final StoredCheckpoint newest = newest();
        while (newest != null && links.get(0).recording().recordingId() != newest.start().run())
        {
            links.remove(0);
        }
        return new RunChain(newest, links);
    }
}
