package io.ringcast.transport.door;

/**
 * Tells whether a socket goes on taking bytes that wait for it.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>A ping stands behind those bytes, so its answer can't come before they have been read: that they are taken is the
 * sign of life until then. Only what had to wait counts. What the kernel takes at once says nothing of the peer.
 */
final class WriteProgress
{
    private long queuedBytes;
    private long takenBytes;
    private long waitedBytes;

    /** Bytes were given to the socket's queue. */
    void onQueued(final long bytes)
    {
        queuedBytes += bytes;
    }

    /**
     * Looks at the queue, from time to time.
     *
     * @param waitingBytes how many bytes wait in it now.
     * @return true if bytes waited at the last look, and some have been taken since.
     */
    boolean hasGoneOn(final long waitingBytes)
    {
        final long taken = queuedBytes - waitingBytes;
        final boolean hasGoneOn = waitedBytes > 0 && taken > takenBytes;
        takenBytes = taken;
        waitedBytes = waitingBytes;
        return hasGoneOn;
    }
}
