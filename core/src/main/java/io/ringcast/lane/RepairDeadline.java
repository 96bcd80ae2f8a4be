package io.ringcast.lane;

import java.util.Arrays;

/**
 * How long what came is held for what is missing before it: as the settings say, or for three round trips to the
 * farthest upstream that is there, if that is longer. Who is asked at all has to have the time to answer: a deadline
 * below its round trip would give up each hole, though nothing is wrong with it.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>Of an upstream the longest round trip of the last {@link #KEPT_NS} counts; when it is older, the shortest over the
 * connection that it has: one slow answer stretches the deadline for a while, and a far node, that may not be asked for
 * hours, is as far away then as before. Answers to what was given up already count as well, else nothing would be
 * learned of who is farther away than the deadline.
 */
final class RepairDeadline
{
    static final int ROUND_TRIPS = 3;
    static final long KEPT_NS = 60_000_000_000L;
    private static final long UNKNOWN = Long.MAX_VALUE;

    /** Those to one upstream, over its connection. */
    private static final class RoundTrips
    {
        long longestNs;
        long longestAtNs;
        long shortestNs = UNKNOWN;

        /** The one that counts, in nanoseconds; 0 before the first answer. */
        long ns(final long nowNs)
        {
            if (shortestNs == UNKNOWN)
            {
                return 0;
            }
            return nowNs - longestAtNs < KEPT_NS ? longestNs : shortestNs;
        }
    }

    private final long settingNs;
    private final RoundTrips[] lanes;
    private long othersNs;
    private int liveMask;
    private long nowNs;
    private long roundTripNs;
    private long deadlineNs;

    RepairDeadline(final LaneRules rules)
    {
        settingNs = rules.repairDeadlineNs();
        lanes = new RoundTrips[rules.laneCount()];
        Arrays.setAll(lanes, i -> new RoundTrips());
        deadlineNs = settingNs;
    }

    /**
     * A lane has answered a question of the relay's own.
     *
     * @param tookNs how long that took, without the time in which the relay itself stood still.
     */
    void onAnswered(final int laneIndex, final long tookNs, final long answeredAtNs)
    {
        final RoundTrips lane = lanes[laneIndex];
        if (tookNs >= lane.ns(answeredAtNs))
        {
            lane.longestNs = tookNs;
            lane.longestAtNs = answeredAtNs;
        }
        lane.shortestNs = Math.min(lane.shortestNs, tookNs);
        onTime(answeredAtNs);
    }

    /** Time passes: long round trips count no more. */
    void onTime(final long newNowNs)
    {
        nowNs = newNowNs;
        find();
    }

    /** A lane can be asked, or its connection has ended: what was measured over that is forgotten. */
    void setLive(final int laneIndex, final boolean isLive)
    {
        liveMask = isLive ? liveMask | 1 << laneIndex : liveMask & ~(1 << laneIndex);
        if (!isLive)
        {
            lanes[laneIndex] = new RoundTrips();
        }
        find();
    }

    /** What another arbitration has measured of the same upstreams. */
    void setOthers(final long otherRoundTripNs)
    {
        if (othersNs != otherRoundTripNs)
        {
            othersNs = otherRoundTripNs;
            find();
        }
    }

    /** The longest round trip to an upstream that is there, in nanoseconds; 0 before the first answer. */
    long roundTripNs()
    {
        return roundTripNs;
    }

    private void find()
    {
        roundTripNs = othersNs;
        for (int left = liveMask; left != 0; left &= left - 1)
        {
            roundTripNs = Math.max(roundTripNs, lanes[Integer.numberOfTrailingZeros(left)].ns(nowNs));
        }
        deadlineNs = Math.min(longestNs(), Math.max(settingNs, ROUND_TRIPS * roundTripNs));
    }

    /** Since the last missing part arrived, in nanoseconds. */
    long ns()
    {
        return deadlineNs;
    }

    /** Though parts keep arriving, or while nothing waits that was pushed; in nanoseconds. */
    long longestNs()
    {
        return settingNs * LaneRules.LONGEST_REPAIR_DEADLINES;
    }
}
