package io.ringcast.lane;

import org.HdrHistogram.Histogram;

import java.util.concurrent.TimeUnit;

/**
 * How one upstream does in the arbitration of heads.
 * Confined to the thread that runs match; what others may read is copied out.
 */
public final class LaneScore
{
    private static final long LONGEST_MARGIN_US = TimeUnit.HOURS.toMicros(1);

    /** How many heads it was the first to say. */
    long wins;
    /** How many heads it said after another had. */
    long seconds;
    /** How many heads it said too late to be published: after their gap was declared, or of a branch left by then. */
    long late;
    /** How many heads that others said it left out. */
    long missing;
    /** How many of its items were malformed or contradicted what is known. */
    long wrong;
    /** How often its connection came up. */
    long connects;
    /** How often its connection was reset because it was silent or behind. */
    long resets;

    private final Histogram marginsUs = new Histogram(LONGEST_MARGIN_US, 2);
    private long connectedNs;
    private long upSinceNs;
    private boolean isUp;

    /** How long after the winner it said a head. */
    void onSecond(final long marginNs)
    {
        seconds++;
        marginsUs.recordValue(Math.min(LONGEST_MARGIN_US, Math.max(0, marginNs / 1_000)));
    }

    void onUp(final long nowNs)
    {
        connects++;
        isUp = true;
        upSinceNs = nowNs;
    }

    void onDown(final long nowNs)
    {
        if (isUp)
        {
            connectedNs += nowNs - upSinceNs;
            isUp = false;
        }
    }

    long connectedNs(final long nowNs)
    {
        return connectedNs + (isUp ? nowNs - upSinceNs : 0);
    }

    boolean isUp()
    {
        return isUp;
    }

    long marginUs(final double percentile)
    {
        return marginsUs.getValueAtPercentile(percentile);
    }

    long largestMarginUs()
    {
        return marginsUs.getMaxValue();
    }
}
