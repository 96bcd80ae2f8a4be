package io.ringcast.law;

/**
 * How many seeds a law is tried with.
 * Any thread: it holds nothing.
 */
public final class Seeds
{
    private Seeds()
    {
    }

    /**
     * Tells how many seeds to try.
     *
     * @param usual as many as each build tries.
     * @return that; or as many as {@code -Dringcast.seeds} says, for all laws alike; at most as many as
     *     {@code -Dringcast.seeds.most} says.
     */
    public static int count(final int usual)
    {
        return Math.min(
            Integer.getInteger("ringcast.seeds", usual), Integer.getInteger("ringcast.seeds.most", Integer.MAX_VALUE));
    }
}
