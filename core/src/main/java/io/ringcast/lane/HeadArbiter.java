package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;

import java.util.Arrays;

/**
 * Merges the heads that several upstreams push into one stream without a hole.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>The output is a log, and each lane has a cursor into it. A head that the log has at or behind the cursor moves the
 * cursor and vanishes; any other is new, and published at once if it connects: what stands between it and the published
 * chain is published first, so that the output is the chain of each lane's tips, each block once for each time that
 * the chain came to it. What is missing in between is fetched while the lane's heads wait in its queue; the other lanes
 * go on meanwhile. When the deadline is over the gap is declared.
 *
 * <p>A head that forks off is published if its lane agreed with all that was published, or if it is higher; else the
 * lane may only be behind, and the head is kept aside, to be published on the way to a later one.
 *
 * <p>What nobody can know: if the lane that leads has left out a short visit to another branch, and the others tell of
 * it when the chain has already come back, the visit is left out. The same holds if every lane that tells of the visit
 * had lost the head before it, for then nobody can say whether they were ahead or behind.
 *
 * <p>{@link HeadIntake} takes what is said or answered, {@link HeadJudge} decides about one head, {@link HeadQueues}
 * keeps those that have to wait.
 */
public final class HeadArbiter
{
    private final HeadStore store = new HeadStore();
    private final HeadLog log = new HeadLog();
    private final HeadLane[] lanes;
    private final HeadRepair repair;
    private final HeadDissent dissent;
    private final HeadJudge judge;
    private final HeadQueues queues;
    private final HeadIntake intake;
    private final LaneWatch watch;
    private final HeadAnchor anchor;

    /**
     * Creates it with nothing published.
     *
     * @param rules    the bounds.
     * @param counters the counters of the thread that runs match.
     * @param sink     takes what is decided.
     */
    public HeadArbiter(final LaneRules rules, final CounterSet counters, final HeadSink sink)
    {
        lanes = new HeadLane[rules.laneCount()];
        Arrays.setAll(lanes, HeadLane::new);
        watch = new LaneWatch(rules, counters, sink);
        anchor = new HeadAnchor(lanes, log, sink);
        repair = new HeadRepair(rules, counters, sink, lanes, log);
        dissent = new HeadDissent(rules, counters, lanes, log, store);
        final HeadVersions versions = new HeadVersions(rules, counters, lanes, store, dissent);
        final HeadOutput output = new HeadOutput(counters, sink, log, watch);
        final HeadPath path = new HeadPath(store, log, rules.repairBlocks());
        judge = new HeadJudge(rules, counters, sink, log, path, repair, dissent, output, anchor);
        queues = new HeadQueues(
            counters, lanes, repair, dissent, judge, new QuorumWatch(rules, counters, sink, lanes, log, watch));
        intake = new HeadIntake(
            counters, store, log, repair, dissent, versions, output, judge, queues, watch, anchor);
    }

    /**
     * An upstream's connection came up.
     *
     * @param laneIndex which upstream.
     * @param nowNs     the time.
     */
    public void onLaneUp(final int laneIndex, final long nowNs)
    {
        lanes[laneIndex].score.onUp(nowNs);
        watch.onLaneUp(laneIndex);
    }

    /**
     * An upstream's connection went down.
     *
     * @param laneIndex which upstream.
     * @param nowNs     the time.
     */
    public void onLaneLost(final int laneIndex, final long nowNs)
    {
        lanes[laneIndex].score.onDown(nowNs);
    }

    /**
     * A long text of an upstream is arriving: what else it has to say waits behind it.
     *
     * @param laneIndex which upstream.
     * @param nowNs     the time.
     */
    public void onLaneBusy(final int laneIndex, final long nowNs)
    {
        watch.onBusy(lanes[laneIndex], nowNs);
    }

    /**
     * An upstream accepted the feed of heads.
     *
     * @param laneIndex    which upstream.
     * @param isFedByPolls true if its connection makes up the feed by polling it.
     * @param nowNs        the time.
     */
    public void onLaneLive(final int laneIndex, final boolean isFedByPolls, final long nowNs)
    {
        final HeadLane lane = lanes[laneIndex];
        lane.setLive(true);
        lane.isFedByPolls = isFedByPolls;
        lane.noteLife(nowNs);
        watch.onLive(lane, nowNs);
        anchor.onLaneLive(lane);
        onLive(laneIndex, nowNs);
        repair.askNewest(laneIndex, nowNs);
    }

    /** The same of one that pushes. */
    void onLaneLive(final int laneIndex, final long nowNs)
    {
        onLaneLive(laneIndex, false, nowNs);
    }

