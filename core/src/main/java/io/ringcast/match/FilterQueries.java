package io.ringcast.match;

import io.ringcast.lane.HeadArbiter;
import io.ringcast.lane.LaneChoice;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.RpcError;

import java.util.ArrayList;
import java.util.List;

/**
 * The calls of {@code eth_getFilterLogs} that wait for an upstream's {@code eth_getLogs}.
 * Confined to the pipeline thread that runs match.
 *
 * <p>A query goes to an upstream that has the newest head, and waits for one while none that is up has it. One that it
 * can't answer, or not in time, goes to each other upstream once; what the last of them says is the answer.
 */
final class FilterQueries
{
    /** So many wait at once; more are refused. */
    static final int LIMIT_QUERIES = 1024;
    /** So many of one connection: others have filters too. */
    static final int LIMIT_QUERIES_PER_CONNECTION = LIMIT_QUERIES / 4;

    /** An upstream that is gone for so long, and was alone with the newest head, is no longer waited for. */
    private static final long LIMIT_ALONE_NS = 30_000_000_000L;
    private static final int NO_LANE = LaneChoice.NO_LANE;

    private static final class Query
    {
        final ReplyAddress to = new ReplyAddress();
        final Feed feed;
        final String call;
        final long deadlineNs;
        /** Of the last attempt; 0 while none of the upstreams that are up has the newest head. */
        long callId;
        int laneIndex = NO_LANE;
        int triedMask;
        long sentAtNs;

        Query(final ReplyAddress to, final Feed feed, final String call, final long deadlineNs)
        {
            this.to.copyFrom(to);
            this.feed = feed;
            this.call = call;
            this.deadlineNs = deadlineNs;
        }
    }

    private final FeedTable feeds;
    private final HeadArbiter heads;
    private final NewestLanes lanes;
    private final long timeoutNs;
    private final long attemptNs;
    private final CounterSet counters;
    private final List<Query> waiting = new ArrayList<>();
    /** True while a head is known and no upstream that is up has the newest; looked at with each query and tick. */
    private boolean isNewestMissing;
    private long missingSinceNs;

    FilterQueries(
        final FeedTable feeds, final HeadArbiter heads, final int laneCount, final long timeoutNs,
        final long attemptNs, final CounterSet counters)
    {
        this.feeds = feeds;
        this.heads = heads;
        lanes = new NewestLanes(feeds, heads, laneCount);
        this.timeoutNs = timeoutNs;
        this.attemptNs = attemptNs;
        this.counters = counters;
    }

    /** Asks; the caller is answered when an upstream has answered. */
    void start(
        final ReplyAddress to, final Feed feed, final String filter, final long nowNs,
        final ActionList<MatchedAction> out)
    {
        if (isFull(to.connectionId))
        {
            counters.increment(RelayCounter.LIMIT_REFUSALS);
            Replies.error(to, RpcError.LIMIT_EXCEEDED, "limit exceeded: at most " + LIMIT_QUERIES +
                " calls of eth_getFilterLogs may wait at once, " + LIMIT_QUERIES_PER_CONNECTION +
                " of one connection", out);
            return;
        }
        final Query query = new Query(
            to, feed, "\"method\":\"eth_getLogs\",\"params\":[" + filter + ']', nowNs + timeoutNs);
        if (lanes.upMask() != 0)
        {
            waiting.add(query);
            noteNewest(nowNs);
            trySend(query, nowNs, out);
        }
        else
        {
            refuseUnavailable(query, out);
        }
    }

    private boolean isFull(final long connectionId)
    {
        int ofConnection = 0;
        for (int i = 0; i < waiting.size(); i++)
        {
            ofConnection += waiting.get(i).to.connectionId == connectionId ? 1 : 0;
        }
        return waiting.size() == LIMIT_QUERIES || ofConnection == LIMIT_QUERIES_PER_CONNECTION;
    }

