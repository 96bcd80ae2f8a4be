package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says, once, that heads wait because too few upstreams tell of them, and, once, that they go on.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>With fewer upstreams than the quorum this is known after a deadline, in which others may come; with enough of
 * them, when heads have waited for longer than any repair takes, and than an upstream that does not push needs to tell
 * of them. While nobody wants heads, none wait.
 */
final class QuorumWatch
{
    private static final Logger LOGGER = LoggerFactory.getLogger(QuorumWatch.class);

    private final LaneRules rules;
    private final CounterSet counters;
    private final HeadSink sink;
    private final HeadLane[] lanes;
    private final HeadLog log;
    private final LaneWatch watch;
    private final WaitClock clock = new WaitClock();
    private boolean isWaiting;
    private boolean isLost;
    private boolean isReleased;
    /** On the clock of waiting: since when nothing was published, though heads wait. */
    private long sinceNs;
    private long seenEnd;

    QuorumWatch(
        final LaneRules rules, final CounterSet counters, final HeadSink sink, final HeadLane[] lanes,
        final HeadLog log, final LaneWatch watch)
    {
        this.rules = rules;
        this.counters = counters;
        this.sink = sink;
        this.lanes = lanes;
        this.log = log;
        this.watch = watch;
    }

    /** Nobody wants heads any more, until an upstream gives them again: that the log is empty then is no progress. */
    void onReleased()
    {
        isReleased = true;
        isLost = false;
        seenEnd = 0;
    }

    /**
     * Time passes.
     *
     * @param isAnyQueued whether heads wait, for whatever reason.
     */
    void onTime(final boolean isAnyQueued, final long nowNs)
    {
        if (rules.quorum() == 1)
        {
            return;
        }
        final long atNs = clock.at(nowNs);
        isReleased &= !isAnyLive();
        final boolean isAnyAwaited = isAnyQueued && !isReleased;
        final boolean isMoving = log.end() != seenEnd;
        // That none wait any more is not enough: those of a lane that is left out are forgotten.
        if (isLost && isMoving)
        {
            isLost = false;
            LOGGER.info("the quorum of {} upstreams is there again: heads go on", rules.quorum());
            sink.onQuorum(true, agreeing());
        }
        if (isMoving || !isWaiting || !isAnyAwaited)
        {
            sinceNs = atNs;
        }
        seenEnd = log.end();
        isWaiting = isAnyAwaited;
        if (isWaiting && !isLost && atNs - sinceNs >= patienceNs())
        {
            isLost = true;
            counters.increment(RelayCounter.QUORUMS_LOST);
            LOGGER.warn("heads wait behind block {}: {} upstreams have to agree, and {} may", log.tipNumber(),
                rules.quorum(), agreeing());
            sink.onQuorum(false, agreeing());
        }
    }

    private long patienceNs()
    {
        return agreeing() < rules.quorum() ? rules.repairDeadlineNs() :
            Math.max(rules.repairDeadlineNs() * LaneRules.LONGEST_REPAIR_DEADLINES, watch.longestLagNs());
    }

    private boolean isAnyLive()
    {
        for (final HeadLane lane : lanes)
        {
            if (lane.isLive)
            {
                return true;
            }
        }
        return false;
    }

    /** How many upstreams may agree: they give heads, pushed or polled, and nothing else is held against them. */
    private int agreeing()
    {
        int count = 0;
        for (final HeadLane lane : lanes)
        {
            count += lane.isLive && !lane.isOut() && lane.mark != LaneMark.BEHIND ? 1 : 0;
        }
        return count;
    }
}
