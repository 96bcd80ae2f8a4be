package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges one head that a lane says: it is known, is published, is kept aside, or has to wait for a fetch or for other
 * lanes. The rules are those that {@link HeadArbiter} tells.
 * Confined to the thread that runs match; the time is passed in.
 */
final class HeadJudge
{
    private static final Logger LOGGER = LoggerFactory.getLogger(HeadJudge.class);
    /** So many blocks deep, and said by two lanes, a branch beats the one that a single lane tells of. */
    private static final int CONTRADICTION_BLOCKS = 16;

    private final LaneRules rules;
    private final CounterSet counters;
    private final HeadSink sink;
    private final HeadLog log;
    private final HeadPath path;
    private final HeadRepair repair;
    private final HeadDissent dissent;
    private final HeadOutput output;
    private final HeadAnchor anchor;
    private long judgements;

    HeadJudge(
        final LaneRules rules, final CounterSet counters, final HeadSink sink, final HeadLog log, final HeadPath path,
        final HeadRepair repair, final HeadDissent dissent, final HeadOutput output, final HeadAnchor anchor)
    {
        this.rules = rules;
        this.counters = counters;
        this.sink = sink;
        this.log = log;
        this.path = path;
        this.repair = repair;
        this.dissent = dissent;
        this.output = output;
        this.anchor = anchor;
    }

    /** How often a head was judged. */
    long judgements()
    {
        return judgements;
    }

    /** A lane that says a head has said those before it, as far as they are kept. */
    void noteSaid(final HeadLane lane, final Head head)
    {
        path.walk(head, 1 << lane.index);
    }

    /**
     * Judges a head that a lane says.
     *
     * @return false if it must wait, for a fetch or for other lanes.
     */
    boolean tryJudge(final HeadLane lane, final Head head, final long nowNs)
    {
        judgements++;
        if (!head.isContested())
        {
            head.saidMask |= 1 << lane.index;
        }
        final long known = lane.find(log, head.hash);
        if (known >= 0)
        {
            onSecond(lane, head, known, nowNs);
            return true;
        }
        if (log.isEmpty() && head.number <= log.tipNumber() && !head.isPushed && !anchor.tryYield(lane, head, nowNs))
        {
            // It may have been there before anybody wanted heads.
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
            return true;
        }
        if (log.isEmpty() && (!log.hasChain() || head.number <= log.tipNumber()))
        {
            return tryPublishRoot(lane, head, nowNs);
        }
        if (log.isOnChain(head.number, head.hash))
        {
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
            return true;
        }
        if (head.number < log.baseNumber() && !isBegunAnew(lane, head))
        {
            return judgeBelowBase(lane, head, nowNs);
        }
        final HeadPath.End end = path.walk(head, 1 << lane.index);
        switch (end)
        {
            case CONNECTED:
                lane.isRepairing = false;
                return dissent.hasQuorum(head) && path.isVouched(rules.quorum()) && judgeConnected(lane, head, nowNs);

            case UNSURE:
                lane.isRepairing = false;
                return false;

            case WRONG:
                lane.score.wrong++;
                counters.increment(RelayCounter.ITEMS_MALFORMED);
                return true;

            default:
                return repair(lane, head, end, nowNs);
        }
    }

    /** The anchor is none: what is pushed goes out as if there were no anchor, what was asked for takes its place. */
    private boolean tryBeginAt(final HeadLane lane, final Head head, final long nowNs)
    {
        if (head.isPushed)
        {
            return tryPublishRoot(lane, head, nowNs);
        }
        log.anchor(head.number, head.hash);
        return true;
    }

    private boolean tryPublishRoot(final HeadLane lane, final Head head, final long nowNs)
    {
        final boolean hasQuorum = dissent.hasQuorum(head);
        if (hasQuorum)
        {
            output.publishRoot(head, lane, nowNs);
        }
        return hasQuorum;
    }

    private void onSecond(final HeadLane lane, final Head head, final long index, final long nowNs)
    {
        counters.increment(RelayCounter.ITEMS_DUPLICATE);
        final long missing = log.saidBetween(lane.cursor, index);
        if (lane.hasAgreed)
        {
            lane.score.missing += missing;
        }
        if (log.winner(index) != lane.index)
        {
            lane.score.onSecond(nowNs - log.publishedAtNs(index));
        }
        lane.agree(head, index + 1, missing > 0, nowNs);
    }

