package io.ringcast.match;

import io.ringcast.session.ActionList;
import io.ringcast.session.MatchedAction;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tells those who subscribe to {@code relay_status} what happens to the other subscriptions: upstreams that come and
 * go, gaps, what was repaired or came too late, the journal's end and the relay's, and once a second how far the stream
 * is.
 * Confined to the pipeline thread that runs match.
 */
final class StatusFeed
{
    /** The kind as clients write it, with its quotes. */
    static final String KIND = "\"relay_status\"";
    /** What its feed is known by. */
    static final String PARAMS = '[' + KIND + ']';

    private static final long HEARTBEAT_NS = 1_000_000_000L;

    private final List<String> laneNames;
    private final boolean[] isUp;
    private final ItemPublisher publisher;
    private Feed feed;
    private boolean hasTold;
    private long toldAtNs;
    private boolean isJournalBroken;
    private long tip = -1;
    private long tipAtNs;

    StatusFeed(final List<String> laneNames, final ItemPublisher publisher)
    {
        this.laneNames = laneNames;
        isUp = new boolean[laneNames.size()];
        this.publisher = publisher;
    }

    /** The feed that carries it, or null while nobody subscribes. */
    void setFeed(final Feed newFeed)
    {
        feed = newFeed;
    }

    /** Whether anybody subscribes. */
    boolean isAsked()
    {
        return feed != null;
    }

    /** A head was published. */
    void onHead(final long number, final long nowNs)
    {
        tip = number;
        tipAtNs = nowNs;
    }

    void onLaneUp(final int laneIndex, final long nowNs, final ActionList<MatchedAction> out)
    {
        isUp[laneIndex] = true;
        tell("feedUp", ",\"feed\":\"" + laneNames.get(laneIndex) + '"', nowNs, out);
    }

    void onLaneDown(final int laneIndex, final long nowNs, final ActionList<MatchedAction> out)
    {
        isUp[laneIndex] = false;
        tell("feedDown", ",\"feed\":\"" + laneNames.get(laneIndex) + '"', nowNs, out);
    }

    /** Nobody could tell the heads between two numbers. */
    void onHeadGap(
        final long lastNumber, final long nextNumber, final long nowNs, final ActionList<MatchedAction> out)
    {
        if (feed != null)
        {
            tell(
                "gap", ",\"of\":\"newHeads\",\"from\":" + hex(lastNumber) + ",\"to\":" + hex(nextNumber), nowNs, out);
        }
    }

    /** Heads wait for more upstreams to agree, or go on. */
    void onQuorum(
        final boolean isMet, final int quorum, final int agreeing, final long nowNs,
        final ActionList<MatchedAction> out)
    {
        if (feed != null)
        {
            tell(isMet ? "quorumMet" : "quorumLost", ",\"quorum\":" + quorum + ",\"agreeing\":" + agreeing, nowNs, out);
        }
    }

    /** Nobody could tell all logs of a block. */
    void onLogGap(final long blockNumber, final long nowNs, final ActionList<MatchedAction> out)
    {
        if (feed != null)
        {
            tell("gap", ",\"of\":\"logs\",\"block\":" + hex(blockNumber), nowNs, out);
        }
    }

    /** What was missing in a declared gap has come; it is told here, since its place in the stream has passed. */
    void onLate(
        final String of, final long blockNumber, final byte[] bytes, final int offset, final int length,
        final long nowNs, final ActionList<MatchedAction> out)
    {
        if (feed != null)
        {
            tell("late", ",\"of\":\"" + of + "\",\"block\":" + hex(blockNumber) + ",\"item\":" +
                new String(bytes, offset, length, StandardCharsets.UTF_8), nowNs, out);
        }
    }

    /** A head that no upstream had pushed was published in its place. */
    void onRepaired(final long number, final long nowNs, final ActionList<MatchedAction> out)
    {
        if (feed != null)
        {
            tell("repaired", ",\"of\":\"newHeads\",\"number\":" + hex(number), nowNs, out);
        }
    }

    /** The relay is about to close all connections. */
    void onDrain(final String members, final long nowNs, final ActionList<MatchedAction> out)
    {
        tell("drain", members, nowNs, out);
    }

    /** Nothing more is recorded: who comes later hears of it with each heartbeat. */
    void onJournalBroken(final long nowNs, final ActionList<MatchedAction> out)
    {
        isJournalBroken = true;
        tell("journalBroken", "", nowNs, out);
    }

    /** Some logs of a block that no upstream had pushed were fetched. */
    void onLogsRepaired(
        final long blockNumber, final int count, final long nowNs, final ActionList<MatchedAction> out)
    {
        if (feed != null)
        {
            tell("repaired", ",\"of\":\"logs\",\"block\":" + hex(blockNumber) + ",\"n\":" + count, nowNs, out);
        }
    }

    /** True if a heartbeat was told. */
    boolean onTick(final long nowNs, final ActionList<MatchedAction> out)
    {
        // A steady clock may begin anywhere, below zero too.
        final boolean isDue = !hasTold || nowNs - toldAtNs >= HEARTBEAT_NS;
        if (isDue)
        {
            hasTold = true;
            toldAtNs = nowNs;
            tell("heartbeat", isJournalBroken ? ",\"journal\":\"broken\"" : "", nowNs, out);
        }
        return isDue && feed != null;
    }

    private void tell(
        final String event, final String members, final long nowNs, final ActionList<MatchedAction> out)
    {
        if (feed == null)
        {
            return;
        }
        int live = 0;
        for (final boolean up : isUp)
        {
            live += up ? 1 : 0;
        }
        final String head = tip < 0 ? "" :
            ",\"head\":" + hex(tip) + ",\"headAgeMs\":" + TimeUnit.NANOSECONDS.toMillis(nowNs - tipAtNs);
        final byte[] item = ("{\"event\":\"" + event + '"' + members + ",\"feedsLive\":" + live + head + '}')
            .getBytes(StandardCharsets.UTF_8);
        publisher.publishOwn(feed, item, 0, item.length, nowNs, out);
    }

    private static String hex(final long number)
    {
        return "\"0x" + Long.toHexString(number) + '"';
    }
}
