package io.ringcast.lane;

import org.agrona.collections.LongHashSet;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The arbitration's own calls that have no answer yet; each goes from upstream to upstream until one knows.
 * Confined to the thread that runs match.
 *
 * <p>An upstream that is slow to answer is not given up: whoever answers first is believed, and it may be the one that
 * was asked first. The pauses grow with the answers that are owed.
 */
final class Fetches
{
    /** How many wait for what was given up; beyond it the oldest is forgotten. */
    static final int LIMIT_LATE = 512;

    private static final long LONGEST_LATE_NS = TimeUnit.SECONDS.toNanos(60);
    /**
     * The pause does not double any more when each upstream owes so many answers; what need not be answered is asked
     * for once more than that.
     */
    private static final int MAX_DOUBLINGS = 5;

    private final List<Fetch> pending = new ArrayList<>();
    /**
     * The blocks that were asked for by number since somebody waits, be they answered or not: with each answer a wide
     * hole would ask for all of them that are still missing.
     */
    private final LongHashSet numbers = new LongHashSet();
    private final AskedLane[] lanes;
    private final long attemptNs;
    private final FetchSender sender;
    private final WaitClock clock = new WaitClock();
    private int lateCount;

    Fetches(final AskedLane[] lanes, final long attemptNs, final FetchSender sender)
    {
        this.lanes = lanes;
        this.attemptNs = attemptNs;
        this.sender = sender;
    }

    boolean isEmpty()
    {
        return pending.isEmpty();
    }

    /** Asks, the preferred lane first; if none is live, as soon as one is. */
    void start(final Fetch fetch, final int preferredLane, final long nowNs)
    {
        pending.add(fetch);
        if (fetch.isByNumber())
        {
            numbers.add(fetch.number);
        }
        final AskedLane preferred = lanes[preferredLane];
        ask(fetch, preferred.mayHave(fetch.number) && !preferred.isOut() ? preferredLane : nextLane(fetch), nowNs);
    }

    /** Asks once for what is late already, unless as much as may be is waited for. */
    void startLate(final Fetch fetch, final long nowNs)
    {
        if (lateCount >= LIMIT_LATE)
        {
            return;
        }
        pending.add(fetch);
        giveUp(fetch, nowNs);
        ask(fetch, nextLane(fetch), nowNs);
    }

    /** Whether a block was asked for by its number since somebody waits. */
    boolean wasAsked(final long number)
    {
        return numbers.contains(number);
    }

    /** The chain has come so far by now: should a block be missing again, it is asked for anew. */
    void forgetNumbersTo(final long number)
    {
        numbers.removeIfLong(asked -> asked <= number);
    }

    /** Whether what belongs to a block is asked for by its hash, and somebody waits for it. */
    boolean isWanted(final long[] hash)
    {
        for (int i = 0; i < pending.size(); i++)
        {
            if (!pending.get(i).isLate && pending.get(i).isFor(hash))
            {
                return true;
            }
        }
        return false;
    }

    /** Takes what an answer is for, so that it is asked for no more; null if it is not waited for any more. */
    Fetch take(final long callId, final int laneIndex, final long nowNs)
    {
        final long atNs = clock.at(nowNs);
        for (int i = 0; i < pending.size(); i++)
        {
            if (pending.get(i).tryTake(callId, laneIndex, atNs))
            {
                final Fetch fetch = pending.remove(i);
                lateCount -= fetch.isLate ? 1 : 0;
                return fetch;
            }
        }
        return null;
    }

    /** An upstream could not answer: the next one is asked, unless another may be about to answer. */
    void tryNext(final Fetch fetch, final long nowNs)
    {
        if (fetch.isLate || isEnough(fetch) && fetch.owed() == 0)
        {
            return;
        }
        pending.add(fetch);
        if (!fetch.isAsked)
        {
            ask(fetch, nextLane(fetch), nowNs);
        }
    }

    /** What nobody could be asked for is asked at once. */
    void onLaneLive(final long nowNs)
    {
        for (int i = 0; i < pending.size(); i++)
        {
            final Fetch fetch = pending.get(i);
            if (!fetch.isAsked && !fetch.isLate)
            {
                fetch.askedMask = 0;
                ask(fetch, nextLane(fetch), nowNs);
            }
        }
    }

    /** What an upstream was asked about itself is void. */
    void onLaneDown(final int laneIndex)
    {
        for (int i = pending.size() - 1; i >= 0; i--)
        {
            if (pending.get(i).onlyLane == laneIndex)
            {
                pending.remove(i);
            }
            else
            {
                pending.get(i).onLaneDown(laneIndex);
            }
        }
    }

