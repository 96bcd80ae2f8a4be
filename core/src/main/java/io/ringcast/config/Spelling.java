package io.ringcast.config;

import java.util.Collection;
import java.util.Locale;

/** Finds the name that was probably meant. Any thread. */
public final class Spelling
{
    private Spelling()
    {
    }

    /**
     * The problem text for a name that is not known.
     *
     * @param what    what the name stands for: {@code key}, {@code value}.
     * @param written the name as written.
     * @param known   the names there are.
     * @return {@code unknown key}, with {@code , did you mean ...?} when one of the known names is close.
     */
    public static String unknown(final String what, final String written, final Collection<String> known)
    {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (final String candidate : known)
        {
            final int distance = distance(fold(written), fold(candidate));
            if (distance < bestDistance)
            {
                best = candidate;
                bestDistance = distance;
            }
        }
        final boolean isClose = best != null && bestDistance <= Math.max(1, best.length() / 3);
        return "unknown " + what + (isClose ? ", did you mean " + best + "?" : "");
    }

    private static String fold(final String name)
    {
        final String clipped = name.length() > 64 ? name.substring(0, 64) : name;
        return clipped.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    }

    /** Levenshtein distance, one row at a time. */
    private static int distance(final String left, final String right)
    {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j < row.length; j++)
        {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++)
        {
            final int[] next = new int[row.length];
            next[0] = i;
            for (int j = 1; j < row.length; j++)
            {
                final int substitution = row[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                next[j] = Math.min(substitution, 1 + Math.min(row[j], next[j - 1]));
            }
            row = next;
        }
        return row[right.length()];
    }
}
