package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * Takes the heads that lanes push, or that were fetched: each is kept, held to what its lane and others have said, and
 * judged, or queued behind those that wait.
 * Confined to the thread that runs match; the time is passed in.
 */
final class HeadIntake
{
    private final CounterSet counters;
    private final HeadStore store;
    private final HeadLog log;
    private final HeadRepair repair;
    private final HeadDissent dissent;
    private final HeadVersions versions;
    private final HeadOutput output;
    private final HeadJudge judge;
    private final HeadQueues queues;
    private final LaneWatch watch;
    private final HeadAnchor anchor;
    private final HeadKeys keys = new HeadKeys();

    HeadIntake(
        final CounterSet counters, final HeadStore store, final HeadLog log, final HeadRepair repair,
        final HeadDissent dissent, final HeadVersions versions, final HeadOutput output, final HeadJudge judge,
        final HeadQueues queues, final LaneWatch watch, final HeadAnchor anchor)
    {
        this.counters = counters;
        this.store = store;
        this.log = log;
        this.repair = repair;
        this.dissent = dissent;
        this.versions = versions;
        this.output = output;
        this.judge = judge;
        this.queues = queues;
        this.watch = watch;
        this.anchor = anchor;
    }

    /** Filled again for each head, said or answered. */
    HeadKeys keys()
    {
        return keys;
    }

    /**
     * A lane says a head.
     *
     * @param isPushed false if it was asked for it.
     * @return false if it is no head: number, hash or parent hash are missing.
     */
    boolean take(
        final HeadLane lane, final boolean isPushed, final byte[] bytes, final int offset, final int length,
        final long nowNs)
    {
        final Head head = keys.tryRead(bytes, offset, length) ? store.put(keys, bytes, offset, length) : null;
        if (isPushed)
        {
            // Also if it can't be read: a network whose heads are odd is not silent.
            watch.notePush(lane, nowNs);
        }
        if (head == null)
        {
            lane.score.wrong++;
            return false;
        }
        final long lastNumber = lane.lastNumber;
        lane.noteNumber(keys.number);
        // Where it is counts also while it is left out: it may be asked for what belongs to the blocks that it has.
        final boolean isRepeated = lane.repeats(head);
        if (dissent.isLeftOut(lane, nowNs))
        {
            lane.score.wrong++;
            lane.noteUnheard();
            return true;
        }
        lane.isPlaceKnown = true;
        if (!versions.tryTell(lane, head, keys, bytes, offset, length, nowNs))
        {
            counters.increment(RelayCounter.ITEMS_MALFORMED);
            // Somebody may have been left out: what the others said is looked at again.
            queues.drain(nowNs);
            return true;
        }
        final boolean isAnchorTold = isPushed && anchor.isToldBy(head);
        head.isPushed |= isPushed;
        if (isRepeated && !isAnchorTold)
        {
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
            return true;
        }
        if (dissent.isBackwards(lane, lastNumber, head))
        {
            dissent.leaveOut(lane, LaneMark.BACKWARDS, "it has gone back from " + lastNumber + " to " + head, nowNs);
            return true;
        }
        repair.learn(keys.memberCount, bytes, offset, length);
        judge(lane, head, isPushed, bytes, offset, length, nowNs);
        return true;
    }

    private void judge(
        final HeadLane lane, final Head head, final boolean isPushed, final byte[] bytes, final int offset,
        final int length, final long nowNs)
    {
        repair.onSaid(head, nowNs);
        if (!log.isOnChain(head.number, head.hash))
        {
            head.isFetched = false;
        }
        output.beginSlot(head, bytes, offset, length);
        if (!lane.queue.isEmpty() || !judge.tryJudge(lane, head, nowNs))
        {
            queues.add(lane, head, nowNs);
            if (isPushed)
            {
                repair.onPushHeld(lane, nowNs);
            }
        }
        lane.hasSpoken = true;
        queues.drain(nowNs);
        output.endSlot();
    }

    /** A lane has answered with a block that was asked for, whose keys have been read. */
    void keep(final Fetch fetch, final HeadLane lane, final byte[] text, final long nowNs)
    {
        final boolean isNew = store.find(keys.hash) == null;
        final Head head = store.put(keys, text, 0, text.length);
        if (head != null && isNew)
        {
            head.isFetched = true;
        }
        if (head != null)
        {
            versions.tryTell(lane, head, keys, text, 0, text.length, nowNs);
        }
        if (!fetch.isLate)
        {
            repair.onArrived(nowNs);
        }
        queues.drain(nowNs);
        if (head != null && log.isInGap(head.number))
        {
            counters.increment(RelayCounter.HEADS_LATE);
            judge.tellLate(head);
        }
    }
}
