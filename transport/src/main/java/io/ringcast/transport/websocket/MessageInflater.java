package io.ringcast.transport.websocket;

import io.ringcast.frame.ReceivedFrame;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates messages that were compressed each by itself (RFC 7692 section 7.2.2).
 * Confined to one I/O thread, whose connections share it.
 */
public final class MessageInflater implements AutoCloseable
{
    /** What {@link #inflate} returns if the message is whole. */
    static final int DONE = 0;

    private static final byte[] TAIL = {0, 0, (byte)0xFF, (byte)0xFF};
    private static final int GROWTH = 4;
    /**
     * A message may be a stream that says its end, with a byte behind it. More than one such end is nobody's way of
     * writing, and each costs a reset.
     */
    private static final int MAX_ENDS = 2;

    private final Inflater inflater = new Inflater(true);
    private final byte[] beyond = new byte[1];

    /**
     * Inflates one message.
     *
     * @param packed   what came; the tail that its sender cut off is put behind it.
     * @param whole    empty; takes the message.
     * @param maxBytes limit for the inflated length: no more than that is ever made.
     * @return 0, or the code with which the connection is to be closed.
     */
    int inflate(final ReceivedFrame packed, final ReceivedFrame whole, final int maxBytes)
    {
        packed.ensureWritable(TAIL.length);
        System.arraycopy(TAIL, 0, packed.bytes, packed.length, TAIL.length);
        packed.length += TAIL.length;
        whole.ensureWritable((int)Math.min(maxBytes, (long)packed.length * GROWTH));
        try
        {
            int left = packed.length;
            for (int ends = 0; left > 0; ends++)
            {
                if (ends == MAX_ENDS)
                {
                    return WebSocketCloseCode.INVALID_TEXT;
                }
                inflater.reset();
                inflater.setInput(packed.bytes, packed.length - left, left);
                if (!tryDrain(whole, maxBytes))
                {
                    return WebSocketCloseCode.TOO_BIG;
                }
                left = inflater.getRemaining();
                if (left > 0 && !inflater.finished())
                {
                    return WebSocketCloseCode.INVALID_TEXT;
                }
            }
            return DONE;
        }
        catch (final DataFormatException e)
        {
            return WebSocketCloseCode.INVALID_TEXT;
        }
    }

    @Override
    public void close()
    {
        inflater.end();
    }

    /** Takes what the inflater gives; false if that is more than is allowed. */
    private boolean tryDrain(final ReceivedFrame whole, final int maxBytes) throws DataFormatException
    {
        while (true)
        {
            if (whole.length == maxBytes)
            {
                return inflater.inflate(beyond, 0, 1) == 0;
            }
            if (whole.length == whole.bytes.length)
            {
                whole.ensureWritable(Math.min(whole.length, maxBytes - whole.length));
            }
            final int count = inflater.inflate(
                whole.bytes, whole.length, Math.min(whole.bytes.length, maxBytes) - whole.length);
            if (count == 0)
            {
                return true;
            }
            whole.length += count;
        }
    }
}
