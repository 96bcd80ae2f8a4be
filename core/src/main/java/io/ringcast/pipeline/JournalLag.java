package io.ringcast.pipeline;

/**
 * How long what was encoded has waited for a journal that takes less than comes, also if it takes some now and then.
 * Confined to the thread that polls for the journal.
 *
 * <p>It keeps marks: a slot, and when the journal was behind it. A mark goes when its slot has been taken. They are an
 * eighth of the limit apart, so what waits may have waited for so much longer than is said here.
 */
final class JournalLag
{
    private static final int PARTS = 8;

    private final long[] slots = new long[PARTS + 1];
    private final long[] sinceNs = new long[PARTS + 1];
    private final long stepNs;
    private int first;
    private int count;

    /**
     * Creates it with nothing waiting.
     *
     * @param limitNs what it is to be compared with, in nanoseconds; beyond it no more marks are kept.
     */
    JournalLag(final long limitNs)
    {
        stepNs = Math.max(1, limitNs / PARTS);
    }

    /** The journal takes nothing just now; the slots up to this one wait. */
    void onRefused(final long lastEncoded, final long nowNs)
    {
        final int newest = (first + count - 1) % slots.length;
        if (count == 0 || count < slots.length && nowNs - sinceNs[newest] >= stepNs)
        {
            final int next = (first + count) % slots.length;
            slots[next] = lastEncoded;
            sinceNs[next] = nowNs;
            count++;
        }
    }

    void onTaken(final long slot)
    {
        while (count > 0 && slots[first] <= slot)
        {
            first = (first + 1) % slots.length;
            count--;
        }
    }

    boolean isBehind()
    {
        return count > 0;
    }

    /** For how long, in nanoseconds; 0 if nothing was refused. */
    long waitedNs(final long nowNs)
    {
        return count == 0 ? 0 : nowNs - sinceNs[first];
    }
}
