package io.ringcast.lane;

import java.util.Arrays;

/**
 * Finds out soon whether an upstream that has accepted {@code newHeads} pushes any: until its first push over a
 * connection it is asked for its newest head now and then, and by how far that has gone on it is judged. A chain that
 * makes no blocks has no pushes.
 * Confined to the thread that runs match; the time is passed in.
 */
final class FirstPushes
{
    /** An upstream may push a block so much later than it answers with it: another server may answer. */
    private static final long GRACE_NS = 3_000_000_000L;
    private static final long SHORTEST_INTERVAL_NS = 2_000_000_000L;
    private static final long LONGEST_INTERVAL_NS = 10_000_000_000L;
    /** The interval is this part of the time since the upstream accepted. */
    private static final int INTERVAL_DIVISOR = 4;
    /** By so many blocks it has gone on that at least one of them is not just being pushed. */
    private static final int SURE_BLOCKS = 2;
    private static final long UNKNOWN = -1;

    /** What is known of one of them. */
    private static final class Wait
    {
        boolean isOpen;
        /** It could not say where it is when it was asked last. */
        boolean isUnable;
        long sinceNs;
        long askedAtNs;
        /** Where it stood when it first said so over this connection. */
        long placeNumber = UNKNOWN;
        long shownNumber = UNKNOWN;
        /** Since when it is known to have gone on from there. */
        long aheadSinceNs;
    }

    private final Wait[] waits;

    FirstPushes(final int laneCount)
    {
        waits = new Wait[laneCount];
        Arrays.setAll(waits, i -> new Wait());
    }

    /** An upstream has accepted the feed. */
    void begin(final int laneIndex, final long nowNs)
    {
        final Wait wait = waits[laneIndex];
        wait.isOpen = true;
        wait.isUnable = false;
        wait.sinceNs = nowNs;
        wait.askedAtNs = nowNs;
        wait.placeNumber = UNKNOWN;
        wait.shownNumber = UNKNOWN;
    }

    /** It has pushed, is polled, or is gone. */
    void end(final int laneIndex)
    {
        waits[laneIndex].isOpen = false;
    }

    /** Whether its first push is yet to come. */
    boolean isOpen(final int laneIndex)
    {
        return waits[laneIndex].isOpen;
    }

    /**
     * Whether it is to be asked.
     *
     * @param isChainShown true if others show how far the chain is.
     * @param tipNumber    the number of what was published last.
     */
    boolean isDue(final int laneIndex, final boolean isChainShown, final long tipNumber, final long nowNs)
    {
        final Wait wait = waits[laneIndex];
        final boolean isOfUse = !isChainShown || tipNumber > wait.placeNumber;
        return wait.isOpen && isOfUse && nowNs - wait.askedAtNs >= intervalNs(wait, nowNs);
    }

    private static long intervalNs(final Wait wait, final long nowNs)
    {
        return wait.isUnable ? LONGEST_INTERVAL_NS : Math.max(SHORTEST_INTERVAL_NS,
            Math.min(LONGEST_INTERVAL_NS, (nowNs - wait.sinceNs) / INTERVAL_DIVISOR));
    }

    void onAsked(final int laneIndex, final long nowNs)
    {
        waits[laneIndex].askedAtNs = nowNs;
    }

    /** It has answered, whoever asked, that this is the number of its newest head. */
    void onShown(final int laneIndex, final long number, final long nowNs)
    {
        final Wait wait = waits[laneIndex];
        wait.isUnable = false;
        if (wait.placeNumber == UNKNOWN || number <= wait.placeNumber)
        {
            wait.placeNumber = number;
        }
        else if (!isAhead(wait))
        {
            wait.aheadSinceNs = nowNs;
        }
        wait.shownNumber = number;
    }

    /** It has answered with something else. */
    void onRefused(final int laneIndex, final long nowNs)
    {
        waits[laneIndex].isUnable = true;
        waits[laneIndex].askedAtNs = nowNs;
    }

    /** Whether it has shown blocks that it would have pushed by now. */
    boolean isSilent(final int laneIndex, final long nowNs)
    {
        final Wait wait = waits[laneIndex];
        final boolean isSure = wait.shownNumber - wait.placeNumber >= SURE_BLOCKS;
        return wait.isOpen && isAhead(wait) &&
            nowNs - wait.aheadSinceNs >= (isSure ? LaggingLanes.PUSH_NS : GRACE_NS);
    }

    private static boolean isAhead(final Wait wait)
    {
        return wait.shownNumber > wait.placeNumber;
    }

    /** It can say nothing else now. */
    void onBusy(final int laneIndex, final long nowNs)
    {
        waits[laneIndex].askedAtNs = nowNs;
        waits[laneIndex].aheadSinceNs = nowNs;
    }

    /** A time that is not held against anybody. */
    void forgive(final long pauseNs, final long nowNs)
    {
        for (final Wait wait : waits)
        {
            wait.sinceNs = WaitClock.forgiven(wait.sinceNs, pauseNs, nowNs);
            wait.askedAtNs = WaitClock.forgiven(wait.askedAtNs, pauseNs, nowNs);
            wait.aheadSinceNs = WaitClock.forgiven(wait.aheadSinceNs, pauseNs, nowNs);
        }
    }
}
