package io.ringcast.transport.upstream;

import io.ringcast.egress.Outlet;

/**
 * One connection, or what stands for one, to an upstream, from the first try to its end.
 * Confined to the I/O loop of the upstream.
 *
 * <p>It tells its {@link UpstreamClient}: {@code onUp} at most once, then {@code onGone} exactly once, also after
 * {@link #close} and when it never came up. It is not used again after that.
 */
public interface UpstreamLink
{
    /** Begins to connect. */
    void connect();

    /**
     * The way out to the upstream.
     *
     * @return the outlet; there is one from {@code onUp} on.
     */
    Outlet outlet();

    /**
     * Ends it, connected or not.
     *
     * @param reason for the log.
     */
    void close(String reason);

    /**
     * Why the upstream has ended it, as far as it said so.
     *
     * @return the code with which it closed its WebSocket; 0 if it did not, or it is none.
     */
    default int closeCode()
    {
        return 0;
    }
}
