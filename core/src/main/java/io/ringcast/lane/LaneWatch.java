package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resets upstreams that are silent or behind for too long, without waiting for TCP to notice, and polls those that do
 * not push what they have.
 * Confined to the thread that runs match.
 *
 * <p>Of those that push, but behind, {@link LaggingLanes} knows whether a new connection may help.
 *
 * <p>How long is too long follows the chain's own pace. If all are silent, or no pace is known, the chain itself may
 * stand still: then the pause is longer, and an upstream is asked for its newest head first. One that answers with the
 * head that it pushed last is in order. One that does not answer in time, or shows a head that it still has not pushed
 * a while later, is not; the pause doubles with each reset that did not help.
 *
 * <p>One that is found silent again, before it has pushed anything, has accepted the feed and does not serve it: from
 * then on it is asked for its newest head at the chain's pace, as an upstream without push, until it pushes. So is one
 * that refuses the feed and, as {@link RefusingLanes} finds out, can be asked.
 */
final class LaneWatch
{
    private static final Logger LOGGER = LoggerFactory.getLogger(LaneWatch.class);
    private static final int SILENCES_UNTIL_POLLED = 2;
    private static final long SHORTEST_NS = 1_000_000_000L;
    private static final long SHORTEST_ALL_SILENT_NS = 10_000_000_000L;
    private static final long ANSWER_NS = LaggingLanes.ANSWER_NS;
    private static final long PUSH_NS = LaggingLanes.PUSH_NS;
    private static final long UNKNOWN_POLL_NS = 1_000_000_000L;
    private static final long LONGEST_BACK_OFF_NS = 30_000_000_000L;
    private static final int MOST_DOUBLINGS = 6;

    private final LaneRules rules;
    private final CounterSet counters;
    private final HeadSink sink;
    private final HeadKeys keys = new HeadKeys();
    private final LaggingLanes lagging;
    private final RefusingLanes refusing;
    private final FirstPushes firstPushes;
    private final HeadPace pace = new HeadPace();
    private int silentResets;
    private long lookedAtNs;
    /** Of what was published by then. */
    private long tipNumber = -1;
    private boolean hasLooked;

    LaneWatch(final LaneRules rules, final CounterSet counters, final HeadSink sink)
    {
        this.rules = rules;
        this.counters = counters;
        this.sink = sink;
        lagging = new LaggingLanes(rules.laneCount(), sink);
        refusing = new RefusingLanes(rules.laneCount(), sink);
        firstPushes = new FirstPushes(rules.laneCount());
    }

    void onPublished(final long nowNs)
    {
        silentResets = 0;
        pace.onPublished(nowNs);
    }

    /** An upstream has pushed a head. */
    void notePush(final HeadLane lane, final long nowNs)
    {
        if (lane.isPolled)
        {
            LOGGER.info("upstream {} pushes heads again: it is not polled any more", rules.name(lane.index));
        }
        firstPushes.end(lane.index);
        lane.notePush(nowNs);
    }

    /** Resets an upstream that is silent or behind, asks those of which that can't be told yet, and polls. */
    void onTime(final HeadLane[] lanes, final long newTipNumber, final long nowNs)
    {
        tipNumber = newTipNumber;
        refusing.onTime(nowNs);
        final HeadLane stale = findStale(lanes, nowNs);
        if (stale != null)
        {
            reset(stale, nowNs);
        }
    }

    private void reset(final HeadLane lane, final long nowNs)
    {
        counters.increment(RelayCounter.LANES_STALE);
        LOGGER.warn("upstream {} is {}: its connection is reset", rules.name(lane.index),
            lane.mark == LaneMark.BEHIND ? "behind" : "silent");
        lane.score.resets++;
        // It has as long again before it is looked at, if nothing comes of the reset.
        lane.noteLife(nowNs);
        lagging.onReset(lane.index);
        sink.reset(lane.index);
    }

    /** Finds one to reset, which is marked; null if there is none. */
    private HeadLane findStale(final HeadLane[] lanes, final long nowNs)
    {
        forgivePause(lanes, nowNs);
        final boolean hasPace = pace.isKnown();
        final long limitNs = Math.max(SHORTEST_NS, pace.meanNs() * rules.staleGaps());
        final boolean isAllSilent = !hasPace || pace.sinceNs(nowNs) >= limitNs;
        final long allSilentNs =
            Math.max(SHORTEST_ALL_SILENT_NS, hasPace ? limitNs : 0) << Math.min(silentResets, MOST_DOUBLINGS);
        for (final HeadLane lane : lanes)
        {
            if (!lane.isLive)
            {
                continue;
            }
            // Who has pushed nothing yet is not behind with what it pushes.
            final boolean mayLag = !lane.isPolled && !lane.isLeftOut && !firstPushes.isOpen(lane.index);
            if (hasPace && mayLag && lagging.isToBeReset(lane, tipNumber, limitNs, lagNs(lane), nowNs))
            {
                return lane;
            }
            // Who has told the newest head waits as all do for the next one, though it did so before the others agreed.
            final boolean isQuiet = isAllSilent || lane.lastNumber >= tipNumber;
            watchFirstPush(lane, !isAllSilent && isToldByOthers(lanes, lane), nowNs);
            if (lane.isPolled ? isPollOverdue(lane, nowNs) :
                isStale(lane, isQuiet, silenceNs(lane, isQuiet ? allSilentNs : limitNs), nowNs))
            {
                silentResets += isQuiet ? 1 : 0;
                return lane;
            }
        }
        return null;
    }

