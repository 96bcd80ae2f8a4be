package io.ringcast.transport.door;

import io.ringcast.config.LimitsConfig;

/**
 * How much a connection may leave unsent before it counts as slow.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>Where all that it receives can wait, it may always leave {@link SocketOutlet#PATIENT_BYTES}. When that is no
 * longer so, since the last of it went or something came that can't wait, it isn't slow for what it was allowed: its
 * budget then is for what follows, until it has taken so much that the budget is enough for all.
 */
final class UnsentLimit
{
    private final long budgetBytes;
    private final long maxAnswerBytes;
    /** Unsent answers: asked for by the client, so up to a message's length on top of the budget is not its fault. */
    private long answerBytes;
    private boolean isForgiving;

    /** Creates the limit of a connection of which nothing is unsent. */
    UnsentLimit(final LimitsConfig limits)
    {
        budgetBytes = limits.writeBufferBytes();
        maxAnswerBytes = limits.messageBytes();
    }

    /** An answer of this many bytes is unsent, too. */
    void onAnswer(final long bytes)
    {
        answerBytes += bytes;
    }

    /**
     * Something is noted to be sent later, when what can wait may be another.
     *
     * @param isWhollyPatient whether all that the connection receives can wait now.
     */
    void onNoted(final boolean isWhollyPatient)
    {
        isForgiving |= isWhollyPatient && budgetBytes < SocketOutlet.PATIENT_BYTES;
    }

    /**
     * Judges the connection.
     *
     * @param pendingBytes    what is unsent, answers included.
     * @param isWhollyPatient whether all that it receives can wait now.
     * @return true if it is too slow.
     */
    boolean isExceeded(final long pendingBytes, final boolean isWhollyPatient)
    {
        if (pendingBytes == 0)
        {
            answerBytes = 0;
        }
        isForgiving &= pendingBytes > budgetBytes;
        onNoted(isWhollyPatient);
        final long limitBytes = isWhollyPatient ? Math.max(budgetBytes, SocketOutlet.PATIENT_BYTES) :
            isForgiving ? SocketOutlet.PATIENT_BYTES + budgetBytes : budgetBytes;
        return pendingBytes > limitBytes + Math.min(answerBytes, maxAnswerBytes);
    }
}
