package io.ringcast.transport.door;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * What came of asking to be let in.
 * Immutable.
 *
 * @param fault       why not, or null.
 * @param key         what the client may do; null if it is not let in.
 * @param expiresAtMs when its token ends, in milliseconds since 1970; {@link Long#MAX_VALUE} if never.
 */
record Admission(HttpFault fault, ClientKey key, long expiresAtMs)
{
    static Admission refused(final HttpFault fault)
    {
        return new Admission(fault, null, Long.MAX_VALUE);
    }

    static Admission granted(final ClientKey key)
    {
        return new Admission(null, key, Long.MAX_VALUE);
    }

    /**
     * Looks whether who was let in may stay, and counts it if not.
     *
     * @param counters of the loop.
     * @return why not, or null.
     */
    CloseReason ended(final CounterSet counters)
    {
        if (expiresAtMs != Long.MAX_VALUE && expiresAtMs <= System.currentTimeMillis())
        {
            counters.increment(RelayCounter.TOKENS_EXPIRED);
            return CloseReason.TOKEN_EXPIRED;
        }
        if (key.rights().isRevoked())
        {
            counters.increment(RelayCounter.KEYS_REVOKED);
            return CloseReason.KEY_REVOKED;
        }
        return null;
    }
}
