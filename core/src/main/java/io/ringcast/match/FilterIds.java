package io.ringcast.match;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Makes ids of filters that nobody can guess: whoever has one may poll, over whatever connection.
 * Confined to the pipeline thread that runs match.
 *
 * <p>The first 128 bits of SHA-256 over a secret and a number that counts up: a source of randomness proper may have to
 * be waited for. The first digit is never 0, so an id is the same as text and as a number.
 */
final class FilterIds
{
    private final byte[] secret;
    private long serial;
    private long high;
    private long low;

    FilterIds(final byte[] secret)
    {
        this.secret = secret.clone();
    }

    /** Makes the next id, which {@link #high()} and {@link #low()} give. */
    void next()
    {
        try
        {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(secret);
            final ByteBuffer hash = ByteBuffer.wrap(
                digest.digest(ByteBuffer.allocate(Long.BYTES).putLong(++serial).array()));
            high = hash.getLong();
            low = hash.getLong();
            if (high >>> 60 == 0)
            {
                high |= Long.MIN_VALUE;
            }
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    long high()
    {
        return high;
    }

    long low()
    {
        return low;
    }
}
