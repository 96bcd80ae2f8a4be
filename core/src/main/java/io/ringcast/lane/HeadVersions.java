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
 * vouches for it, and not who has told a descendant.
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
     * @param head what is kept under its hash.
     * @param keys what the lane says.
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
                forgetVote(head.rival, bit);
                head.saidMask |= bit;
                settle(head, nowNs);
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
            store.replace(head, HeadStore.copyOf(keys, bytes, offset, length));
            head.toldMask = bit;
            head.saidMask = bit;
            head.rival = null;
            return true;
        }
        if ((head.toldMask & bit) != 0)
        {
            dissent.leaveOut(lane, LaneMark.CONTRADICTS,
                "of the head " + head + " it tells another parent or number than before", nowNs);
            return false;
        }
        lane.score.wrong++;
        contest(lane, head, keys, bytes, offset, length);
        return settle(head, nowNs) && head.isLike(keys) && !lane.isLeftOut;
    }

    private void contest(
        final HeadLane lane, final Head head, final HeadKeys keys, final byte[] bytes, final int offset,
        final int length)
    {
        if (!head.isContested())
        {
            counters.increment(RelayCounter.HEADS_CONTESTED);
            LOGGER.warn("upstream {} tells another parent or number than others of the head {}",
                rules.name(lane.index), head);
            // A descendant names the hash alone.
            head.saidMask = head.toldMask;
        }
        final int bit = 1 << lane.index;
        forgetVote(head, bit);
        forgetVote(head.rival, bit);
        Head version = head.rival;
        while (version != null && !version.isLike(keys))
        {
            version = version.rival;
        }
        if (version == null)
        {
            version = HeadStore.copyOf(keys, bytes, offset, length);
            version.rival = head.rival;
            head.rival = version;
        }
        version.toldMask |= bit;
    }

    private static void forgetVote(final Head first, final int bit)
    {
        for (Head version = first; version != null; version = version.rival)
        {
            version.toldMask &= ~bit;
            version.saidMask &= ~bit;
        }
    }

    /** Decides, if enough lanes agree; the version that stands is what is kept then. */
    private boolean settle(final Head head, final long nowNs)
    {
        Head best = head;
        for (Head version = head.rival; version != null; version = version.rival)
        {
            best = version.tellers() > best.tellers() ? version : best;
        }
        if (best.tellers() < needed)
        {
            return false;
        }
        int others = 0;
        for (Head version = head; version != null; version = version.rival)
        {
            if (version != best && version.tellers() == best.tellers())
            {
                return false;
            }
            others |= version == best ? 0 : version.toldMask;
        }
        if (best != head)
        {
            store.replace(head, best);
        }
        head.rival = null;
        head.saidMask = head.toldMask;
        for (final HeadLane lane : lanes)
        {
            if ((others >>> lane.index & 1) != 0)
            {
                dissent.leaveOut(lane, LaneMark.CONTRADICTS,
                    "of the head " + head + " it tells another parent or number than others", nowNs);
            }
        }
        return true;
    }
}
