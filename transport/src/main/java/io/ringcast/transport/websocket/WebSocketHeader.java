package io.ringcast.transport.websocket;

import io.netty.buffer.ByteBuf;

/**
 * Writes frame headers; every frame is a whole message (FIN set, no extension bits).
 * Any thread.
 *
 * <p>Headers are written at an offset and not appended, so that one can be put in front of a payload that is there
 * already: leave {@link #MAX_BYTES} free, then write at {@code payloadOffset - lengthOf(...)}. The payload of a masked
 * frame is masked with {@link WebSocketMask#apply(ByteBuf, int, int, int)}.
 */
public final class WebSocketHeader
{
    /** The longest header: two bytes, a 64-bit length and a key. */
    public static final int MAX_BYTES = 14;

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int MAX_16_BIT = 0xFFFF;

    private WebSocketHeader()
    {
    }

    /**
     * The length of a header.
     *
     * @param payloadBytes length of the payload, 0 and more.
     * @param masked       true for a client's frame.
     * @return 2 to 14 bytes.
     */
    public static int lengthOf(final int payloadBytes, final boolean masked)
    {
        final int lengthFieldBytes = payloadBytes < SHORT_LENGTH ? 0 : payloadBytes <= MAX_16_BIT ? 2 : 8;
        return 2 + lengthFieldBytes + (masked ? Integer.BYTES : 0);
    }

    /**
     * Writes the header of a server's frame.
     *
     * @param target       written to.
     * @param offset       where the header starts.
     * @param opcode       see {@link WebSocketOpcode}.
     * @param payloadBytes length of the payload that follows.
     * @return the offset behind the header.
     */
    public static int write(final byte[] target, final int offset, final int opcode, final int payloadBytes)
    {
        target[offset] = (byte)(FIN | opcode);
        if (payloadBytes < SHORT_LENGTH)
        {
            target[offset + 1] = (byte)payloadBytes;
            return offset + 2;
        }
        if (payloadBytes <= MAX_16_BIT)
        {
            target[offset + 1] = SHORT_LENGTH;
            return writeBigEndian(target, offset + 2, payloadBytes, Short.BYTES);
        }
        target[offset + 1] = LONG_LENGTH;
        return writeBigEndian(target, offset + 2, payloadBytes, Long.BYTES);
    }

    /**
     * Writes the header of a client's frame.
     *
     * @param target       written to.
     * @param offset       where the header starts.
     * @param opcode       see {@link WebSocketOpcode}.
     * @param payloadBytes length of the payload that follows.
     * @param maskKey      the key with which the payload is masked.
     * @return the offset behind the header.
     */
    public static int writeMasked(
        final byte[] target, final int offset, final int opcode, final int payloadBytes, final int maskKey)
    {
        final int end = write(target, offset, opcode, payloadBytes);
        target[offset + 1] |= (byte)MASKED;
        return writeBigEndian(target, end, maskKey, Integer.BYTES);
    }

    /**
     * Writes the header of a server's frame; the indices of the buffer stay as they are.
     *
     * @param target       borrowed for the call; must have the capacity.
     * @param index        where the header starts.
     * @param opcode       see {@link WebSocketOpcode}.
     * @param payloadBytes length of the payload that follows.
     * @return the index behind the header.
     */
    public static int write(final ByteBuf target, final int index, final int opcode, final int payloadBytes)
    {
        return write(target, index, opcode, payloadBytes, 0);
    }

    /**
     * Writes the header of a client's frame; the indices of the buffer stay as they are.
     *
     * @param target       borrowed for the call; must have the capacity.
     * @param index        where the header starts.
     * @param opcode       see {@link WebSocketOpcode}.
     * @param payloadBytes length of the payload that follows.
     * @param maskKey      the key with which the payload is masked.
     * @return the index behind the header.
     */
    public static int writeMasked(
        final ByteBuf target, final int index, final int opcode, final int payloadBytes, final int maskKey)
    {
        final int end = write(target, index, opcode, payloadBytes, MASKED);
        target.setInt(end, maskKey);
        return end + Integer.BYTES;
    }

    private static int write(
        final ByteBuf target, final int index, final int opcode, final int payloadBytes, final int maskedBit)
    {
        target.setByte(index, FIN | opcode);
        if (payloadBytes < SHORT_LENGTH)
        {
            target.setByte(index + 1, maskedBit | payloadBytes);
            return index + 2;
        }
        if (payloadBytes <= MAX_16_BIT)
        {
            target.setByte(index + 1, maskedBit | SHORT_LENGTH);
            target.setShort(index + 2, payloadBytes);
            return index + 2 + Short.BYTES;
        }
        target.setByte(index + 1, maskedBit | LONG_LENGTH);
        target.setLong(index + 2, payloadBytes);
        return index + 2 + Long.BYTES;
    }

    private static int writeBigEndian(final byte[] target, final int offset, final long value, final int lengthBytes)
    {
        for (int i = 0; i < lengthBytes; i++)
        {
            target[offset + i] = (byte)(value >>> (lengthBytes - 1 - i) * Byte.SIZE);
        }
        return offset + lengthBytes;
    }
}
