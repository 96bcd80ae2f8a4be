package io.ringcast.tools.load;

/** What subscribers ask for, in the words of {@code eth_subscribe}. Immutable. */
public enum LoadKind
{
    /** {@code newHeads}. */
    HEADS("newHeads"),
    /** {@code logs}. */
    LOGS("logs"),
    /** {@code logs} of 300 bytes: one topic, no hashes. */
    SHORT_LOGS("logs"),
    /** {@code newPendingTransactions}. */
    PENDING("newPendingTransactions");

    private final String word;

    LoadKind(final String word)
    {
        this.word = word;
    }

    /**
     * Gives the word on the wire.
     *
     * @return the first parameter of the subscribe call.
     */
    public String word()
    {
        return word;
    }
}
