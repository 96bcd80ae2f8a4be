package io.ringcast.transport.upstream;

import java.util.concurrent.TimeUnit;

/**
 * Notices that a long text is arriving over a socket, behind which everything else has to wait.
 * Confined to the I/O loop that owns the socket; the time is passed in.
 */
final class LongText
{
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Less in an interval is no sign of life: an upstream may send a byte now and then for ever. */
    private static final int LEAST_BYTES = 16 * 1024;

    private long sinceNs;
    private long bytes;

    LongText(final long nowNs)
    {
        sinceNs = nowNs;
    }

    /** A text is complete. */
    void onEnd(final long nowNs)
    {
        sinceNs = nowNs;
        bytes = 0;
    }

    /**
     * Bytes have come.
     *
     * @return true once in an interval in which many have come, and no text has been complete.
     */
    boolean isArriving(final int lengthBytes, final long nowNs)
    {
        bytes += lengthBytes;
        if (nowNs - sinceNs < INTERVAL_NS)
        {
            return false;
        }
        final boolean isArriving = bytes >= LEAST_BYTES;
        onEnd(nowNs);
        return isArriving;
    }
}
