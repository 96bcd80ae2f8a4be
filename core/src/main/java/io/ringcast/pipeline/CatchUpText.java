package io.ringcast.pipeline;

import io.ringcast.frame.ReceivedFrame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What a connection that is behind asks for, where other slots have a text; so the journal records it as any text.
 * Any thread.
 *
 * <pre>
 *   0 topicId   4 ticket   8 sequence   16 grant     little-endian
 * </pre>
 */
final class CatchUpText
{
    private static final VarHandle INTS =
        MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int TICKET = 4;
    private static final int SEQUENCE = 8;
    private static final int GRANT = 16;
    private static final int BYTES = 20;

    private CatchUpText()
    {
    }

    static void write(
        final ReceivedFrame frame, final int topicId, final int grant, final int ticket, final long sequence)
    {
        frame.ensureWritable(BYTES);
        INTS.set(frame.bytes, 0, topicId);
        INTS.set(frame.bytes, TICKET, ticket);
        LONGS.set(frame.bytes, SEQUENCE, sequence);
        INTS.set(frame.bytes, GRANT, grant);
        frame.length = BYTES;
    }

    static int topicId(final ReceivedFrame frame)
    {
        return (int)INTS.get(frame.bytes, 0);
    }

    static int ticket(final ReceivedFrame frame)
    {
        return (int)INTS.get(frame.bytes, TICKET);
    }

    static int grant(final ReceivedFrame frame)
    {
        return (int)INTS.get(frame.bytes, GRANT);
    }

    static long sequence(final ReceivedFrame frame)
    {
        return (long)LONGS.get(frame.bytes, SEQUENCE);
    }
}
