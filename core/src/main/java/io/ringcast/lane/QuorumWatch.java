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
 * them, when heads have waited for longer than any repair takes.
 */
final class QuorumWatch
{
    private static final Logger LOGGER = LoggerFactory.getLogger(QuorumWatch.class);

    private final LaneRules rules;
    private final CounterSet counters;
    private final HeadSink sink;
    private final HeadLane[] lanes;
    private final HeadLog log;
    private final WaitClock clock = new WaitClock();
    private boolean isWaiting;
    private boolean isLost;
    /** On the clock of waiting: since when nothing was published, though heads wait. */
    private long sinceNs;
    private long seenEnd;

    QuorumWatch(
        final LaneRules rules, final CounterSet counters, final HeadSink sink, final HeadLane[] lanes,
        final HeadLog log)
    {
        this.rules = rules;
        this.counters = counters;
        this.sink = sink;
        this.lanes = lanes;
        this.log = log;
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
        final boolean isMoving = log.end() != seenEnd;
        if (isLost && (isMoving || !isAnyQueued))
        {
            isLost = false;
            LOGGER.info("the quorum of {} upstreams is there again: heads go on", rules.quorum());
            sink.onQuorum(true, agreeing());
        }
        if (isMoving || !isWaiting || !isAnyQueued)
        {
            sinceNs = atNs;
        }
        seenEnd = log.end();
        isWaiting = isAnyQueued;
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
        return rules.repairDeadlineNs() * (agreeing() < rules.quorum() ? 1 : LaneRules.LONGEST_REPAIR_DEADLINES);
    }

    /** How many upstreams may agree: they give heads, and nothing is held against them. */
    private int agreeing()
    {
        int count = 0;
        for (final HeadLane lane : lanes)
        {
            count += lane.isLive && !lane.isLeftOut && lane.mark == LaneMark.NONE ? 1 : 0;
        }
        return count;
    }
}