    /** Whether another upstream shows how far the chain is, pushing or polled. */
    private boolean isToldByOthers(final HeadLane[] lanes, final HeadLane lane)
    {
        for (final HeadLane other : lanes)
        {
            if (other != lane && other.isLive && !other.isOut() && !firstPushes.isOpen(other.index))
            {
                return true;
            }
        }
        return false;
    }

    private void watchFirstPush(final HeadLane lane, final boolean isChainShown, final long nowNs)
    {
        if (firstPushes.isSilent(lane.index, nowNs))
        {
            poll(lane, nowNs);
        }
        else if (lane.newestCallId == 0 && lane.anchorCallId == HeadLane.NO_CALL &&
            firstPushes.isDue(lane.index, isChainShown, tipNumber, nowNs))
        {
            ask(lane, nowNs);
        }
    }

    /** How long an upstream may be silent. Who has yet to push for the first time is judged by its answers. */
    private long silenceNs(final HeadLane lane, final long usualNs)
    {
        if (!firstPushes.isOpen(lane.index))
        {
            return usualNs + lagNs(lane);
        }
        return Math.max(SHORTEST_ALL_SILENT_NS, usualNs) + (lane.newestCallId == 0 ? 0 : ANSWER_NS);
    }

    /** How much later than a push its items may come. */
    private long lagNs(final HeadLane lane)
    {
        return lane.isFedByPolls ? 2 * rules.pollMaxNs() : 0;
    }

    private boolean isStale(
        final HeadLane lane, final boolean isAllSilent, final long silentNs, final long nowNs)
    {
        if (nowNs - lane.lastHeadAtNs < silentNs)
        {
            return false;
        }
        if (isAllSilent && lane.newestCallId == 0)
        {
            ask(lane, nowNs);
            return false;
        }
        if (isAllSilent && nowNs - lane.newestAskedAtNs < (lane.hasHiddenHead ? PUSH_NS + lagNs(lane) : ANSWER_NS))
        {
            return false;
        }
        lane.mark = LaneMark.SILENT;
        lane.isSilent = true;
        lane.silences += !isAllSilent || lane.hasHiddenHead ? 1 : 0;
        if (lane.silences >= SILENCES_UNTIL_POLLED)
        {
            poll(lane, nowNs);
            return false;
        }
        return true;
    }

    /** It accepts the feed and does not serve it: from now on it is asked. */
    private void poll(final HeadLane lane, final long nowNs)
    {
        firstPushes.end(lane.index);
        lane.mark = LaneMark.SILENT;
        lane.isPolled = true;
        // It tells what it is asked for, until it shows that it does not.
        lane.isSilent = false;
        counters.increment(RelayCounter.HEAD_LANES_SILENT);
        LOGGER.warn("upstream {} has accepted newHeads and pushes none of its blocks: it is polled",
            rules.name(lane.index));
        ask(lane, nowNs);
    }

    /** Polls; true if the upstream does not even answer. */
    private boolean isPollOverdue(final HeadLane lane, final long nowNs)
    {
        if (lane.newestCallId != 0)
        {
            final boolean isOverdue = nowNs - lane.newestAskedAtNs >= ANSWER_NS;
            lane.isSilent |= isOverdue;
            return isOverdue;
        }
        if (nowNs - lane.newestAskedAtNs >= pollIntervalNs(lane.pollFailures))
        {
            ask(lane, nowNs);
        }
        return false;
    }

    /** Half the mean time between two heads, and longer while the upstream fails. */
    private long pollIntervalNs(final int failures)
    {
        final long paceNs = pace.isGuessed() ? pace.meanNs() / 2 : UNKNOWN_POLL_NS;
        final long intervalNs = Math.max(rules.pollMinNs(), Math.min(rules.pollMaxNs(), paceNs));
        return failures == 0 ? intervalNs : Math.min(
            intervalNs << Math.min(failures, MOST_DOUBLINGS), Math.max(intervalNs, LONGEST_BACK_OFF_NS));
    }

    /**
     * How long an upstream that does not push may take to tell of what another pushed: two polls at the chain's pace,
     * the first of which may just have missed it. Where no pace is known, who polls may know of a slow one.
     */
    long longestLagNs()
    {
        return 2 * (pace.isGuessed() ? Math.max(pollIntervalNs(0), pace.meanNs() / 2) : rules.pollMaxNs());
    }

    private void ask(final HeadLane lane, final long nowNs)
    {
        lane.hasHiddenHead = false;
        lane.newestAskedAtNs = nowNs;
        firstPushes.onAsked(lane.index, nowNs);
        lane.newestCallId = sink.fetch(lane.index, HeadRepair.NEWEST);
    }

