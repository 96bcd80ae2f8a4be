package io.ringcast.lane;

/**
 * How far apart a chain's heads are, as they are published.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>Heads that are published at once share the time since the one before: who is polled tells of several with one
 * answer. A hole in the stream is no slow chain, so a long pause counts as a few usual ones.
 */
final class HeadPace
{
    private static final int HEADS_FOR_A_PACE = 8;
    private static final int SMOOTHING = 8;
    private static final int LONGEST_GAPS = 4;

    private long publishedAtNs;
    private long meanNs;
    /** Before the heads that were published last, at once. */
    private long meanBeforeNs;
    private long gapNs;
    private int heads;
    private int gaps;

    void onPublished(final long nowNs)
    {
        if (gaps > 0 && nowNs == publishedAtNs)
        {
            heads++;
        }
        else
        {
            heads = 1;
            gapNs = Math.max(0, nowNs - publishedAtNs);
            meanBeforeNs = meanNs;
            gaps = Math.min(gaps + 1, HEADS_FOR_A_PACE + 1);
            publishedAtNs = nowNs;
        }
        if (gaps > 1)
        {
            final long shareNs = gapNs / heads;
            final long usualNs = isKnown() ? Math.min(shareNs, LONGEST_GAPS * meanBeforeNs) : shareNs;
            meanNs = gaps == 2 ? shareNs : meanBeforeNs + (usualNs - meanBeforeNs) / SMOOTHING;
        }
    }

    /** Whether there were enough heads to tell from it that one is missing. */
    boolean isKnown()
    {
        return gaps > HEADS_FOR_A_PACE;
    }

    /** Whether there is anything to go by. */
    boolean isGuessed()
    {
        return gaps > 1;
    }

    /** The mean time between two heads in nanoseconds; 0 while it can't be guessed. */
    long meanNs()
    {
        return meanNs;
    }

    /** The time since the last head. */
    long sinceNs(final long nowNs)
    {
        return nowNs - publishedAtNs;
    }

    /** The relay itself stood still for so long. */
    void forgive(final long pauseNs, final long nowNs)
    {
        publishedAtNs = WaitClock.forgiven(publishedAtNs, pauseNs, nowNs);
    }
}