    private boolean judgeConnected(final HeadLane lane, final Head head, final long nowNs)
    {
        if (dissent.agrees(lane) && !isAloneFarBelow(lane, head) || head.number > log.tipNumber())
        {
            output.publishPath(path, lane, nowNs);
        }
        else if (path.length() >= CONTRADICTION_BLOCKS && dissent.isOutvoted(head))
        {
            dissent.leaveOutSayerOfTip(nowNs);
            output.publishPath(path, lane, nowNs);
        }
        else
        {
            lane.score.late++;
            counters.increment(RelayCounter.HEADS_SET_ASIDE);
        }
        return true;
    }

    /** A node that has begun anew, or lower than it was, leads nowhere as long as another follows the chain. */
    private boolean isAloneFarBelow(final HeadLane lane, final Head head)
    {
        return log.tipNumber() - head.number >= CONTRADICTION_BLOCKS && dissent.isChainHeldWithout(lane);
    }

    /**
     * Whether the chain goes on below where it began, as that of a node which was reset: who told all that was
     * published says so, and the head was made after the chain had begun; or it is not told for the first thing, and
     * is no late one out of a gap.
     */
    private boolean isBegunAnew(final HeadLane lane, final Head head)
    {
        // Nobody mines block 0.
        final boolean isNew = head.number > 0 && !log.mayHaveHad(head);
        return dissent.agrees(lane) && (isNew || lane.hasSpoken && !log.isInNewestGap(head.number)) &&
            !isAloneFarBelow(lane, head);
    }

    private boolean judgeBelowBase(final HeadLane lane, final Head head, final long nowNs)
    {
        // A lane that was first to speak and is a little ahead is no liar.
        if (log.tipNumber() - head.number > rules.repairBlocks() && dissent.isOutvoted(head))
        {
            if (!dissent.hasQuorum(head))
            {
                return false;
            }
            dissent.leaveOutSayerOfTip(nowNs);
            log.breakChain(head.number, false);
            counters.increment(RelayCounter.REORGS);
            output.publishRoot(head, lane, nowNs);
            return true;
        }
        lane.score.late++;
        counters.increment(RelayCounter.HEADS_LATE);
        if (log.isInGap(head.number))
        {
            tellLate(head);
        }
        return true;
    }

    private boolean repair(final HeadLane lane, final Head head, final HeadPath.End end, final long nowNs)
    {
        return !repair.tryFetch(lane, head, path, end, nowNs) && tryDeclareGap(lane, head, nowNs);
    }

    /**
     * What is missing before a head is given up: if another lane follows the published chain, this one has left it;
     * else the chain goes on behind a gap.
     *
     * @return false if fewer lanes than the quorum say the head: it may not be published, gap or no gap.
     */
    boolean tryDeclareGap(final HeadLane lane, final Head head, final long nowNs)
    {
        final boolean isChainFollowed = !log.isEmpty() && dissent.isChainFollowedWithout(lane);
        final boolean isSure = path.walk(head, 0) != HeadPath.End.UNSURE && path.isVouched(rules.quorum());
        if (!isChainFollowed && !(isSure && dissent.hasQuorum(head)))
        {
            return false;
        }
        lane.isRepairing = false;
        repair.giveUp(nowNs);
        if (isChainFollowed)
        {
            dissent.leaveOut(
                lane, LaneMark.CONTRADICTS, "its head " + head + " does not connect to what was published", nowNs);
            return true;
        }
        if (log.isEmpty() && lane.firstNumber - log.tipNumber() > rules.repairBlocks())
        {
            // It began so far above the anchor: who told of that is far behind.
            return tryBeginAt(lane, head, nowNs);
        }
        counters.increment(RelayCounter.HEAD_GAPS);
        LOGGER.warn("a gap in the heads: from {} to {} nobody could tell what is between", log.tipNumber(),
            path.first());
        sink.onGap(log.tipNumber(), path.first().number);
        log.breakChain(path.first().number, true);
        output.publishPath(path, lane, nowNs);
        return true;
    }

    /** A head from inside a declared gap has come: it is told once. */
    void tellLate(final Head head)
    {
        if (!head.isLateTold)
        {
            head.isLateTold = true;
            sink.onLate(head, head.bytes, head.length);
        }
    }
}
