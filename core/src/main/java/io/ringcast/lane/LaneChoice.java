package io.ringcast.lane;

/**
 * Which upstream is asked: the first that may be, and one that is left out when no other may.
 * Any thread.
 */
public final class LaneChoice
{
    /** There is none. */
    public static final int NO_LANE = -1;

    private LaneChoice()
    {
    }

    /**
     * Chooses.
     *
     * @param candidates bit i is set if upstream i may be asked.
     * @param leftOut    bit i is set if upstream i is left out.
     * @return its index, or {@link #NO_LANE} if none may be asked.
     */
    public static int first(final int candidates, final int leftOut)
    {
        final int preferred = candidates & ~leftOut;
        final int chosen = preferred != 0 ? preferred : candidates;
        return chosen == 0 ? NO_LANE : Integer.numberOfTrailingZeros(chosen);
    }
}
