package io.ringcast.lane;

import io.ringcast.frame.HexWords;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * Fetches the heads that no lane has said between the published chain and what one says now.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>A hole is asked for from its upper end by hash, one answer after the other, and by number all at once. The
 * deadline starts again with each part that arrives, but not for ever. It bounds how long what was pushed is held:
 * while only a lane's newest head waits that the relay itself has asked for, as after a reconnect, nobody's item is
 * late yet, and the walk has the longest time that there is.
 */
final class HeadRepair
{
    static final String NEWEST = "\"method\":\"eth_getBlockByNumber\",\"params\":[\"latest\",false]";

    private final LaneRules rules;
    private final CounterSet counters;
    private final HeadLane[] lanes;
    private final HeadLog log;
    private final Fetches fetches;
    private final HeaderText headerText = new HeaderText();
    private final WaitClock clock = new WaitClock();
    private final RepairDeadline deadline;
    private byte[] answer;

    HeadRepair(
        final LaneRules rules, final CounterSet counters, final HeadSink sink, final HeadLane[] lanes,
        final HeadLog log)
    {
        this.rules = rules;
        this.counters = counters;
        this.lanes = lanes;
        this.log = log;
        deadline = new RepairDeadline(rules);
        fetches = new Fetches(lanes, rules.attemptNs(), new FetchSender(sink, counters));
    }

    /** A lane can be asked. */
    void onLaneLive(final int laneIndex, final long nowNs)
    {
        deadline.setLive(laneIndex, true);
        fetches.onLaneLive(nowNs);
    }

    /**
     * Asks a lane that has just accepted the feed for its newest head: what happened meanwhile may have been told by
     * nobody, since another lane that is connected may be as good as dead, and the next push may be long in coming.
     */
    void askNewest(final int laneIndex, final long nowNs)
    {
        if (log.hasChain())
        {
            fetches.start(Fetch.of(NEWEST, laneIndex), laneIndex, nowNs);
        }
    }

    void onLaneDown(final int laneIndex)
    {
        deadline.setLive(laneIndex, false);
        fetches.onLaneDown(laneIndex);
    }

    /** Notes which members a pushed head has, so that a fetched one gets the same. */
    void learn(final int memberCount, final byte[] bytes, final int offset, final int length)
    {
        headerText.learn(memberCount, bytes, offset, length);
    }

    /** Makes the head of a block that an upstream gave, with the members of a pushed one; null if this is no block. */
    byte[] headText(final byte[] bytes, final int offset, final int length)
    {
        return headerText.of(bytes, offset, length);
    }

    /**
     * Takes an answer. One that is not what was asked for sends the question on to the next lane.
     *
     * @param keys receives the head's keys.
     * @return what was asked for, whose {@link #answer()} may be none; null if it is not waited for any more.
     */
    Fetch take(
        final long callId, final int laneIndex, final boolean isError, final byte[] bytes, final int offset,
        final int length, final HeadKeys keys, final long nowNs)
    {
        final Fetch fetch = fetches.take(callId, laneIndex, nowNs);
        if (fetch == null)
        {
            return null;
        }
        deadline.onAnswered(laneIndex, fetch.roundTripNs, nowNs);
        answer = isError ? null : headText(bytes, offset, length);
        final boolean isHead = answer != null && answer.length <= HeadStore.LONGEST_HEAD_BYTES &&
            keys.tryRead(answer, 0, answer.length);
        if (!isHead || !isWhatWasAsked(fetch, keys))
        {
            counters.increment(RelayCounter.REPAIR_FETCHES_FAILED);
            fetches.tryNext(fetch, nowNs);
            answer = null;
        }
        return fetch;
    }

    private static boolean isWhatWasAsked(final Fetch fetch, final HeadKeys keys)
    {
        if (fetch.hash != null)
        {
            return HexWords.equal(fetch.hash, 0, keys.hash, 0);
        }
        return isForNewest(fetch) || fetch.number == keys.number;
    }

    /** The head that the last answer gave, with the members of a pushed one; null if it is not what was asked for. */
    byte[] answer()
    {
        return answer;
    }

