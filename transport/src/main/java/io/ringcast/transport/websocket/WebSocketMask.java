package io.ringcast.transport.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import io.netty.buffer.ByteBuf;

/**
 * Masks and unmasks payload bytes in place, eight at a time.
 * Any thread.
 *
 * <p>A key is an {@code int} whose most significant byte applies to the first payload byte, as on the wire.
 */
public final class WebSocketMask
{
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private WebSocketMask()
    {
    }

    /**
     * Applies the key to a range of an array.
     *
     * @param bytes       holds the range.
     * @param offset      where it starts.
     * @param lengthBytes its length.
     * @param key         the key for its first byte.
     */
    public static void apply(final byte[] bytes, final int offset, final int lengthBytes, final int key)
    {
        final long wireKey = longKey(key);
        final long memoryKey = LITTLE_ENDIAN ? Long.reverseBytes(wireKey) : wireKey;
        final int end = offset + lengthBytes;
        int position = offset;
        for (; position <= end - Long.BYTES; position += Long.BYTES)
        {
            LONGS.set(bytes, position, (long)LONGS.get(bytes, position) ^ memoryKey);
        }
        for (int shift = 24; position < end; position++, shift -= 8)
        {
            // A distance below 0 counts modulo 32, so the fifth byte of the rest begins the key anew.
            bytes[position] ^= (byte)(key >>> shift);
        }
    }

    /**
     * Applies the key to a range of a buffer; its indices stay as they are.
     *
     * @param buffer      borrowed for the call.
     * @param index       where the range starts.
     * @param lengthBytes its length.
     * @param key         the key for its first byte.
     */
    public static void apply(final ByteBuf buffer, final int index, final int lengthBytes, final int key)
    {
        final long wireKey = longKey(key);
        final int end = index + lengthBytes;
        int position = index;
        for (; position <= end - Long.BYTES; position += Long.BYTES)
        {
            buffer.setLong(position, buffer.getLong(position) ^ wireKey);
        }
        for (int shift = 24; position < end; position++, shift -= 8)
        {
            buffer.setByte(position, buffer.getByte(position) ^ key >>> shift);
        }
    }

    /**
     * The key for the bytes that follow a part of a payload.
     *
     * @param key         the key for the first byte of the part.
     * @param lengthBytes the length of the part.
     * @return the key for the first byte behind it.
     */
    static int advance(final int key, final int lengthBytes)
    {
        return Integer.rotateLeft(key, (lengthBytes & 3) * Byte.SIZE);
    }

    private static long longKey(final int key)
    {
        return (long)key << Integer.SIZE | key & 0xFFFF_FFFFL;
    }
}
