package io.ringcast.lane;

/**
 * How long what came is held for what is missing before it: as the settings say, or for three round trips to the
 * farthest upstream that is there, if that is longer. Who is asked at all has to have the time to answer: a deadline
 * below its round trip would give up each hole, though nothing is wrong with it.
 * Confined to the thread that runs match.
 */
final class RepairDeadline
{
    static final int ROUND_TRIPS = 3;
    /** A shorter round trip counts by this part only, a longer one at once. */
    private static final int SMOOTHING = 8;

    private final long settingNs;
    private final long[] roundTripsNs;
    private long othersNs;
    private int liveMask;
    private long deadlineNs;

    RepairDeadline(final LaneRules rules)
    {
        settingNs = rules.repairDeadlineNs();
        roundTripsNs = new long[rules.laneCount()];
        deadlineNs = settingNs;
    }

    /** A lane has answered a question of the relay's own. */
    void onAnswered(final int laneIndex, final long roundTripNs)
    {
        final long before = roundTripsNs[laneIndex];
        roundTripsNs[laneIndex] = Math.max(roundTripNs, before - (before - roundTripNs) / SMOOTHING);
        find();
    }

    void setLive(final int laneIndex, final boolean isLive)
    {
        liveMask = isLive ? liveMask | 1 << laneIndex : liveMask & ~(1 << laneIndex);
        find();
    }

    /** What another arbitration has measured of the same upstreams. */
    void setOthers(final long roundTripNs)
    {
        if (othersNs != roundTripNs)
        {
            othersNs = roundTripNs;
            find();
        }
    }

    /** The longest round trip to an upstream that is there, in nanoseconds; 0 before the first answer. */
    long roundTripNs()
    {
        long longest = othersNs;
        for (int lane = 0; lane < roundTripsNs.length; lane++)
        {
            longest = (liveMask >>> lane & 1) == 0 ? longest : Math.max(longest, roundTripsNs[lane]);
        }
        return longest;
    }

    private void find()
    {
        deadlineNs = Math.min(longestNs(), Math.max(settingNs, ROUND_TRIPS * roundTripNs()));
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