    byte[] headerText(final byte[] bytes, final int offset, final int length)
    {
        return headerText.of(bytes, offset, length);
    }

    /** Whether a fetch was for the newest head of its lane, and not for a missing one. */
    static boolean isForNewest(final Fetch fetch)
    {
        return fetch.onlyLane != Fetch.ANY_LANE;
    }

    /** A lane says a head that was asked for: it is asked for no more. */
    void onSaid(final Head head, final long nowNs)
    {
        if (!fetches.isEmpty() && fetches.isWanted(head.hash))
        {
            fetches.forget(head.hash);
            onArrived(nowNs);
        }
    }

    /** A missing head arrived: all that wait have the whole deadline again. */
    void onArrived(final long nowNs)
    {
        final long atNs = clock.at(nowNs);
        for (final HeadLane lane : lanes)
        {
            lane.progressAtNs = atNs;
        }
    }

    /** A lane has pushed a head that waits behind others; if it is the first, its deadline begins. */
    void onPushHeld(final HeadLane lane, final long nowNs)
    {
        if (!lane.isPushHeld)
        {
            lane.isPushHeld = true;
            lane.progressAtNs = clock.at(nowNs);
        }
    }

    /**
     * Begins or continues to fetch what is missing before a lane's head.
     *
     * @param path walked from the head as far as it is known.
     * @param end  how the walk ended.
     * @return false if the hole is too wide to be fetched.
     */
    boolean tryFetch(
        final HeadLane lane, final Head head, final HeadPath path, final HeadPath.End end, final long nowNs)
    {
        if (!lane.isRepairing)
        {
            lane.isRepairing = true;
            lane.repairingSinceNs = clock.at(nowNs);
            lane.progressAtNs = lane.repairingSinceNs;
        }
        if (end == HeadPath.End.TOO_FAR || head.number - log.tipNumber() > rules.repairBlocks())
        {
            return false;
        }
        final Head first = path.first();
        if (!fetches.isWanted(first.parentHash))
        {
            fetches.start(Fetch.byHash(
                "\"method\":\"eth_getBlockByHash\",\"params\":[\"" + HexWords.toText(first.parentHash, 0) +
                "\",false]", first.parentHash, first.number - 1), lane.index, nowNs);
            // A wide hole is not walked one answer after the other.
            fetches.forgetNumbersTo(log.tipNumber());
            for (long number = first.number - 2; number > log.tipNumber(); number--)
            {
                if (!fetches.wasAsked(number))
                {
                    fetches.start(Fetch.byNumber(
                        "\"method\":\"eth_getBlockByNumber\",\"params\":[\"0x" + Long.toHexString(number) +
                        "\",false]", number), lane.index, nowNs);
                }
            }
        }
        return true;
    }

    /** Whether a lane has waited long enough. While nobody can be asked the deadline does not begin. */
    boolean isOverdue(final HeadLane lane, final long nowNs)
    {
        if (!lane.isRepairing)
        {
            return false;
        }
        final long atNs = clock.at(nowNs);
        if (!isAnyLive())
        {
            lane.repairingSinceNs = atNs;
            lane.progressAtNs = atNs;
        }
        final long longestNs = deadline.longestNs();
        return atNs - lane.progressAtNs >= (lane.isPushHeld ? deadline.ns() : longestNs) ||
            atNs - lane.repairingSinceNs >= longestNs;
    }

    /** The longest round trip to an upstream that is there, in nanoseconds. */
    long roundTripNs()
    {
        return deadline.roundTripNs();
    }

    /** Sends what was not answered in time to another lane. */
    void onTime(final long nowNs)
    {
        clock.at(nowNs);
        deadline.onTime(nowNs);
        if (!fetches.isEmpty())
        {
            fetches.onTime(nowNs);
        }
    }

    /** No lane waits for a missing head any more. */
    void onNobodyWaits()
    {
        if (!fetches.isEmpty())
        {
            fetches.forgetBlocks();
        }
    }

    /** A hole was given up: what comes of it from now on is late. */
    void giveUp(final long nowNs)
    {
        fetches.giveUpBlocks(nowNs);
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
}
