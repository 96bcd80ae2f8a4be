package io.ringcast.tools.sim;

/**
 * What one client wants to hear.
 * Immutable.
 *
 * @param id     {@code 0x} and up to 32 digits, without leading zeros.
 * @param kind   which items.
 * @param filter for logs; else null.
 */
record SimulatedSubscription(String id, Kind kind, LogFilter filter)
{
    /** The kinds that geth has. Immutable. */
    enum Kind
    {
        HEADS,
        LOGS,
        PENDING_HASHES,
        PENDING_OBJECTS,
        SYNCING
    }
}