    /** It gives heads from now on, be it that it has accepted the feed or that it is polled instead. */
    private void onLive(final int laneIndex, final long nowNs)
    {
        dissent.noteLanes(nowNs);
        repair.onLaneLive(laneIndex, nowNs);
        queues.drain(nowNs);
    }

    /**
     * An upstream refused the feed of heads. If it says where it is when it is asked, it is polled, and counts as one
     * that has the feed until its connection ends or it accepts the feed.
     *
     * @param laneIndex which upstream.
     * @param nowNs     the time.
     */
    public void onLaneRefused(final int laneIndex, final long nowNs)
    {
        watch.onRefused(lanes[laneIndex], nowNs);
    }

    /**
     * Tells whether it is yet to be known of an upstream that refused the feed whether it can be polled.
     *
     * @return true if one has been asked.
     */
    public boolean isAnyAskedInstead()
    {
        return watch.isAnyAskedInstead();
    }

    /**
     * Tells whether an upstream is polled because it refused the feed.
     *
     * @param laneIndex which upstream.
     * @return true if it is.
     */
    public boolean isPolledInstead(final int laneIndex)
    {
        return lanes[laneIndex].isRefusing;
    }

    /**
     * An upstream no longer has the feed of heads. Its place in the stream is kept.
     *
     * @param laneIndex which upstream.
     * @param nowNs     the time.
     */
    public void onLaneDown(final int laneIndex, final long nowNs)
    {
        lanes[laneIndex].setLive(false);
        anchor.onLaneDown(lanes[laneIndex]);
        dissent.noteLanes(nowNs);
        repair.onLaneDown(laneIndex);
        watch.onLaneDown(laneIndex);
        queues.drain(nowNs);
        onTime(nowNs);
    }

    /**
     * Nobody wants heads any more: no upstream has the feed, and none is to be asked. What was published is forgotten:
     * whoever comes next has not asked for what the chain does meanwhile.
     */
    public void onReleased()
    {
        queues.onReleased();
        for (final HeadLane lane : lanes)
        {
            lane.setLive(false);
            lane.forgetChain();
            anchor.onLaneDown(lane);
            repair.onLaneDown(lane.index);
            watch.onLaneDown(lane.index);
        }
        repair.onNobodyWaits();
        log.forget();
        store.forgetPushes();
    }

    /**
     * An upstream says a head.
     *
     * @param laneIndex which upstream.
     * @param bytes     holds the head; unchanged until the slot has been encoded.
     * @param offset    where it starts.
     * @param length    its length in bytes.
     * @param nowNs     the time.
     * @return false if it is no head: number, hash or parent hash are missing.
     */
    public boolean onHead(
        final int laneIndex, final byte[] bytes, final int offset, final int length, final long nowNs)
    {
        return intake.take(lanes[laneIndex], true, bytes, offset, length, nowNs);
    }

    /**
     * An upstream answered a call that the sink was asked for.
     *
     * @param laneIndex which upstream.
     * @param callId    the id that the sink gave.
     * @param isError   true if it is an error.
     * @param bytes     holds the result.
     * @param offset    where it starts.
     * @param length    its length in bytes.
     * @param nowNs     the time.
     */
    public void onFetched(
        final int laneIndex, final long callId, final boolean isError, final byte[] bytes, final int offset,
        final int length, final long nowNs)
    {
        final HeadLane lane = lanes[laneIndex];
        if (watch.isAsked(lane, callId))
        {
            final boolean wasLive = lane.isLive;
            final boolean isNews = watch.isNews(lane, callId, isError, bytes, offset, length, nowNs);
            if (!wasLive && lane.isLive)
            {
                onLive(laneIndex, nowNs);
            }
            if (isNews)
            {
                final byte[] polled = repair.headText(bytes, offset, length);
                intake.take(lane, false, polled, 0, polled.length, nowNs);
            }
            return;
        }
        if (anchor.tryTake(lane, callId))
        {
            final byte[] newest = isError ? null : repair.headText(bytes, offset, length);
            watch.onShown(lane, newest, nowNs);
            if (newest != null && !anchor.tryUse(lane, newest, 0, newest.length))
            {
                intake.take(lane, false, newest, 0, newest.length, nowNs);
            }
            queues.drain(nowNs);
            return;
        }
        final Fetch fetch = repair.take(callId, laneIndex, isError, bytes, offset, length, intake.keys(), nowNs);
        if (fetch == null)
        {
            return;
        }
        final byte[] text = repair.answer();
        if (HeadRepair.isForNewest(fetch))
        {
            watch.onShown(lane, text, nowNs);
            if (text != null && !lane.hasSpoken)
            {
                // Else what was pushed since is newer than the answer.
                intake.take(lane, false, text, 0, text.length, nowNs);
            }
        }
        else if (text != null)
        {
            intake.keep(fetch, lane, text, nowNs);
        }
    }

