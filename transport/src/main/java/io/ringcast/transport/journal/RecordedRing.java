package io.ringcast.transport.journal;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.FaultKinds;
import io.ringcast.pipeline.JournalLag;
import io.ringcast.pipeline.JournalPoller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One network's ring and its recording.
 * Confined to whoever has the turn in {@link RecordedRings}, except what says otherwise.
 */
final class RecordedRing
{
    private static final Logger LOGGER = LoggerFactory.getLogger(RecordedRing.class);

    private final OpenRecording recording;
    private final JournalPoller poller;
    private final CounterSet counters;
    private final FaultKinds faults = new FaultKinds();
    /** Written by the journal's thread, as the next one; the counters are those of whoever has the turn. */
    private long purgedBytes;
    private long startPosition;
    private long recordedPosition;
    private volatile String fault;
    private volatile boolean isBroken;
    private boolean hasEnd;

    RecordedRing(final OpenRecording recording, final JournalPoller poller, final CounterSet counters)
    {
        this.recording = recording;
        this.poller = poller;
        this.counters = counters;
    }

    OpenRecording recording()
    {
        return recording;
    }

    /** Where the recording begins by now; on the journal's thread. */
    long startPosition()
    {
        return startPosition;
    }

    /** How far the archive has written, or had when it ended the recording; on the journal's thread. */
    long recordedPosition()
    {
        if (recording.isActive())
        {
            // Behind its end the counter may be another's.
            recordedPosition = recording.recordedPosition();
        }
        return recordedPosition;
    }

    /** Some of the recording was deleted; on the journal's thread. */
    void onPurged(final long newStartPosition)
    {
        purgedBytes += newStartPosition - startPosition;
        startPosition = newStartPosition;
    }

    /** Bytes of another recording were deleted; on the journal's thread. */
    void countPurged(final long bytes)
    {
        purgedBytes += bytes;
    }

    /** Has it given up at the next poll. Any thread. */
    void fail(final String why)
    {
        if (fault == null)
        {
            fault = why;
        }
    }

    /** Whether it was given up. Any thread. */
    boolean isBroken()
    {
        return isBroken;
    }

    /** Records, or lets slots pass if it is given up; the ring goes on whatever is thrown. */
    int poll()
    {
        try
        {
            if (fault != null)
            {
                poller.giveUp(fault);
            }
            if (purgedBytes > 0)
            {
                counters.add(RelayCounter.JOURNAL_PURGED_BYTES, purgedBytes);
                purgedBytes = 0;
            }
            final int slots = poller.poll();
            isBroken = poller.isBroken();
            return slots;
        }
        catch (final Throwable e)
        {
            counters.increment(RelayCounter.JOURNAL_FAILURES);
            if (faults.isNew(e))
            {
                LOGGER.error("a slot could not be recorded", e);
            }
            fail("a slot could not be recorded");
            return 0;
        }
    }

    void count(final RelayCounter counter)
    {
        counters.increment(counter);
    }

    /** What sees how far this is behind. Any thread. */
    JournalLag newLag(final long limitNs, final long nowNs)
    {
        return poller.newLag(limitNs, nowNs);
    }

    /** Ends the run once all of it is recorded. False if it is not at its end: try again. */
    boolean tryEnd()
    {
        hasEnd = hasEnd || !poller.isBehind() && poller.tryEnd();
        return hasEnd && (poller.isBroken() ||
            recording.recordedPosition() >= recording.publication().position());
    }
}
