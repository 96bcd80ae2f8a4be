package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates messages of {@code permessage-deflate} that do not refer to one another (RFC 7692, no context takeover).
 * Confined to its event loop, which needs one for all its connections.
 */
final class MessageInflation
{
    private static final byte[] TAIL = {0, 0, (byte)0xFF, (byte)0xFF};
    private static final int LIMIT_BYTES = 64 * 1024 * 1024;

    private final Inflater inflater = new Inflater(true);
    private byte[] deflated = new byte[4 * 1024];
    private byte[] text = new byte[16 * 1024];

    /**
     * Inflates a message.
     *
     * @param bytes       holds it; borrowed.
     * @param index       where it starts.
     * @param lengthBytes its length.
     * @return the text; lent until the next message.
     */
    ByteBuf inflate(final ByteBuf bytes, final int index, final int lengthBytes)
    {
        final int inputBytes = lengthBytes + TAIL.length;
        deflated = deflated.length < inputBytes ? new byte[2 * inputBytes] : deflated;
        bytes.getBytes(index, deflated, 0, lengthBytes);
        System.arraycopy(TAIL, 0, deflated, lengthBytes, TAIL.length);
        inflater.reset();
        inflater.setInput(deflated, 0, inputBytes);
        try
        {
            int length = inflater.inflate(text, 0, text.length);
            while (length == text.length)
            {
                if (length > LIMIT_BYTES)
                {
                    throw new IllegalStateException("a message of more than " + LIMIT_BYTES + " bytes");
                }
                text = Arrays.copyOf(text, 2 * length);
                length += inflater.inflate(text, length, text.length - length);
            }
            return Unpooled.wrappedBuffer(text, 0, length);
        }
        catch (final DataFormatException e)
        {
            throw new IllegalStateException("a message that can't be inflated", e);
        }
    }
}
