package io.ringcast.lane;

import org.agrona.collections.IntArrayList;
import org.agrona.collections.LongArrayList;

import java.util.Arrays;

/**
 * One thing that the arbitration wants from the upstreams, and the calls that ask for it.
 * Confined to the thread that runs match; owned by {@link Fetches}.
 */
final class Fetch
{
    static final int ANY_LANE = -1;
    static final long NO_NUMBER = -1;

    final String call;
    /** The hash wanted, or null. */
    final long[] hash;
    /** The number wanted, or {@link #NO_NUMBER}. */
    final long number;
    /** The only upstream that can tell, or {@link #ANY_LANE}. */
    final int onlyLane;
    /** Bit i is set if upstream i was asked in this round. */
    int askedMask;
    /** Bit i is set if upstream i has answered, and others are to answer the same. */
    int answeredMask;
    long askedAtNs;
    /** How many calls asked for it. */
    int asks;
    /** True while the upstream that was asked last owes an answer. */
    boolean isAsked;
    /** True if the next one is to be asked without a pause. */
    boolean isDue;
    /** True if what waited for it has gone on: it is told if it comes, and not asked for again. */
    boolean isLate;
    long lateSinceNs;
    /** Every call that may still be answered, however often others were asked since, and whom it went to. */
    private final LongArrayList callIds = new LongArrayList();
    private final IntArrayList calledLanes = new IntArrayList();
    private final LongArrayList calledAtNs = new LongArrayList();
    /** How long the answer that was taken last has taken, on the clock that stands still while the relay does. */
    long roundTripNs;
    private int lastAsked = ANY_LANE;

    private Fetch(final String call, final long[] hash, final long number, final int onlyLane)
    {
        this.call = call;
        this.hash = hash;
        this.number = number;
        this.onlyLane = onlyLane;
    }

    /** A block, or what belongs to it, by its hash. */
    static Fetch byHash(final String call, final long[] hash, final long number)
    {
        return new Fetch(call, hash.clone(), number, ANY_LANE);
    }

    /** A block by its number: it saves time if it comes; it is asked for by its hash, too, as soon as that is known. */
    static Fetch byNumber(final String call, final long number)
    {
        return new Fetch(call, null, number, ANY_LANE);
    }

    /** What only one upstream can tell: where it is. */
    static Fetch of(final String call, final int laneIndex)
    {
        return new Fetch(call, null, NO_NUMBER, laneIndex);
    }

    boolean isByNumber()
    {
        return hash == null && onlyLane == ANY_LANE;
    }

    boolean isFor(final long[] wantedHash)
    {
        return hash != null && Arrays.equals(hash, wantedHash);
    }

    void onAsked(final int laneIndex, final long callId, final long atNs)
    {
        asks++;
        askedMask |= 1 << laneIndex;
        lastAsked = laneIndex;
        isAsked = true;
        isDue = false;
        callIds.addLong(callId);
        calledLanes.addInt(laneIndex);
        calledAtNs.addLong(atNs);
    }

    /** How many calls are owed an answer. */
    int owed()
    {
        return callIds.size();
    }

    /** Whether a call was one of its own; it has been answered then. */
    boolean tryTake(final long callId, final int laneIndex, final long atNs)
    {
        final int place = callIds.indexOf(callId);
        // Ids can be guessed: nobody answers what another was asked.
        if (place < 0 || calledLanes.getInt(place) != laneIndex)
        {
            return false;
        }
        callIds.removeAt(place);
        calledLanes.removeAt(place);
        roundTripNs = atNs - calledAtNs.removeAt(place);
        isAsked &= laneIndex != lastAsked;
        return true;
    }

    /** An upstream's connection has ended: it answers nothing any more. */
    void onLaneDown(final int laneIndex)
    {
        for (int i = calledLanes.size() - 1; i >= 0; i--)
        {
            if (calledLanes.getInt(i) == laneIndex)
            {
                callIds.removeAt(i);
                calledLanes.removeAt(i);
                calledAtNs.removeAt(i);
            }
        }
        if (isAsked && laneIndex == lastAsked)
        {
            isAsked = false;
            isDue = true;
        }
    }
}
