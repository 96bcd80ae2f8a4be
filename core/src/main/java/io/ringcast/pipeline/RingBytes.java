package io.ringcast.pipeline;

import io.ringcast.image.NotInImage;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory large texts take in the ring: it is bounded in slots, and a slot may hold 32 MiB.
 * Any thread. Small texts are not counted: they fit the arrays that slots keep.
 */
@NotInImage("of the ring")
final class RingBytes
{
    /** Arrays up to this size stay with their slots. */
    static final int SMALL_BYTES = 16 * 1024;

    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    RingBytes(final long limitBytes)
    {
        this.limitBytes = limitBytes;
    }

    /**
     * Takes room for a text. One text is always let in, however large.
     *
     * @param bytes the size of its array.
     * @param limit how many times the limit this sender may fill.
     * @return false if there is no room now.
     */
    boolean tryTake(final int bytes, final int limit)
    {
        final long used = usedBytes.getAndAdd(bytes);
        if (used > 0 && used + bytes > limit * limitBytes)
        {
            usedBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void give(final int bytes)
    {
        if (bytes == 0)
        {
            return;
        }
        usedBytes.addAndGet(-bytes);
    }

    long usedBytes()
    {
        return usedBytes.get();
    }
}
