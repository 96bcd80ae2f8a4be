package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * The heads that wait, in each lane's order, for what is missing before them or for other lanes to agree.
 * Confined to the thread that runs match; the time is passed in.
 */
final class HeadQueues
{
    private final CounterSet counters;
    private final HeadLane[] lanes;
    private final HeadRepair repair;
    private final HeadDissent dissent;
    private final HeadJudge judge;
    private final QuorumWatch quorum;
    /** Bit n is set while heads of lane n may wait. */
    private int queuedMask;
    /** Grows with whatever may change a judgement. */
    private long changes;

    HeadQueues(
        final CounterSet counters, final HeadLane[] lanes, final HeadRepair repair, final HeadDissent dissent,
        final HeadJudge judge, final QuorumWatch quorum)
    {
        this.counters = counters;
        this.lanes = lanes;
        this.repair = repair;
        this.dissent = dissent;
        this.judge = judge;
        this.quorum = quorum;
    }

    /** A lane's head has to wait behind those that it has said before. */
    void add(final HeadLane lane, final Head head, final long nowNs)
    {
        if (isFull(lane, head))
        {
            giveUpRepair(lane, nowNs);
            drain(nowNs);
            while (isFull(lane, head))
            {
                // Still the same: it waits for the others to agree. Its newest head stands for those before it.
                counters.increment(RelayCounter.HEADS_CROWDED_OUT);
                lane.tryDequeue();
            }
        }
        judge.noteSaid(lane, head);
        lane.enqueue(head);
        queuedMask |= 1 << lane.index;
    }

    private boolean isFull(final HeadLane lane, final Head added)
    {
        return lane.queue.size() == HeadLane.QUEUE_LIMIT ||
            lane.queuedBytes() + added.bytes.length > HeadStore.queueBytes(lanes.length);
    }

    /** Something has been said, answered or lost: judges again what waits, until nothing changes any more. */
    void drain(final long nowNs)
    {
        changes++;
        boolean isProgress = queuedMask != 0;
        while (isProgress)
        {
            isProgress = false;
            for (final HeadLane lane : lanes)
            {
                while (!lane.queue.isEmpty() && (judge.tryJudge(lane, lane.queue.peek(), nowNs) || tryPassOver(lane)))
                {
                    lane.tryDequeue();
                    isProgress = true;
                }
                if (lane.queue.isEmpty())
                {
                    queuedMask &= ~(1 << lane.index);
                }
            }
        }
        if (queuedMask == 0)
        {
            repair.onNobodyWaits();
        }
    }

    /** A head that the others never said ends its wait for them when the lane's later ones are agreed upon. */
    private boolean tryPassOver(final HeadLane lane)
    {
        final boolean isPassedOver = !lane.isRepairing && dissent.isLaterAgreedUpon(lane);
        if (isPassedOver)
        {
            passOver(lane);
        }
        return isPassedOver;
    }

    private void passOver(final HeadLane lane)
    {
        lane.score.late++;
        counters.increment(RelayCounter.HEADS_SET_ASIDE);
    }

    /** Whether one of them waits for a fetch. */
    boolean isAnyRepairing()
    {
        for (final HeadLane lane : lanes)
        {
            if (lane.isRepairing)
            {
                return true;
            }
        }
        return false;
    }

    /** Nobody wants heads any more. */
    void onReleased()
    {
        quorum.onReleased();
    }

    /** Time passes: what has waited too long is given up. What waits for other lanes is not judged by the time. */
    void onTime(final long nowNs)
    {
        if (queuedMask != 0 && giveUpOverdue(nowNs))
        {
            drain(nowNs);
        }
        quorum.onTime(queuedMask != 0, nowNs);
    }

    private boolean giveUpOverdue(final long nowNs)
    {
        boolean isAny = false;
        for (final HeadLane lane : lanes)
        {
            if (repair.isOverdue(lane, nowNs) && lane.overdueJudgedAt != changes)
            {
                lane.overdueJudgedAt = changes;
                isAny |= giveUpRepair(lane, nowNs);
            }
        }
        return isAny;
    }

    private boolean giveUpRepair(final HeadLane lane, final long nowNs)
    {
        final boolean isEnded = lane.isRepairing && tryEndWait(lane, nowNs);
        if (isEnded)
        {
            lane.tryDequeue();
        }
        return isEnded;
    }

    /** Judges a head that has waited too long; false if it has to go on waiting, for other lanes to agree. */
    private boolean tryEndWait(final HeadLane lane, final long nowNs)
    {
        final Head head = lane.queue.peek();
        if (judge.tryJudge(lane, head, nowNs) || judge.tryDeclareGap(lane, head, nowNs))
        {
            return true;
        }
        final boolean isPassedOver = dissent.isLaterAgreedUpon(lane);
        if (isPassedOver)
        {
            passOver(lane);
        }
        return isPassedOver;
    }
}
