package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lanes say of one hash that does not fit together: another number, or another parent. A hash has one of each, so
 * one of them contradicts.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>The first version is what is kept of the hash. One that as many lanes tell as have to agree, two at least, and
 * more than tell the other, stands; who tells the other is left out. Until then only who has told a version itself
 * vouches for it, and not who has told a descendant. A lane may take back what it told of a hash for what is kept; one
 * that tells a third thing contradicts itself.
 */
final class HeadVersions
{
    private static final Logger LOGGER = LoggerFactory.getLogger(HeadVersions.class);

    private final int needed;
    private final LaneRules rules;
    private final CounterSet counters;
    private final HeadLane[] lanes;
    private final HeadStore store;
    private final HeadDissent dissent;

    HeadVersions(
        final LaneRules rules, final CounterSet counters, final HeadLane[] lanes, final HeadStore store,
        final HeadDissent dissent)
    {
        needed = Math.max(2, rules.quorum());
        this.rules = rules;
        this.counters = counters;
        this.lanes = lanes;
        this.store = store;
        this.dissent = dissent;
    }

    /**
     * A lane says a head that is kept.
     *
     * @param head   what is kept under its hash.
     * @param keys   what the lane says.
     * @param bytes  holds its text.
     * @param offset where it starts.
     * @param length its length in bytes, {@link HeadStore#LONGEST_HEAD_BYTES} at most.
     * @return true if what the lane says is what is kept now; else it is to be forgotten.
     */
    boolean tryTell(
        final HeadLane lane, final Head head, final HeadKeys keys, final byte[] bytes, final int offset,
        final int length, final long nowNs)
    {
        final int bit = 1 << lane.index;
        if (head.isLike(keys))
        {
            head.toldMask |= bit;
            if (head.isContested())
            {
                takeBack(head, bit);
                head.saidMask |= bit;
                trySettle(head, keys, bytes, offset, length, nowNs);
            }
            return !lane.isLeftOut;
        }
        if (lanes.length == 1)
        {
            // Nobody else is there to be contradicted: an odd network's heads are passed on as they are.
            return true;
        }
        if (head.toldMask == 0)
        {
            // Only who is left out has said it.
            if (!store.tryReplace(head, keys, bytes, offset, length))
            {
                return false;
            }
            head.toldMask = bit;
            head.saidMask = bit;
            return true;
        }
        if (hasToldAnother(head, bit, keys))
        {
            dissent.leaveOut(lane, LaneMark.CONTRADICTS,
                "of the head " + head + " it tells another parent or number than before", nowNs);
            return false;
        }
        lane.score.wrong++;
        contest(lane, head, keys);
        return trySettle(head, keys, bytes, offset, length, nowNs) && head.isLike(keys) && !lane.isLeftOut;
    }

    /** Whether a lane has told a version that is not the one that it tells now. */
    private static boolean hasToldAnother(final Head head, final int bit, final HeadKeys keys)
    {
        boolean hasToldAnother = (head.toldMask & bit) != 0;
        for (HeadVersion version = head.rival; version != null; version = version.next)
        {
            hasToldAnother |= (version.toldMask & bit) != 0 && !version.isLike(keys);
        }
        return hasToldAnother;
    }

    /** A lane tells a version that is not what is kept, and has told no other: there is one for each lane at most. */
    private void contest(final HeadLane lane, final Head head, final HeadKeys keys)
    {
        if (!head.isContested())
        {
            counters.increment(RelayCounter.HEADS_CONTESTED);
            LOGGER.warn("upstream {} tells another parent or number than others of the head {}",
                rules.name(lane.index), head);
            // A descendant names the hash alone.
            head.saidMask = head.toldMask;
        }
        HeadVersion version = head.rival;
        while (version != null && !version.isLike(keys))
        {
            version = version.next;
        }
        if (version == null)
        {
            version = new HeadVersion(keys, head.rival);
            head.rival = version;
        }
        version.toldMask |= 1 << lane.index;
    }

    /** A lane tells what is kept and told another version before: that is forgotten if no other lane tells it. */
    private static void takeBack(final Head head, final int bit)
    {
        HeadVersion kept = null;
        for (HeadVersion version = head.rival; version != null; version = version.next)
        {
            version.toldMask &= ~bit;
            if (version.toldMask != 0)
            {
                kept = version;
            }
            else if (kept == null)
            {
                head.rival = version.next;
            }
            else
            {
                kept.next = version.next;
            }
        }
    }

    /**
     * Decides, if enough lanes agree; the version that stands is what is kept then. Another than what is kept stands
     * when a lane tells it that has its text.
     *
     * @param keys what a lane has just told, as the next ones.
     * @return false if it is open.
     */
    private boolean trySettle(
        final Head head, final HeadKeys keys, final byte[] bytes, final int offset, final int length,
        final long nowNs)
    {
        int told = head.toldMask;
        int most = head.tellers();
        boolean isTie = false;
        HeadVersion best = null;
        for (HeadVersion version = head.rival; version != null; version = version.next)
        {
            told |= version.toldMask;
            isTie = version.tellers() == most || version.tellers() < most && isTie;
            if (version.tellers() > most)
            {
                most = version.tellers();
                best = version;
            }
        }
        if (isTie || most < needed)
        {
            return false;
        }
        if (best != null)
        {
            if (!best.isLike(keys) || !store.tryReplace(head, keys, bytes, offset, length))
            {
                return false;
            }
            head.toldMask = best.toldMask;
        }
        head.rival = null;
        head.saidMask = head.toldMask;
        leaveOut(told & ~head.toldMask, head, nowNs);
        return true;
    }

    private void leaveOut(final int mask, final Head head, final long nowNs)
    {
        for (final HeadLane lane : lanes)
        {
            if ((mask >>> lane.index & 1) != 0)
            {
                dissent.leaveOut(lane, LaneMark.CONTRADICTS,
                    "of the head " + head + " it tells another parent or number than others", nowNs);
            }
        }
    }
}