    /** An upstream has a new connection. */
    void onLaneUp(final int laneIndex)
    {
        refusing.onUp(laneIndex);
    }

    /** An upstream accepted the feed of heads. */
    void onLive(final HeadLane lane, final long nowNs)
    {
        if (!lane.isPolled && !lane.isFedByPolls)
        {
            firstPushes.begin(lane.index, nowNs);
        }
    }

    /** An upstream was asked by others for its newest head, and this is its text; null if it could not say. */
    void onShown(final HeadLane lane, final byte[] head, final long nowNs)
    {
        noteShown(lane, head != null && keys.tryRead(head, 0, head.length), nowNs);
    }

    private void noteShown(final HeadLane lane, final boolean isHead, final long nowNs)
    {
        if (isHead)
        {
            firstPushes.onShown(lane.index, keys.number, nowNs);
        }
        else
        {
            firstPushes.onRefused(lane.index, nowNs);
        }
    }

    /** An upstream is sending something long: that nothing else comes meanwhile is no silence, and it is not behind. */
    void onBusy(final HeadLane lane, final long nowNs)
    {
        lane.lastHeadAtNs = nowNs;
        lane.newestAskedAtNs = nowNs;
        firstPushes.onBusy(lane.index, nowNs);
        lagging.onBusy(lane.index, nowNs);
        refusing.onBusy(lane.index, nowNs);
    }

    /** An upstream refuses the feed of heads. */
    void onRefused(final HeadLane lane, final long nowNs)
    {
        if (!lane.isLive)
        {
            refusing.onRefused(lane.index, nowNs);
        }
    }

    /** Whether it is not known yet of an upstream that refuses the feed whether it can be polled. */
    boolean isAnyAskedInstead()
    {
        return refusing.isAnyAsked();
    }

    /** An upstream's connection has ended: it owes no answer any more. */
    void onLaneDown(final int laneIndex)
    {
        refusing.onDown(laneIndex);
        firstPushes.end(laneIndex);
        lagging.onReset(laneIndex);
    }

    /** Whether it was this upstream that was asked by a call, for its newest head. Ids can be guessed by others. */
    boolean isAsked(final HeadLane lane, final long callId)
    {
        return lane.newestCallId == callId || lagging.isAsked(lane.index, callId) ||
            refusing.isAsked(lane.index, callId);
    }

    /**
     * Takes the answer of an upstream that was asked.
     *
     * @return true if it is polled, and the answer is news.
     */
    boolean isNews(
        final HeadLane lane, final long callId, final boolean isError, final byte[] bytes, final int offset,
        final int length, final long nowNs)
    {
        final boolean isHead = !isError && keys.tryRead(bytes, offset, length);
        if (refusing.isAsked(lane.index, callId))
        {
            refusing.take(lane.index, isHead);
            if (isHead)
            {
                counters.increment(RelayCounter.HEAD_LANES_REFUSING);
                LOGGER.info("upstream {} refuses newHeads: it is polled", rules.name(lane.index));
                lane.pollInstead(nowNs);
            }
            return isHead;
        }
        if (lagging.isAsked(lane.index, callId))
        {
            lagging.take(lane.index, isHead, keys.number, nowNs);
            return false;
        }
        if (lane.isPolled)
        {
            lane.newestCallId = 0;
            lane.pollFailures = isHead ? 0 : lane.pollFailures + 1;
            lane.isSilent &= !isHead;
            return isHead && !lane.isLast(keys.hash);
        }
        if (firstPushes.isOpen(lane.index))
        {
            noteShown(lane, isHead, nowNs);
            lane.newestCallId = 0;
            if (!isHead || keys.number >= tipNumber)
            {
                lane.noteLife(nowNs);
            }
            return false;
        }
        // What an upstream shows first that has never said anything may have been there before it was asked to push.
        final boolean isKnownPlace = lane.saidHeads > 0 || lane.hasShownAnother(keys.hash);
        lane.hasHiddenHead = isHead && isKnownPlace && !lane.isLast(keys.hash);
        if (lane.hasHiddenHead)
        {
            lane.newestAskedAtNs = nowNs;
        }
        else
        {
            // It lives, and the chain stands still; or it can't say how far it is, which is no fault.
            lane.noteLife(nowNs);
        }
        if (isHead)
        {
            lane.noteShown(keys.hash);
        }
        return false;
    }

    /** The relay itself stood still: nobody is to blame for what was not read meanwhile. */
    private void forgivePause(final HeadLane[] lanes, final long nowNs)
    {
        if (!hasLooked)
        {
            hasLooked = true;
            lookedAtNs = nowNs;
            for (final HeadLane lane : lanes)
            {
                lane.lastHeadAtNs = nowNs;
            }
        }
        final long pauseNs = nowNs - lookedAtNs - WaitClock.LONGEST_STEP_NS;
        lookedAtNs = nowNs;
        if (pauseNs > 0)
        {
            pace.forgive(pauseNs, nowNs);
            for (final HeadLane lane : lanes)
            {
                lane.forgive(pauseNs, nowNs);
            }
            lagging.forgive(pauseNs, nowNs);
            firstPushes.forgive(pauseNs, nowNs);
        }
    }
}
