package io.ringcast.transport.upstream;

import io.ringcast.config.TimingConfig;

import java.util.random.RandomGenerator;

/**
 * How long is waited before an upstream is connected to again: from {@code reconnectMinMs} on twice as long each time,
 * up to {@code reconnectMaxMs}, of which a random part of up to one half is left out, so that not all relays come at
 * once. A connection that lasted longer than the pauses had grown to ends that: an upstream that accepts and hangs up
 * at once is not asked faster and faster, and one that starts anew now and then is found again soon.
 * Confined to the upstream's I/O loop.
 */
final class ReconnectPause
{
    private final TimingConfig timing;
    private final RandomGenerator random;
    private long backOffMs;

    ReconnectPause(final TimingConfig timing, final RandomGenerator random)
    {
        this.timing = timing;
        this.random = random;
        backOffMs = timing.reconnectMinMs();
    }

    /** A connection has ended that lasted so long. */
    void onGone(final long lastedMs)
    {
        if (lastedMs > backOffMs)
        {
            backOffMs = timing.reconnectMinMs();
        }
    }

    /** The next pause, in milliseconds. */
    long nextMs()
    {
        final long pauseMs = backOffMs / 2 + random.nextLong(backOffMs / 2 + 1);
        backOffMs = Math.min(timing.reconnectMaxMs(), backOffMs * 2);
        return pauseMs;
    }
}
