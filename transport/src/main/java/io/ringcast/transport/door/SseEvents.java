package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the event of an item once for all the streams of a loop, which ask for it one after the other.
 * Confined to its I/O loop.
 *
 * <pre>
 *   1f4\r\n                        the chunk's length
 *   id: 0k3f9az.88122\n            epoch and number
 *   event: eth_subscription\n      the method of the notification; no such line if it has none
 *   data: {"jsonrpc":"2.0",…}\n    the same bytes as on a WebSocket
 *   \n
 *   \r\n
 * </pre>
 */
final class SseEvents
{
    private static final byte[] EVENT = ascii("\nevent: ");
    private static final String METHOD_TEXT = "\"method\":\"";
    private static final byte[] METHOD = ascii(METHOD_TEXT);
    private static final byte[] DATA = ascii("\ndata: ");
    private static final byte[] END = ascii("\n\n");
    private static final int INITIAL_BYTES = 4096;
    private static final int RETAINED_BYTES = 64 * 1024;
    /** The chunk's length in up to 8 hex digits and a line break. */
    private static final int MAX_CHUNK_HEAD_BYTES = 10;
    private static final byte[] HEX = ascii("0123456789abcdef");

    private final byte[] id;
    private final FrameCursor cursor = new FrameCursor();
    private byte[] text = new byte[INITIAL_BYTES];
    private int start;
    private int length;
    /** The hand-out whose event it holds; 0 if that is of one stream alone. */
    private long written;

    SseEvents(final String epoch)
    {
        id = ascii("id: " + epoch + '.');
    }

    /** What stands in an event of the form of an item's that has no id: the client is where it was. */
    static String unnumbered(final byte[] notification)
    {
        final String text = new String(notification, StandardCharsets.UTF_8);
        final int name = text.indexOf(METHOD_TEXT) + METHOD_TEXT.length();
        return "event: " + text.substring(name, text.indexOf('"', name)) +
            "\ndata: " + text.replaceAll("[\\r\\n]", "\ndata: ") + "\n\n";
    }

    /**
     * Writes an item's event, unless it is the one that was written last. Its number does not tell: what ends a
     * subscription, and a mark, have that of the item before.
     */
    void write(
        final long sequence, final long handOut, final ByteBuf chunk, final int itemOffset, final int frameOffset,
        final int frameLength)
    {
        if (handOut != written)
        {
            write(Long.toString(sequence), chunk, itemOffset, frameOffset, frameLength);
            written = handOut;
        }
    }

    /** Writes the event of an item whose id is not that of other streams. */
    void write(
        final String position, final ByteBuf chunk, final int itemOffset, final int frameOffset,
        final int frameLength)
    {
        written = 0;
        begin();
        put(id);
        put(ascii(position));
        cursor.wrap(chunk, frameOffset, frameLength).next();
        putName(chunk, cursor.textOffset(), itemOffset);
        put(DATA);
        final int bodyBytes = cursor.textLength();
        ensure(bodyBytes);
        chunk.getBytes(cursor.textOffset(), text, length, bodyBytes);
        length += bodyBytes;
        splitLines(length - bodyBytes);
        put(END);
        end();
    }

    /** An event is called as its notification is. Where an item is an answer, nothing calls it anything. */
    private void putName(final ByteBuf chunk, final int from, final int to)
    {
        for (int i = from; i < to - METHOD.length; i++)
        {
            if (isMethod(chunk, i))
            {
                put(EVENT);
                for (int next = i + METHOD.length; next < to && chunk.getByte(next) != '"'; next++)
                {
                    ensure(1);
                    text[length++] = chunk.getByte(next);
                }
                return;
            }
        }
    }

    private static boolean isMethod(final ByteBuf chunk, final int from)
    {
        for (int i = 0; i < METHOD.length; i++)
        {
            if (chunk.getByte(from + i) != METHOD[i])
            {
                return false;
            }
        }
        return true;
    }

    /** Writes any other event or comment. */
    void write(final String event)
    {
        written = 0;
        begin();
        put(event.getBytes(StandardCharsets.UTF_8));
        end();
    }

    /** How long the event is, with its chunk's head and end or without. */
    int lengthBytes(final boolean isChunked)
    {
        return isChunked ? length - start : length - MAX_CHUNK_HEAD_BYTES - 2;
    }

    void writeTo(final ByteBuf out, final boolean isChunked)
    {
        out.writeBytes(text, isChunked ? start : MAX_CHUNK_HEAD_BYTES, lengthBytes(isChunked));
    }

    private void begin()
    {
        if (text.length > RETAINED_BYTES)
        {
            text = new byte[INITIAL_BYTES];
        }
        length = MAX_CHUNK_HEAD_BYTES;
    }

    private void end()
    {
        final int eventBytes = length - MAX_CHUNK_HEAD_BYTES;
        ensure(2);
        text[length++] = '\r';
        text[length++] = '\n';
        start = MAX_CHUNK_HEAD_BYTES;
        text[--start] = '\n';
        text[--start] = '\r';
        int left = eventBytes;
        do
        {
            text[--start] = HEX[left & 15];
            left >>>= 4;
        }
        while (left > 0);
    }

    /**
     * A line break ends a field; in JSON it is mere white space, which a node or a publisher may send. Each line
     * becomes a field, and clients join them again. From the end on, so that each byte moves once however many breaks
     * there are.
     */
    private void splitLines(final int from)
    {
        int breaks = 0;
        for (int i = from; i < length; i++)
        {
            breaks += isBreak(text[i]) ? 1 : 0;
        }
        if (breaks == 0)
        {
            return;
        }
        final int moreBytes = breaks * (DATA.length - 1);
        ensure(moreBytes);
        int to = length + moreBytes;
        int next = length;
        length = to;
        while (to > next)
        {
            final byte moved = text[--next];
            if (isBreak(moved))
            {
                to -= DATA.length;
                System.arraycopy(DATA, 0, text, to, DATA.length);
            }
            else
            {
                text[--to] = moved;
            }
        }
    }

    private static boolean isBreak(final byte next)
    {
        return next == '\n' || next == '\r';
    }

    private void put(final byte[] bytes)
    {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, text, length, bytes.length);
        length += bytes.length;
    }

    private void ensure(final int moreBytes)
    {
        if (moreBytes > text.length - length)
        {
            text = Arrays.copyOf(text, Math.max(length + moreBytes, text.length * 2));
        }
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
