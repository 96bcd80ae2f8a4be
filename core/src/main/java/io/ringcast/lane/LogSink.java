package io.ringcast.lane;

/**
 * Takes what the arbitration of logs decides.
 * Called on the thread that runs match.
 */
public interface LogSink extends LaneCalls
{
    /**
     * A log is to be published, behind those before it.
     *
     * @param blockNumber the number of its block.
     * @param hashStart   the first 8 bytes of its block's hash.
     * @param logIndex    its index in the block.
     * @param isRemoved   true if it is told as removed.
     * @param bytes       holds its text, unchanged until the slot has been encoded.
     * @param offset      where it starts.
     * @param length      its length in bytes.
     */
    void onLog(
        long blockNumber, long hashStart, int logIndex, boolean isRemoved, byte[] bytes, int offset, int length);

    /**
     * Not all logs of a block could be had in time.
     *
     * @param blockNumber the block's number.
     */
    default void onGap(final long blockNumber)
    {
        // It is counted and logged; who only takes logs need not know.
    }

    /**
     * Some logs of a block were fetched, since no upstream had pushed them.
     *
     * @param blockNumber the block's number.
     * @param count       how many.
     */
    default void onRepaired(final long blockNumber, final int count)
    {
        // It is counted; who only takes logs need not know.
    }

    /**
     * A log has come when the place for it had passed; it is not published.
     *
     * @param blockNumber the number of its block.
     * @param bytes       holds its text, for this call.
     * @param offset      where it starts.
     * @param length      its length in bytes.
     */
    default void onLate(final long blockNumber, final byte[] bytes, final int offset, final int length)
    {
        // It is counted; who only takes logs need not know.
    }
}
