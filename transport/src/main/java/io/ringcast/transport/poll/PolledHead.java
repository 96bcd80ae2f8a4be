package io.ringcast.transport.poll;

/**
 * A block that was fetched, as a head.
 * Immutable.
 *
 * @param number           its number.
 * @param hash             the words of its hash.
 * @param parentHash       the words of its parent's hash.
 * @param timestampSeconds when it was made, as it says itself.
 * @param hasLogs          false if its bloom says that it has none.
 * @param text             what a node would push.
 */
record PolledHead(
    long number, long[] hash, long[] parentHash, long timestampSeconds, boolean hasLogs, byte[] text)
{
}
