package io.ringcast.transport.websocket;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * The mask keys of one client connection.
 * Confined to the I/O thread of the connection.
 *
 * <p>Keys must not be known in advance to whoever chooses the payload, as calls of clients are passed on upstream. A
 * fast generator is enough for that if its seed is secret, since nobody but the peer sees the keys.
 */
public final class MaskKeys
{
    private final SplittableRandom random;

    /** Starts from a secret seed. */
    public MaskKeys()
    {
        this(new SecureRandom().nextLong());
    }

    MaskKeys(final long seed)
    {
        random = new SplittableRandom(seed);
    }

    public int next()
    {
        return random.nextInt();
    }
}
