package io.ringcast.lane;

/**
 * Takes what the arbitration of heads decides.
 * Called on the thread that runs match.
 */
public interface HeadSink extends LaneCalls
{
    /**
     * A head is to be published, behind those before it.
     *
     * @param head   its keys, for this call.
     * @param bytes  holds its text, unchanged until the slot has been encoded.
     * @param offset where it starts.
     * @param length its length in bytes.
     */
    void onHead(Head head, byte[] bytes, int offset, int length);

    /**
     * What stands between two heads could not be had in time; the next one is published now.
     *
     * @param lastNumber the number of the head that was published last.
     * @param nextNumber the number of the head that is published next.
     */
    default void onGap(final long lastNumber, final long nextNumber)
    {
        // It is counted and logged; who only takes heads need not know.
    }

    /**
     * Heads begin to wait because fewer upstreams than the quorum tell of them, or go on after that.
     *
     * @param isMet    true if they go on.
     * @param agreeing how many upstreams give heads and have nothing held against them.
     */
    default void onQuorum(final boolean isMet, final int agreeing)
    {
        // It is counted and logged; who only takes heads need not know.
    }

    /**
     * A head from inside a declared gap has come after all; it is not published.
     *
     * @param head   its keys, for this call.
     * @param bytes  holds its text, for this call.
     * @param length its length in bytes, from the first.
     */
    default void onLate(final Head head, final byte[] bytes, final int length)
    {
        // It is counted; who only takes heads need not know.
    }

    /**
     * An upstream is silent or behind for too long: its connection is to be made anew.
     *
     * @param laneIndex which upstream.
     */
    void reset(int laneIndex);
}
