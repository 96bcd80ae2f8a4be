package io.ringcast.transport.websocket;

import io.ringcast.frame.ReceivedFrame;

import java.util.ArrayDeque;

/**
 * Inflates messages that were compressed each by itself, each in pieces, as many beside each other as there are.
 * Confined to one I/O thread, whose connections share it.
 */
public final class MessageInflater implements AutoCloseable
{
    /** What a compressed message may inflate to however short it is, in bytes. */
    static final int FREE_BYTES = 1024 * 1024;
    /** And how many times its own length, beyond that. Text of JSON seldom shrinks further. */
    static final int MAX_RATIO = 16;

    private static final int MAX_IDLE = 4;

    private final ArrayDeque<Inflation> idle = new ArrayDeque<>(MAX_IDLE);
    private boolean isClosed;

    /**
     * How long a compressed message may become.
     *
     * @param packedBytes     its length.
     * @param maxMessageBytes limit for all messages.
     * @return the limit for this one.
     */
    static int limitBytes(final int packedBytes, final int maxMessageBytes)
    {
        return (int)Math.min(maxMessageBytes, Math.max(FREE_BYTES, (long)packedBytes * MAX_RATIO));
    }

    /**
     * Begins with a message.
     *
     * @param packed          what came; the caller gets it back from the inflation.
     * @param whole           empty; likewise.
     * @param maxMessageBytes limit for all messages.
     * @return what inflates it; to be given back.
     */
    Inflation begin(final ReceivedFrame packed, final ReceivedFrame whole, final int maxMessageBytes)
    {
        final Inflation kept = idle.poll();
        final Inflation inflation = kept == null ? new Inflation() : kept;
        inflation.begin(packed, whole, limitBytes(packed.length, maxMessageBytes));
        return inflation;
    }

    /** Takes an inflation back from which both messages were taken. */
    void giveBack(final Inflation inflation)
    {
        if (isClosed || idle.size() == MAX_IDLE)
        {
            inflation.end();
        }
        else
        {
            idle.push(inflation);
        }
    }

    @Override
    public void close()
    {
        isClosed = true;
        idle.forEach(Inflation::end);
        idle.clear();
    }
}
