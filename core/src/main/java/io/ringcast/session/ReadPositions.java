package io.ringcast.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * How far a connection has read its topics: for each the number of the first item that it may not have read.
 * Confined to the thread that holds it.
 *
 * <pre>
 *   0 topicId   4 sequence   12 topicId   16 sequence ...   little-endian
 * </pre>
 */
public final class ReadPositions
{
    /** What one topic takes in the text. */
    public static final int ENTRY_BYTES = Integer.BYTES + Long.BYTES;
    /** What {@link #of} says about a topic that is not there. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    private static final VarHandle INTS =
        MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private int[] topicIds = new int[4];
    private long[] sequences = new long[4];
    private int count;

    /** Forgets all topics. */
    public void clear()
    {
        count = 0;
    }

    /**
     * Adds a topic.
     *
     * @param topicId  its number.
     * @param sequence the number of the first item that has not been read.
     */
    public void add(final int topicId, final long sequence)
    {
        if (count == topicIds.length)
        {
            topicIds = Arrays.copyOf(topicIds, count * 2);
            sequences = Arrays.copyOf(sequences, count * 2);
        }
        topicIds[count] = topicId;
        sequences[count++] = sequence;
    }

    /**
     * Forgets a topic; the order of the others stays.
     *
     * @param topicId its number.
     */
    public void remove(final int topicId)
    {
        for (int i = 0; i < count; i++)
        {
            if (topicIds[i] == topicId)
            {
                System.arraycopy(topicIds, i + 1, topicIds, i, count - i - 1);
                System.arraycopy(sequences, i + 1, sequences, i, count - i - 1);
                count--;
                return;
            }
        }
    }

    /**
     * How many topics there are.
     *
     * @return the number.
     */
    public int count()
    {
        return count;
    }

    /**
     * Tells how far a topic was read.
     *
     * @param topicId its number.
     * @return the number of the first item that was not, or {@link #UNKNOWN}.
     */
    public long of(final int topicId)
    {
        for (int i = 0; i < count; i++)
        {
            if (topicIds[i] == topicId)
            {
                return sequences[i];
            }
        }
        return UNKNOWN;
    }

    /**
     * Tells whether it stands at a place as the one that a topic was added at.
     *
     * @param index    from 0, in the order of adding.
     * @param topicId  a topic.
     * @param sequence how far it was read.
     * @return true if both are equal to what stands there.
     */
    public boolean isAt(final int index, final int topicId, final long sequence)
    {
        return index < count && topicIds[index] == topicId && sequences[index] == sequence;
    }

    /**
     * How long {@link #writeTo} makes the text.
     *
     * @return the length in bytes.
     */
    public int lengthBytes()
    {
        return count * ENTRY_BYTES;
    }

    /**
     * Writes all topics.
     *
     * @param bytes takes them, from 0.
     */
    public void writeTo(final byte[] bytes)
    {
        for (int i = 0; i < count; i++)
        {
            INTS.set(bytes, i * ENTRY_BYTES, topicIds[i]);
            LONGS.set(bytes, i * ENTRY_BYTES + Integer.BYTES, sequences[i]);
        }
    }

    /**
     * Becomes what was written.
     *
     * @param bytes       hold it, from 0.
     * @param lengthBytes how long it is; a rest that is no whole topic is passed over.
     */
    public void readFrom(final byte[] bytes, final int lengthBytes)
    {
        clear();
        for (int at = 0; at + ENTRY_BYTES <= lengthBytes; at += ENTRY_BYTES)
        {
            add((int)INTS.get(bytes, at), (long)LONGS.get(bytes, at + Integer.BYTES));
        }
    }
}
