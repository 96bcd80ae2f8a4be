package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which lanes agree with what was published, and which are left out because they contradict the others.
 * Confined to the thread that runs match; the time is passed in.
 */
final class HeadDissent
{
    private static final Logger LOGGER = LoggerFactory.getLogger(HeadDissent.class);
    private static final long LEFT_OUT_NS = 30_000_000_000L;
    /** No reorg is so deep and leads to a block that was published before. */
    private static final int BACKWARDS_BLOCKS = 3;
    private static final long SOMEBODY = 0;

    private final LaneRules rules;
    private final CounterSet counters;
    private final HeadLane[] lanes;
    private final HeadLog log;
    private final HeadStore store;
    /** Since when each lane that is live is left out; {@link #SOMEBODY} while one is not. */
    private long nobodySinceNs = SOMEBODY;

    HeadDissent(
        final LaneRules rules, final CounterSet counters, final HeadLane[] lanes, final HeadLog log,
        final HeadStore store)
    {
        this.rules = rules;
        this.counters = counters;
        this.lanes = lanes;
        this.log = log;
        this.store = store;
    }

    /** Whether a lane's own last head, or all that it has said, is where the published chain is. */
    boolean agrees(final HeadLane lane)
    {
        return lane.cursor == log.end() || lane.hasAgreed && log.isTip(lane.agreedHash);
    }

    boolean hasQuorum(final Head head)
    {
        return Integer.bitCount(head.saidMask) >= rules.quorum();
    }

    /** Whether one of the heads behind the first that waits is published, or may be. */
    boolean isLaterAgreedUpon(final HeadLane lane)
    {
        boolean isFirst = true;
        for (final Head later : lane.queue)
        {
            if (!isFirst && (hasQuorum(later) || lane.find(log, later.hash) >= 0))
            {
                return true;
            }
            isFirst = false;
        }
        return false;
    }

    /** Whether two lanes say what was never published, and the tip is one lane's alone. */
    boolean isOutvoted(final Head head)
    {
        final Head tip = store.find(log.tipHash());
        return tip != null && Integer.bitCount(tip.saidMask) == 1 &&
            Integer.bitCount(head.saidMask & ~tip.saidMask) >= 2 && log.find(0, head.hash) < 0;
    }

    /**
     * Whether another lane than the given one follows the published chain, so that it is the given one that left. Who
     * has said nothing on its connection may have left as well.
     */
    boolean isChainFollowedWithout(final HeadLane lane)
    {
        for (final HeadLane other : lanes)
        {
            if (other != lane && other.isPlaceKnown && other.queue.isEmpty() && !other.isOut() && agrees(other))
            {
                return true;
            }
        }
        return false;
    }

    /** Whether another lane than the given one has said, on the connection that it has, that it is on the chain. */
    boolean isChainHeldWithout(final HeadLane lane)
    {
        for (final HeadLane other : lanes)
        {
            if (other != lane && other.isPlaceKnown && !other.isOut() && agrees(other) &&
                log.isOnChain(other.lastNumber, other.lastHash))
            {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a lane says again what was published blocks ago, behind what it has said itself, while another follows
     * the chain. Not so if it follows a deep reorg after another: what that has published stands ahead of its cursor.
     */
    boolean isBackwards(final HeadLane lane, final long lastNumber, final Head head)
    {
        return lastNumber - head.number >= BACKWARDS_BLOCKS && log.tipNumber() - head.number >= BACKWARDS_BLOCKS &&
            log.isOnChain(head.number, head.hash) && lane.find(log, head.hash) < 0 && isChainFollowedWithout(lane);
    }

    void leaveOutSayerOfTip(final long nowNs)
    {
        final int sayer = Integer.numberOfTrailingZeros(store.find(log.tipHash()).saidMask);
        leaveOut(lanes[sayer], LaneMark.CONTRADICTS, "it alone tells of a branch that two others contradict", nowNs);
    }

    /** Leaves a lane out for a while: what it says contradicts what the others say. */
    void leaveOut(final HeadLane lane, final LaneMark mark, final String reason, final long nowNs)
    {
        lane.mark = mark;
        counters.increment(RelayCounter.LANES_LEFT_OUT);
        lane.score.wrong++;
        lane.isLeftOut = true;
        lane.leftOutUntilNs = nowNs + LEFT_OUT_NS;
        lane.clearQueue();
        noteLanes(nowNs);
        LOGGER.warn("upstream {} is left out of the heads for {} s: {}", rules.name(lane.index),
            LEFT_OUT_NS / 1_000_000_000L, reason);
    }

    /** A lane comes, goes or is left out. */
    void noteLanes(final long nowNs)
    {
        boolean isAnyLive = false;
        boolean isAnyHeard = false;
        for (final HeadLane lane : lanes)
        {
            isAnyLive |= lane.isLive;
            isAnyHeard |= lane.isLive && !lane.isLeftOut;
        }
        if (!isAnyLive || isAnyHeard)
        {
            nobodySinceNs = SOMEBODY;
        }
        else if (nobodySinceNs == SOMEBODY)
        {
            // 0 says something else.
            nobodySinceNs = nowNs | 1;
        }
    }

    /** Its time is over at last; at once if no other has been there for as long as the longest repair takes. */
    boolean isLeftOut(final HeadLane lane, final long nowNs)
    {
        if (lane.isLeftOut && (nowNs - lane.leftOutUntilNs >= 0 || isNobodyElse(nowNs)))
        {
            lane.isLeftOut = false;
            lane.mark = lane.isSilent ? LaneMark.SILENT : LaneMark.NONE;
            noteLanes(nowNs);
        }
        return lane.isLeftOut;
    }

    private boolean isNobodyElse(final long nowNs)
    {
        return nobodySinceNs != SOMEBODY &&
            nowNs - nobodySinceNs >= rules.repairDeadlineNs() * LaneRules.LONGEST_REPAIR_DEADLINES;
    }
}
