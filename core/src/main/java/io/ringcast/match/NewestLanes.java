package io.ringcast.match;

import io.ringcast.lane.HeadArbiter;
import io.ringcast.lane.LaneChoice;

/**
 * Which upstream is asked for what the chain has by now: one that has the newest head, if there is any, since one that
 * is behind leaves out what it does not have.
 * Confined to the thread that runs match.
 */
final class NewestLanes
{
    private final FeedTable feeds;
    private final HeadArbiter heads;
    private final int laneCount;

    NewestLanes(final FeedTable feeds, final HeadArbiter heads, final int laneCount)
    {
        this.feeds = feeds;
        this.heads = heads;
        this.laneCount = laneCount;
    }

    /**
     * Gives the next one.
     *
     * @param triedMask bit i is set if upstream i has been asked.
     * @return its index, or {@link LaneChoice#NO_LANE}.
     */
    int next(final int triedMask)
    {
        final int newest = newestMask();
        return LaneChoice.first((newest != 0 ? newest : upMask()) & ~triedMask, heads.leftOutMask());
    }

    /** Whether an upstream is up that has the newest head; then none that lacks it will do. */
    boolean isNewestHad()
    {
        return newestMask() != 0;
    }

    /** Which upstreams are up; bit i is set if upstream i is. */
    int upMask()
    {
        int mask = 0;
        for (int lane = 0; lane < laneCount; lane++)
        {
            mask |= feeds.isUp(lane) ? 1 << lane : 0;
        }
        return mask;
    }

    private int newestMask()
    {
        int mask = 0;
        for (int lane = 0; lane < laneCount; lane++)
        {
            mask |= feeds.isUp(lane) && heads.hasNewest(lane) ? 1 << lane : 0;
        }
        return mask;
    }
}
