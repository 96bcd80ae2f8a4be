package io.ringcast.lane;

/**
 * Finds out whether upstreams that push, but blocks behind what is published, tell late what they have, which a new
 * connection may cure, or have no more than they tell: these catch up in their own time, or never.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>An upstream that is behind for long is marked, and asked for its newest head. If a while later it still has not
 * pushed about as far as it has shown, or if it does not answer, it tells late. If it has no more than it pushes, its
 * connection is in order, and it is asked again after a pause. Pauses double with each question and each reset, until
 * it has kept up for as long as it had to be behind.
 */
final class LaggingLanes
{
    static final int BEHIND_BLOCKS = 3;
    static final long ANSWER_NS = 5_000_000_000L;
    /** Pushes may come so long after an answer that shows them. */
    static final long PUSH_NS = 1_000_000_000L;

    private static final int MOST_DOUBLINGS = 6;
    private static final int NO_CALL = 0;
    private static final long NOT_SHOWN = -1;

    /** What is known of one of them. */
    private static final class Lag
    {
        boolean isBehind;
        /** Since when it is behind, or keeps up. */
        long sinceNs;
        /** How often it was asked since it last kept up. */
        int questions;
        long callId = NO_CALL;
        /** When it was last asked, or has answered. */
        long askedAtNs;
        long shownNumber = NOT_SHOWN;
        /** True once it is known that it has no more than it pushes, until it is to be asked again. */
        boolean isExcused;
    }

    private final Lag[] lags;
    private final HeadSink sink;

    LaggingLanes(final int laneCount, final HeadSink sink)
    {
        lags = new Lag[laneCount];
        for (int i = 0; i < laneCount; i++)
        {
            lags[i] = new Lag();
        }
        this.sink = sink;
    }

    /**
     * Looks at an upstream.
     *
     * @param tipNumber the number of what was published last.
     * @param limitNs   how long it may be behind.
     * @param lagNs     how much later than a push its items may come.
     * @return true if its connection is to be made anew.
     */
    boolean isToBeReset(
        final HeadLane lane, final long tipNumber, final long limitNs, final long lagNs, final long nowNs)
    {
        final Lag lag = lags[lane.index];
        final boolean isBehind = lane.hasSpoken && tipNumber - lane.lastNumber >= BEHIND_BLOCKS;
        if (isBehind != lag.isBehind)
        {
            lag.isBehind = isBehind;
            lag.sinceNs = nowNs;
            forget(lag);
        }
        final boolean isLong = nowNs - lag.sinceNs >= limitNs + lagNs;
        if (isBehind && isLong)
        {
            lane.mark = LaneMark.BEHIND;
            return isTellingLate(lane, lag, limitNs, lagNs, nowNs);
        }
        if (!isBehind && lane.hasSpoken)
        {
            lane.mark = lane.mark == LaneMark.BEHIND ? LaneMark.NONE : lane.mark;
            lag.questions = isLong ? 0 : lag.questions;
        }
        return false;
    }

    private boolean isTellingLate(
        final HeadLane lane, final Lag lag, final long limitNs, final long lagNs, final long nowNs)
    {
        final long waitedNs = nowNs - lag.askedAtNs;
        if (lag.callId != NO_CALL)
        {
            return waitedNs >= ANSWER_NS;
        }
        if (lag.shownNumber != NOT_SHOWN)
        {
            if (waitedNs < PUSH_NS + lagNs)
            {
                return false;
            }
            lag.isExcused = lag.shownNumber - lane.lastNumber < BEHIND_BLOCKS;
            lag.shownNumber = NOT_SHOWN;
            return !lag.isExcused;
        }
        final long pauseNs = limitNs << Math.min(lag.questions, MOST_DOUBLINGS);
        if (nowNs - (lag.isExcused ? lag.askedAtNs : lag.sinceNs) >= pauseNs)
        {
            lag.questions++;
            lag.askedAtNs = nowNs;
            lag.callId = sink.fetch(lane.index, HeadRepair.NEWEST);
        }
        return false;
    }

    /** Whether an upstream was asked by that call. */
    boolean isAsked(final int laneIndex, final long callId)
    {
        return lags[laneIndex].callId != NO_CALL && lags[laneIndex].callId == callId;
    }

    /** Takes the answer of an upstream that was asked: a head's number, if it is one. */
    void take(final int laneIndex, final boolean isHead, final long number, final long nowNs)
    {
        final Lag lag = lags[laneIndex];
        lag.callId = NO_CALL;
        lag.askedAtNs = nowNs;
        // Who can't say how far it is, is not at fault.
        lag.isExcused = !isHead;
        lag.shownNumber = isHead ? number : NOT_SHOWN;
    }

    /** Its connection is made anew, or was: what it owes is void. */
    void onReset(final int laneIndex)
    {
        lags[laneIndex].isBehind = false;
        forget(lags[laneIndex]);
    }

    /** It can say nothing else now. */
    void onBusy(final int laneIndex, final long nowNs)
    {
        lags[laneIndex].sinceNs = nowNs;
        lags[laneIndex].askedAtNs = nowNs;
    }

    /** A time that is not held against anybody. */
    void forgive(final long pauseNs, final long nowNs)
    {
        for (final Lag lag : lags)
        {
            lag.sinceNs = WaitClock.forgiven(lag.sinceNs, pauseNs, nowNs);
            lag.askedAtNs = WaitClock.forgiven(lag.askedAtNs, pauseNs, nowNs);
        }
    }

    private static void forget(final Lag lag)
    {
        lag.callId = NO_CALL;
        lag.shownNumber = NOT_SHOWN;
        lag.isExcused = false;
    }
}