    /**
     * Time passes: fetches are tried elsewhere, and gaps declared.
     *
     * @param nowNs the time.
     */
    public void onTime(final long nowNs)
    {
        queues.onTime(nowNs);
        repair.onTime(nowNs);
        watch.onTime(lanes, log.tipNumber(), nowNs);
        anchor.onTime();
    }

    /**
     * Tells whether a head has come that is to be published first of all, as soon as what is missing before it is here.
     *
     * @return false also if there is nothing to be fetched, or if it waits for other upstreams.
     */
    public boolean isFirstFetched()
    {
        return log.isEmpty() && queues.isAnyRepairing();
    }

    /**
     * Tells whether anything was published.
     *
     * @return false before the first head.
     */
    public boolean hasHead()
    {
        return !log.isEmpty();
    }

    /**
     * Gives the number of the head that was published last.
     *
     * @return the number, or -1 before the first.
     */
    public long tipNumber()
    {
        return log.isEmpty() ? -1 : log.tipNumber();
    }

    /**
     * Gives the lowest number of the published chain that a hash is known of.
     *
     * @return the number; below it the chain has a gap, began, or is too old to be known.
     */
    public long oldestNumber()
    {
        return log.oldestNumber();
    }

    /** The number of the head that nothing is published on yet, though the chain stands there; -1 if there is none. */
    long anchorNumber()
    {
        return log.isEmpty() ? log.tipNumber() : -1;
    }

    /**
     * Gives the hash of a block of the published chain.
     *
     * @param number the block's number.
     * @param hash   takes it.
     * @return false if there is no such block, or it is too old to be known.
     */
    public boolean tryCopyHash(final long number, final long[] hash)
    {
        return log.tryCopyHash(number, hash);
    }

    /**
     * Gives the hash of the parent of a block of the published chain.
     *
     * @param number the block's number.
     * @param hash   its hash.
     * @param parent takes the parent's.
     * @return false if the block is not on the chain, or is too old for its parent to be known.
     */
    public boolean tryCopyParent(final long number, final long[] hash, final long[] parent)
    {
        return log.tryCopyParent(number, hash, parent);
    }

    /**
     * Makes the text that is pushed of a block out of the block as it is fetched.
     *
     * @param bytes  a text that the scanner has accepted.
     * @param offset where the block's object starts.
     * @param length its length in bytes.
     * @return the head's text, or null if this is no block.
     */
    public byte[] headerText(final byte[] bytes, final int offset, final int length)
    {
        return repair.headerText(bytes, offset, length);
    }

    /**
     * Tells whether an upstream is known to have the head that was published last.
     *
     * @param laneIndex which upstream.
     * @return true if it has said that head, or one as far, over its present connection, be it once more.
     */
    public boolean hasNewest(final int laneIndex)
    {
        final HeadLane lane = lanes[laneIndex];
        return lane.isLive && lane.isPlaceKnown && lane.lastNumber >= log.tipNumber();
    }

    /**
     * Tells which upstreams are left out, since they contradict the others or are silent.
     *
     * @return bit i is set if upstream i is.
     */
    public int leftOutMask()
    {
        int mask = 0;
        for (final HeadLane lane : lanes)
        {
            mask |= lane.isOut() ? 1 << lane.index : 0;
        }
        return mask;
    }

    /**
     * How long an upstream takes to answer.
     *
     * @return the longest round trip to one that is there, in nanoseconds; 0 before the first answer.
     */
    public long roundTripNs()
    {
        return repair.roundTripNs();
    }

    /**
     * Tells how much an upstream has said.
     *
     * @param laneIndex which upstream.
     * @return a number that grows with each head.
     */
    public long saidHeads(final int laneIndex)
    {
        return lanes[laneIndex].saidHeads;
    }

    /**
     * Tells the arbitration of logs where an upstream is.
     *
     * @param laneIndex which upstream.
     * @param isPushed  false if it told its last head because it was asked.
     * @param logs      told of its last head.
     */
    public void tellLastHead(final int laneIndex, final boolean isPushed, final LogArbiter logs)
    {
        logs.onLaneHead(laneIndex, isPushed, lanes[laneIndex].lastHash, lanes[laneIndex].lastNumber);
    }

    /**
     * Tells how an upstream does.
     *
     * @param laneIndex which upstream.
     * @param name      its name.
     * @param nowNs     the time.
     * @return a copy.
     */
    public LaneStatus status(final int laneIndex, final String name, final long nowNs)
    {
        dissent.isLeftOut(lanes[laneIndex], nowNs);
        return lanes[laneIndex].status(name, nowNs);
    }

    /** How often a head was judged. */
    long judgements()
    {
        return judge.judgements();
    }
}