    void onTime(final long nowNs)
    {
        clock.at(nowNs);
        for (int i = pending.size() - 1; i >= 0; i--)
        {
            final Fetch fetch = pending.get(i);
            if (fetch.isLate)
            {
                forgetIfOld(i, nowNs);
            }
            else if (isDue(fetch, nowNs))
            {
                askNext(fetch, nowNs);
            }
        }
        for (int i = 0; lateCount > LIMIT_LATE; )
        {
            if (pending.get(i).isLate)
            {
                pending.remove(i);
                lateCount--;
            }
            else
            {
                i++;
            }
        }
    }

    /** Nobody waits for blocks any more: what was given up before is still told if it comes. */
    void forgetBlocks()
    {
        pending.removeIf(fetch -> !fetch.isLate && fetch.onlyLane == Fetch.ANY_LANE);
        numbers.clear();
    }

    /** Nobody waits for blocks any more, since they were given up; they are told if they come. */
    void giveUpBlocks(final long nowNs)
    {
        // What nobody owes can't come.
        pending.removeIf(fetch -> !fetch.isLate && fetch.onlyLane == Fetch.ANY_LANE && fetch.owed() == 0);
        numbers.clear();
        for (int i = 0; i < pending.size(); i++)
        {
            giveUp(pending.get(i), nowNs);
        }
    }

    /** Nobody waits for what belongs to a block any more, since it was given up; it is told if it comes. */
    void giveUp(final long[] hash, final long nowNs)
    {
        for (int i = 0; i < pending.size(); i++)
        {
            if (pending.get(i).isFor(hash))
            {
                giveUp(pending.get(i), nowNs);
            }
        }
    }

    void forget(final long[] hash)
    {
        pending.removeIf(fetch -> !fetch.isLate && fetch.isFor(hash));
    }

    private void giveUp(final Fetch fetch, final long nowNs)
    {
        if (!fetch.isLate && fetch.onlyLane == Fetch.ANY_LANE)
        {
            fetch.isLate = true;
            fetch.lateSinceNs = nowNs;
            lateCount++;
        }
    }

    private void forgetIfOld(final int index, final long nowNs)
    {
        if (nowNs - pending.get(index).lateSinceNs >= LONGEST_LATE_NS)
        {
            pending.remove(index);
            lateCount--;
        }
    }

    private void askNext(final Fetch fetch, final long nowNs)
    {
        int lane = nextLane(fetch);
        if (lane < 0 && fetch.askedMask != 0)
        {
            fetch.askedMask = 0;
            lane = nextLane(fetch);
        }
        ask(fetch, lane, nowNs);
    }

    private boolean isDue(final Fetch fetch, final long nowNs)
    {
        // Who is the only one to know is not pressed, whether it is slow or refuses.
        final int rounds = isOptional(fetch) ? fetch.asks - 1 : (fetch.owed() - 1) / lanes.length;
        final long pauseNs = attemptNs << Math.max(0, Math.min(rounds, MAX_DOUBLINGS));
        // Nor is anybody who is slow about many blocks at once.
        final boolean isOwed = fetch.isByNumber() && fetch.isAsked;
        return !isEnough(fetch) && !isOwed && (fetch.isDue || nowNs - fetch.askedAtNs >= pauseNs);
    }

    private static boolean isEnough(final Fetch fetch)
    {
        return isOptional(fetch) && fetch.asks > MAX_DOUBLINGS;
    }

    /** Where an upstream is, it will say itself some time; and a block is asked for by its hash in the end. */
    private static boolean isOptional(final Fetch fetch)
    {
        return fetch.onlyLane != Fetch.ANY_LANE || fetch.isByNumber();
    }

    private void ask(final Fetch fetch, final int laneIndex, final long nowNs)
    {
        fetch.askedAtNs = nowNs;
        if (laneIndex >= 0)
        {
            fetch.onAsked(laneIndex, sender.send(laneIndex, fetch.call), clock.at(nowNs));
        }
    }

    private int nextLane(final Fetch fetch)
    {
        int candidates = 0;
        int leftOut = 0;
        for (int lane = 0; lane < lanes.length; lane++)
        {
            final boolean isAsked = ((fetch.askedMask | fetch.answeredMask) >>> lane & 1) != 0;
            final boolean isMeant = fetch.onlyLane == Fetch.ANY_LANE || fetch.onlyLane == lane;
            candidates |= !isAsked && isMeant && lanes[lane].mayHave(fetch.number) ? 1 << lane : 0;
            leftOut |= lanes[lane].isOut() ? 1 << lane : 0;
        }
        return LaneChoice.first(candidates, leftOut);
    }
}
