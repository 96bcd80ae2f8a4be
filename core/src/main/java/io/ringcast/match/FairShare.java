package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayList;
import java.util.List;

/**
 * Bytes that several histories share, so that none is without for the sake of another.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Who has something has a <em>share</em>: all bytes, divided by how many have something; what those do not want who
 * have less is divided among the others. So many small ones take from nobody more than they have. What is free goes to
 * whoever wants it. When nothing is free, who stays within its share gets it none the less: the one that has most gives
 * up its oldest, as often as it takes. Who would go beyond its share then does not get it. So nobody below its share is
 * refused while somebody is above, and nobody is made to give who is not.
 */
final class FairShare
{
    /** One that takes of the bytes. */
    abstract static class Member
    {
        private final FairShare shared;
        private long takenBytes;
        private int place;

        Member(final FairShare shared)
        {
            this.shared = shared;
        }

        /** Drops the oldest of what it holds, and gives back some bytes at least; it has more than its share. */
        abstract void giveUp();

        /** What it has. */
        final long takenBytes()
        {
            return takenBytes;
        }

        /** The bytes that it takes of. */
        final FairShare shared()
        {
            return shared;
        }

        /** Whether it takes of these bytes. */
        final boolean isOf(final FairShare others)
        {
            return shared == others;
        }

        /** Takes so many bytes more; false if they are neither free nor within its share. */
        final boolean tryTake(final long bytes)
        {
            return shared.tryTake(this, bytes);
        }

        /** Gives back so many bytes. */
        final void give(final long bytes)
        {
            shared.change(this, -bytes);
        }
    }

    private static final int STEP_BITS = 2;
    private static final int STEPS = 1 << STEP_BITS;
    private static final int LIMIT_STEPS = STEPS * Long.SIZE;

    private final long limitBytes;
    private final CounterSet counters;
    private final RelayCounter givenUp;
    private long usedBytes;
    /** How many have something, and what these have together, by steps of that: four to each power of two. */
    private final int[] countByStep = new int[LIMIT_STEPS];
    private final long[] bytesByStep = new long[LIMIT_STEPS];
    /** Those that have something; a heap, in which none has more than the one above it. */
    private final List<Member> members = new ArrayList<>();

    /**
     * Creates it with nothing taken.
     *
     * @param limitBytes what all together may take.
     * @param counters   the pipeline thread's counters.
     * @param givenUp    counts the bytes that were given up for others.
     */
    FairShare(final long limitBytes, final CounterSet counters, final RelayCounter givenUp)
    {
        this.limitBytes = limitBytes;
        this.counters = counters;
        this.givenUp = givenUp;
    }

    /** What all together may take. */
    long limitBytes()
    {
        return limitBytes;
    }

    long usedBytes()
    {
        return usedBytes;
    }

    /** How many have something. */
    int members()
    {
        return members.size();
    }

    private boolean tryTake(final Member member, final long bytes)
    {
        if (usedBytes + bytes > limitBytes)
        {
            if (!isWithinShare(member, member.takenBytes + bytes))
            {
                return false;
            }
            // The others have more than their shares together, so the first of them has more than its own.
            while (usedBytes + bytes > limitBytes)
            {
                final Member largest = members.get(0);
                final long before = largest.takenBytes;
                largest.giveUp();
                assert largest != member && largest.takenBytes < before;
                counters.add(givenUp, before - largest.takenBytes);
            }
        }
        change(member, bytes);
        return true;
    }

    /**
     * Whether so much is within a member's share. Those who have less keep it, to the quarter of a power of two; what
     * they leave is divided among the others, one of which the member is.
     */
    private boolean isWithinShare(final Member member, final long wantedBytes)
    {
        if (members.isEmpty() || wantedBytes > members.get(0).takenBytes)
        {
            // As it is with most who are refused: what nobody has is nobody's share while nothing is free.
            return false;
        }
        count(member, -1);
        long rest = limitBytes;
        int sharing = members.size() + (member.takenBytes == 0 ? 1 : 0);
        for (int step = 0; sharing > 1 && wantedBytes > rest / sharing && lowest(step + 1) - 1 <= rest / sharing;
            step++)
        {
            rest -= bytesByStep[step];
            sharing -= countByStep[step];
        }
        count(member, 1);
        return wantedBytes <= rest / sharing;
    }

    private void count(final Member member, final int count)
    {
        if (member.takenBytes > 0)
        {
            final int step = stepOf(member.takenBytes);
            countByStep[step] += count;
            bytesByStep[step] += count * member.takenBytes;
        }
    }

    private static int stepOf(final long bytes)
    {
        final long known = Math.max(STEPS, bytes);
        final int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(known);
        return STEPS * (exponent - STEP_BITS) + (int)(known >> exponent - STEP_BITS) - STEPS;
    }

    /** The fewest bytes of a step. */
    private static long lowest(final int step)
    {
        return (long)(STEPS + step % STEPS) << step / STEPS;
    }

    private void change(final Member member, final long bytes)
    {
        if (bytes == 0)
        {
            return;
        }
        count(member, -1);
        if (member.takenBytes == 0)
        {
            member.place = members.size();
            members.add(member);
        }
        usedBytes += bytes;
        member.takenBytes += bytes;
        assert usedBytes >= 0 && member.takenBytes >= 0;
        count(member, 1);
        if (member.takenBytes > 0)
        {
            rise(member);
            sink(member);
        }
        else
        {
            remove(member);
        }
    }

    private void remove(final Member member)
    {
        final Member last = members.remove(members.size() - 1);
        if (last != member)
        {
            set(member.place, last);
            rise(last);
            sink(last);
        }
    }

    private void rise(final Member member)
    {
        int place = member.place;
        while (place > 0 && members.get(place - 1 >> 1).takenBytes < member.takenBytes)
        {
            set(place, members.get(place - 1 >> 1));
            place = place - 1 >> 1;
        }
        set(place, member);
    }

    private void sink(final Member member)
    {
        int place = member.place;
        for (int next = largerBelow(place); next >= 0 && members.get(next).takenBytes > member.takenBytes;
            next = largerBelow(place))
        {
            set(place, members.get(next));
            place = next;
        }
        set(place, member);
    }

    private int largerBelow(final int place)
    {
        final int left = 2 * place + 1;
        if (left >= members.size())
        {
            return -1;
        }
        final boolean isRight =
            left + 1 < members.size() && members.get(left + 1).takenBytes > members.get(left).takenBytes;
        return isRight ? left + 1 : left;
    }

    private void set(final int place, final Member member)
    {
        members.set(place, member);
        member.place = place;
    }

    @Override
    public String toString()
    {
        return usedBytes + " of " + limitBytes + " bytes for " + members.size();
    }
}
