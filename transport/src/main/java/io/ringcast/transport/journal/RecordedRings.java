package io.ringcast.transport.journal;

import io.ringcast.metrics.RelayCounter;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The rings that are recorded, and whose turn it is to poll them: that of the journal's thread, which drives the
 * archive between two polls, until another thread takes over for good.
 * Any thread.
 */
final class RecordedRings
{
    private static final int FREE = 0;
    private static final int IN_USE = 1;
    private static final int TAKEN = 2;
    /** All is recorded to its end: nobody polls, and nobody needs to. */
    private static final int ENDED = 3;

    private final List<RecordedRing> rings = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    /** Single writer: the journal's thread. */
    private volatile long polls;

    void add(final RecordedRing ring)
    {
        rings.add(ring);
    }

    List<RecordedRing> all()
    {
        return rings;
    }

    /** Has all of them given up at the next poll. */
    void fail(final String why)
    {
        rings.forEach(ring -> ring.fail(why));
    }

    boolean areBroken()
    {
        return rings.stream().allMatch(RecordedRing::isBroken);
    }

    /** Gives them up whose recording the archive has ended; the publication alone would look like a slow one. */
    void failIfEnded()
    {
        for (final RecordedRing ring : rings)
        {
            if (!ring.recording().isActive())
            {
                ring.fail("its recording has ended");
            }
        }
    }

    /** How often the journal's thread has polled. */
    long polls()
    {
        return polls;
    }

    /** Polls, if another thread has not taken over; on the journal's thread. */
    int poll()
    {
        if (!turn.compareAndSet(FREE, IN_USE))
        {
            return 0;
        }
        try
        {
            final int work = pollAll();
            polls++;
            return work;
        }
        finally
        {
            // Whatever is thrown: a turn that is kept could be taken over by nobody.
            turn.set(FREE);
        }
    }

    /**
     * Ends what is recorded to its end; on the journal's thread.
     *
     * @return false if some is not: poll, and try again. True also if another thread has taken over.
     */
    boolean tryEnd()
    {
        if (!turn.compareAndSet(FREE, IN_USE))
        {
            return turn.get() >= TAKEN;
        }
        boolean isDone = false;
        try
        {
            isDone = areEnded();
        }
        finally
        {
            turn.set(isDone ? ENDED : FREE);
        }
        return isDone;
    }

    private boolean areEnded()
    {
        boolean areEnded = true;
        for (final RecordedRing ring : rings)
        {
            areEnded &= ring.tryEnd();
        }
        return areEnded;
    }

    /** Whether all is recorded to its end: whoever recorded it may take its time from here on. Any thread. */
    boolean haveEnded()
    {
        return turn.get() == ENDED;
    }

    /** Whether another thread has taken over. */
    boolean isTaken()
    {
        return turn.get() == TAKEN;
    }

    /** Takes over for good. False if they are being polled, or at their end: then nobody is needed. */
    boolean tryTake()
    {
        return turn.compareAndSet(FREE, TAKEN);
    }

    /** Takes over for good once nobody polls, unless they are at their end; polling never waits. */
    void takeOver()
    {
        while (turn.get() < TAKEN && !tryTake())
        {
            Thread.onSpinWait();
        }
    }

    /** Polls on behalf of whoever has taken over, who alone may call it. */
    int pollTaken()
    {
        return pollAll();
    }

    /**
     * Counts something of a ring, unless they are being polled. Any thread.
     *
     * @param ring    whose counter it is.
     * @param counter which.
     * @return false if it is to be tried again.
     */
    boolean tryCount(final RecordedRing ring, final RelayCounter counter)
    {
        if (!turn.compareAndSet(FREE, IN_USE))
        {
            return false;
        }
        try
        {
            ring.count(counter);
        }
        finally
        {
            turn.set(FREE);
        }
        return true;
    }

    private int pollAll()
    {
        int work = 0;
        for (int i = 0; i < rings.size(); i++)
        {
            work += rings.get(i).poll();
        }
        return work;
    }
}
