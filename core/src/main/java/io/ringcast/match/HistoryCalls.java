package io.ringcast.match;

import io.ringcast.lane.HeadArbiter;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.MatchedAction;
import org.agrona.collections.Long2ObjectHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The relay's own calls for the past: a bounded number under way, each to one upstream after the other until one can
 * answer.
 * Confined to the pipeline thread that runs match; the time is passed in.
 */
final class HistoryCalls
{
    /** So many are under way for all histories of a network together; the others wait in the order of asking. */
    static final int LIMIT_UNDER_WAY = 32;
    /** When all upstreams have failed, they are asked again after this time, doubled each time. */
    static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MAX_DOUBLINGS = 6;
    /** What a node says is passed on to the subscriber if it is no longer. */
    private static final int LIMIT_ERROR_BYTES = 512;
    private static final int NO_LANE = -1;
    private static final Logger LOGGER = LoggerFactory.getLogger(HistoryCalls.class);

    private final FeedTable feeds;
    private final HeadArbiter heads;
    private final int laneCount;
    private final long attemptNs;
    private final CounterSet counters;
    private final Long2ObjectHashMap<HistoryPage> underWay = new Long2ObjectHashMap<>();
    private final ArrayDeque<HistoryPage> queue = new ArrayDeque<>();
    private final Consumer<HistoryPage> starter = this::start;
    private final List<HistoryPage> pausing = new ArrayList<>();
    private final List<HistoryPage> lost = new ArrayList<>();

    HistoryCalls(
        final FeedTable feeds, final HeadArbiter heads, final int laneCount, final long attemptNs,
        final CounterSet counters)
    {
        this.feeds = feeds;
        this.heads = heads;
        this.laneCount = laneCount;
        this.attemptNs = attemptNs;
        this.counters = counters;
    }

    /** The way to {@link #start}; one for all, since an image of the stages holds no later lambdas. */
    Consumer<HistoryPage> starter()
    {
        return starter;
    }

    /** Asks, as soon as there is room; the page's reader is told what comes. */
    void start(final HistoryPage page)
    {
        queue.addLast(page);
    }

    /** Takes an answer; false if it is not to one of these calls. */
    boolean tryAnswer(final CorrelatedAction answer, final long nowNs)
    {
        final HistoryPage page = underWay.get(answer.upstreamRequestId);
        if (page == null || page.laneIndex != answer.laneIndex)
        {
            return false;
        }
        underWay.remove(answer.upstreamRequestId);
        if (!page.isCancelled)
        {
            final boolean isTaken = !answer.isError &&
                page.reader.tryTake(page, answer.bytes, answer.valueOffset, answer.valueLength, nowNs);
            if (isTaken && page.rounds > 0)
            {
                page.reader.onGoingOn(page);
            }
            if (!isTaken)
            {
                page.error = !answer.isError || answer.valueLength > LIMIT_ERROR_BYTES ? null : Arrays.copyOfRange(
                    answer.bytes, answer.valueOffset, answer.valueOffset + answer.valueLength);
                onFailed(page, nowNs);
            }
        }
        return true;
    }

    void onLaneDown(final int laneIndex)
    {
        for (final HistoryPage page : underWay.values())
        {
            if (page.laneIndex == laneIndex)
            {
                lost.add(page);
            }
        }
        for (final HistoryPage page : lost)
        {
            underWay.remove(page.callId);
            queue.addLast(page);
        }
        lost.clear();
    }

    /** What takes too long is asked of another upstream, and what all have failed is asked again after a while. */
    void onTick(final long nowNs)
    {
        for (final HistoryPage page : underWay.values())
        {
            if (nowNs - page.dueNs >= 0)
            {
                lost.add(page);
            }
        }
        for (final HistoryPage page : lost)
        {
            underWay.remove(page.callId);
            if (!page.isCancelled)
            {
                onFailed(page, nowNs);
            }
        }
        lost.clear();
        queue.removeIf(page -> page.isCancelled);
        for (int i = 0; i < pausing.size(); )
        {
            final HistoryPage page = pausing.get(i);
            if (page.isCancelled || nowNs - page.dueNs >= 0)
            {
                pausing.remove(i);
                queue.addLast(page);
            }
            else
            {
                i++;
            }
        }
    }

    /** Sends what there is room for. */
    void send(final long nowNs, final ActionList<MatchedAction> out)
    {
        while (!queue.isEmpty() && underWay.size() < LIMIT_UNDER_WAY)
        {
            final HistoryPage page = queue.pollFirst();
            if (page.isCancelled)
            {
                continue;
            }
            final int lane = nextLane(page);
            if (lane == NO_LANE)
            {
                pause(page, nowNs);
                continue;
            }
            page.laneIndex = lane;
            page.triedMask |= 1 << lane;
            page.dueNs = nowNs + attemptNs;
            page.callId = feeds.fetch(page.reader.subscriber().topic.feed, lane, page.call(), out);
            underWay.put(page.callId, page);
            counters.increment(RelayCounter.HISTORY_CALLS);
        }
    }

    private void onFailed(final HistoryPage page, final long nowNs)
    {
        counters.increment(RelayCounter.HISTORY_CALLS_FAILED);
        if (page.reader.isGivenUp(page))
        {
            page.isCancelled = true;
        }
        else if (nextLane(page) != NO_LANE)
        {
            queue.addFirst(page);
        }
        else
        {
            pause(page, nowNs);
        }
    }

    private void pause(final HistoryPage page, final long nowNs)
    {
        if (page.rounds == 0 && page.triedMask != 0)
        {
            LOGGER.warn("no upstream can tell the history of blocks {} to {}; it is asked for again and again",
                page.firstNumber, page.lastNumber);
            counters.increment(RelayCounter.HISTORY_STALLS);
        }
        if (page.triedMask != 0 && (page.rounds == 0 || page.rounds >= MAX_DOUBLINGS))
        {
            // Again and again, but seldom: who has asked for the status since has to hear of it, too.
            page.reader.onStalled(page);
        }
        page.dueNs = nowNs + (FIRST_PAUSE_NS << Math.min(page.rounds, MAX_DOUBLINGS));
        page.rounds++;
        page.triedMask = 0;
        pausing.add(page);
    }

    /**
     * One that has the newest head, if there is any: one that is behind leaves out what it does not have. Who is left
     * out of the heads is asked when no other is left.
     */
    private int nextLane(final HistoryPage page)
    {
        final boolean isNewestHad = isNewestHad();
        final int leftOut = heads.leftOutMask();
        int lastResort = NO_LANE;
        for (int lane = 0; lane < laneCount; lane++)
        {
            if ((page.triedMask >>> lane & 1) == 0 && feeds.isUp(lane) && (!isNewestHad || heads.hasNewest(lane)))
            {
                if ((leftOut >>> lane & 1) == 0)
                {
                    return lane;
                }
                lastResort = lastResort == NO_LANE ? lane : lastResort;
            }
        }
        return lastResort;
    }

    private boolean isNewestHad()
    {
        for (int lane = 0; lane < laneCount; lane++)
        {
            if (feeds.isUp(lane) && heads.hasNewest(lane))
            {
                return true;
            }
        }
        return false;
    }
}
