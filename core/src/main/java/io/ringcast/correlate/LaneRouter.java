package io.ringcast.correlate;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.random.RandomGenerator;

/**
 * Which upstream gets a call: the best of those that are up and have what the caller has been shown.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>Best is, in this order: its breaker is closed; it is on the shown head, or at least not behind it; it has
 * announced one of the last heads by itself; it failed least of late; it answers clearly sooner; it stands first in the
 * configuration. An upstream whose breaker is open is a last resort, since its refusal tells the caller more than the
 * relay's would. When its pause is over, one read tries it.
 */
final class LaneRouter
{
    static final int NONE = -1;

    /** An answer time says little: calls differ. So another upstream has to be twice as fast, and by some measure. */
    private static final int CLEARLY_FACTOR = 2;
    private static final long CLEARLY_NS = 2_000_000L;
    private static final int SMOOTHING = 8;
    /** An answer time is forgotten after this, or a slow upstream could never show that it has become faster. */
    private static final long FORGET_NS = 10_000_000_000L;

    private static final class Lane
    {
        boolean isUp;
        final CircuitBreaker breaker;
        /** Smoothed; 0: not known. */
        long answerTimeNs;
        long lastAnswerNs;

        Lane(final CircuitBreaker breaker)
        {
            this.breaker = breaker;
        }
    }

    private final Lane[] lanes;
    private final LaneHeads heads;
    private final CounterSet counters;

    LaneRouter(
        final int laneCount, final LaneHeads heads, final RandomGenerator random, final CounterSet counters)
    {
        this.heads = heads;
        this.counters = counters;
        lanes = new Lane[laneCount];
        for (int i = 0; i < laneCount; i++)
        {
            lanes[i] = new Lane(new CircuitBreaker(random));
        }
    }

    void setUp(final int laneIndex, final boolean isUp)
    {
        lanes[laneIndex].isUp = isUp;
    }

    boolean isUp(final int laneIndex)
    {
        return lanes[laneIndex].isUp;
    }

    int laneCount()
    {
        return lanes.length;
    }

    boolean isAnyUp()
    {
        for (final Lane lane : lanes)
        {
            if (lane.isUp)
            {
                return true;
            }
        }
        return false;
    }

    /**
     * Chooses an upstream.
     *
     * @param triedLanes   bit i is set if lane i has had the call already.
     * @param isHeadBound  whether the caller has been shown heads, so that none behind the shown head will do.
     * @param shownNumber  a block that an answer has shown the caller, so that none that lacks it will do; or -1.
     * @param isRepeatable whether the call can go elsewhere if this fails, so that it may be the one that tries a lane.
     * @param nowNs        the time.
     * @return a lane, or {@link #NONE}.
     */
    int choose(
        final int triedLanes, final boolean isHeadBound, final long shownNumber, final boolean isRepeatable,
        final long nowNs)
    {
        if (lanes.length == 1)
        {
            return lanes[0].isUp && triedLanes == 0 ? 0 : NONE;
        }
        int best = NONE;
        for (int i = 0; i < lanes.length; i++)
        {
            final boolean mayHaveIt =
                lanes[i].isUp && (triedLanes >>> i & 1) == 0 && (!isHeadBound || heads.isAtShown(i)) &&
                heads.hasReached(i, shownNumber);
            if (mayHaveIt && isRepeatable && lanes[i].breaker.isTrialDue(nowNs))
            {
                lanes[i].breaker.beginTrial();
                return i;
            }
            if (mayHaveIt && (best == NONE || isBetter(i, best)))
            {
                best = i;
            }
        }
        return best;
    }

    /** An upstream answered as it should. */
    void onAnswer(final int laneIndex, final long answerTimeNs, final long nowNs)
    {
        final Lane lane = lanes[laneIndex];
        lane.breaker.onSuccess();
        lane.lastAnswerNs = nowNs;
        lane.answerTimeNs = lane.answerTimeNs == 0 ? Math.max(1, answerTimeNs) :
            Math.max(1, lane.answerTimeNs + (answerTimeNs - lane.answerTimeNs) / SMOOTHING);
    }

    /** An upstream answered too late, went away with a call, or refused one for its own sake. */
    void onFailure(final int laneIndex, final long nowNs)
    {
        if (lanes[laneIndex].breaker.onFailure(nowNs))
        {
            counters.increment(RelayCounter.BREAKERS_OPENED);
        }
    }

    void onTick(final long nowNs)
    {
        for (final Lane lane : lanes)
        {
            lane.breaker.onTick(nowNs);
            if (nowNs - lane.lastAnswerNs >= FORGET_NS)
            {
                lane.answerTimeNs = 0;
            }
        }
    }

    private boolean isBetter(final int candidate, final int best)
    {
        final Lane lane = lanes[candidate];
        final Lane other = lanes[best];
        if (lane.breaker.isOpen() != other.breaker.isOpen())
        {
            return other.breaker.isOpen();
        }
        final int distance = distance(candidate);
        final int otherDistance = distance(best);
        if (distance != otherDistance)
        {
            return distance < otherDistance;
        }
        if (heads.isSilent(candidate) != heads.isSilent(best))
        {
            return heads.isSilent(best);
        }
        if (lane.breaker.failures() != other.breaker.failures())
        {
            return lane.breaker.failures() < other.breaker.failures();
        }
        return lane.answerTimeNs != 0 && lane.answerTimeNs * CLEARLY_FACTOR < other.answerTimeNs &&
            other.answerTimeNs - lane.answerTimeNs > CLEARLY_NS;
    }

    private int distance(final int laneIndex)
    {
        if (heads.isOnShown(laneIndex))
        {
            return 0;
        }
        return heads.isAtShown(laneIndex) ? 1 : 2;
    }
}
