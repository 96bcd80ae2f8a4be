package io.ringcast.pipeline;

import com.lmax.disruptor.Sequence;

/**
 * How old the oldest is of what was delivered and would be lost with the process, by one clock: however it is behind,
 * in the ring, in the archive's buffer, or in a write that does not end.
 * Confined to the thread that looks, which is not the one that writes.
 *
 * <p>Each look is a mark: what was delivered before it is in slots up to the last that was encoded then. Once these
 * are written, nothing that was delivered before that look can be lost. Marks are a part of the limit apart, so what
 * is told is never less than the truth, and more by that part and the time between two looks at most.
 */
public final class JournalLag
{
    private static final int PARTS = 32;

    private final Sequence encoded;
    private final Sequence written;
    private final long[] slots = new long[PARTS + 1];
    private final long[] lookedNs = new long[PARTS + 1];
    private final long stepNs;
    private int first;
    private int count;
    /** What was delivered before is written. */
    private long safeNs;

    JournalLag(final Sequence encoded, final Sequence written, final long limitNs, final long nowNs)
    {
        this.encoded = encoded;
        this.written = written;
        stepNs = Math.max(1, limitNs / PARTS);
        safeNs = nowNs;
    }

    /**
     * Looks.
     *
     * @param nowNs the time, read before the call, in nanoseconds.
     * @return how long ago the oldest was delivered that is not written, in nanoseconds; 0 if all is.
     */
    public long ageNs(final long nowNs)
    {
        final long last = encoded.get();
        final long done = written.get();
        if (done >= last)
        {
            count = 0;
            safeNs = nowNs;
            return 0;
        }
        while (count > 0 && slots[first] <= done)
        {
            safeNs = lookedNs[first];
            first = (first + 1) % slots.length;
            count--;
        }
        final int newest = (first + count - 1) % slots.length;
        if (count == 0 || count < slots.length && nowNs - lookedNs[newest] >= stepNs)
        {
            final int next = (first + count) % slots.length;
            slots[next] = last;
            lookedNs[next] = nowNs;
            count++;
        }
        return nowNs - safeNs;
    }
}