    /** Returns false if the answer is not to one of these. */
    boolean tryAnswer(final CorrelatedAction answer, final long nowNs, final ActionList<MatchedAction> out)
    {
        for (int i = 0; i < waiting.size(); i++)
        {
            final Query query = waiting.get(i);
            if (query.callId == answer.upstreamRequestId && query.laneIndex == answer.laneIndex)
            {
                if (!answer.isError || !trySend(query, nowNs, out))
                {
                    waiting.remove(i);
                    reply(query.to, answer, out);
                }
                return true;
            }
        }
        return false;
    }

    void onLaneDown(final int laneIndex, final long nowNs, final ActionList<MatchedAction> out)
    {
        noteNewest(nowNs);
        for (int i = waiting.size() - 1; i >= 0; i--)
        {
            final Query query = waiting.get(i);
            if (query.laneIndex == laneIndex)
            {
                query.laneIndex = NO_LANE;
                query.callId = 0;
                trySend(query, nowNs, out);
            }
            if (query.laneIndex == NO_LANE && !hasHope(query))
            {
                waiting.remove(i);
                refuseUnavailable(query, out);
            }
        }
    }

    void onTick(final long nowNs, final ActionList<MatchedAction> out)
    {
        noteNewest(nowNs);
        for (int i = waiting.size() - 1; i >= 0; i--)
        {
            final Query query = waiting.get(i);
            if (nowNs - query.deadlineNs >= 0)
            {
                waiting.remove(i);
                counters.increment(RelayCounter.CALLS_TIMED_OUT);
                Replies.error(query.to, RpcError.TIMEOUT, "request timed out", out);
            }
            else if (query.laneIndex == NO_LANE || nowNs - query.sentAtNs >= attemptNs)
            {
                trySend(query, nowNs, out);
            }
        }
    }

    void onClientClosed(final long connectionId)
    {
        if (!waiting.isEmpty())
        {
            waiting.removeIf(query -> query.to.connectionId == connectionId);
        }
    }

    boolean isWaiting(final ReplyAddress to)
    {
        for (final Query query : waiting)
        {
            if (query.to.isSame(to))
            {
                return true;
            }
        }
        return false;
    }

    private boolean trySend(final Query query, final long nowNs, final ActionList<MatchedAction> out)
    {
        final int lane = nextLane(query, nowNs);
        if (lane == NO_LANE)
        {
            return false;
        }
        counters.add(RelayCounter.CALLS_FAILED_OVER, query.triedMask == 0 ? 0 : 1);
        query.laneIndex = lane;
        query.triedMask |= 1 << lane;
        query.sentAtNs = nowNs;
        query.callId = feeds.fetch(query.feed, lane, query.call, out);
        return true;
    }

    /** One that has the newest head; who is left out of the heads when no other is left. */
    private int nextLane(final Query query, final long nowNs)
    {
        if (isNewestMissing && nowNs - missingSinceNs < LIMIT_ALONE_NS && !lanes.isNewestHad())
        {
            return NO_LANE;
        }
        return lanes.next(query.triedMask);
    }

    private void noteNewest(final long nowNs)
    {
        final boolean isMissing = heads.hasHead() && !lanes.isNewestHad();
        missingSinceNs = isMissing && isNewestMissing ? missingSinceNs : nowNs;
        isNewestMissing = isMissing;
    }

    /** Whether an upstream is up that has not had the query: it will have the newest head some time. */
    private boolean hasHope(final Query query)
    {
        return (lanes.upMask() & ~query.triedMask) != 0;
    }

    private void refuseUnavailable(final Query query, final ActionList<MatchedAction> out)
    {
        counters.increment(RelayCounter.CALLS_LOST_UPSTREAM);
        Replies.error(
            query.to, RpcError.UPSTREAM_UNAVAILABLE, "no upstream is connected", out);
    }

    private static void reply(
        final ReplyAddress to, final CorrelatedAction answer, final ActionList<MatchedAction> out)
    {
        final MatchedAction reply = out.add();
        reply.kind =
            answer.isError ? MatchedAction.Kind.REPLY_ERROR_OBJECT : MatchedAction.Kind.REPLY_RESULT;
        reply.to.copyFrom(to);
        reply.bytes = answer.bytes;
        reply.offset = answer.valueOffset;
        reply.length = answer.valueLength;
    }
}
