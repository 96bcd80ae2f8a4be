package io.ringcast.transport.websocket;

import io.ringcast.frame.ReceivedFrame;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * One compressed message that becomes whole piece by piece (RFC 7692 section 7.2.2), and after it the next.
 * Confined to one I/O thread.
 *
 * <p>Pieces are bound on both sides: a few bytes may inflate to a thousand times as many, and many bytes, such as
 * tables without anything to decode with them, to none.
 */
final class Inflation
{
    /** What {@link #go} returns if the message is whole. */
    static final int DONE = 0;
    /** What {@link #go} returns if there is more to do. */
    static final int MORE = -1;
    /** What zlib keeps for a stream: the window and its tables. */
    static final int WINDOW_BYTES = 40 * 1024;

    private static final byte[] TAIL = {0, 0, (byte)0xFF, (byte)0xFF};
    private static final int INPUT_BYTES = 16 * 1024;
    private static final int FIRST_GROWTH = 4;
    /**
     * A message may be a stream that says its end, with a byte behind it. More than one such end is nobody's way of
     * writing, and each costs a reset.
     */
    private static final int MAX_ENDS = 2;

    private final Inflater inflater = new Inflater(true);
    private final byte[] beyond = new byte[1];
    private ReceivedFrame packed;
    private ReceivedFrame whole;
    private int maxBytes;
    /** How far the inflater was given what came. */
    private int givenBytes;
    private int ends;

    /**
     * Begins with a message.
     *
     * @param packedMessage what came; the tail that its sender cut off is put behind it. Lent until {@link #takeWhole}.
     * @param wholeMessage  empty; lent likewise.
     * @param limitBytes    for the inflated length: no more than that is ever made.
     */
    void begin(final ReceivedFrame packedMessage, final ReceivedFrame wholeMessage, final int limitBytes)
    {
        packed = packedMessage;
        whole = wholeMessage;
        whole.beganAtNs = packed.beganAtNs;
        maxBytes = limitBytes;
        givenBytes = 0;
        ends = 0;
        packed.ensureWritable(TAIL.length);
        System.arraycopy(TAIL, 0, packed.bytes, packed.length, TAIL.length);
        packed.length += TAIL.length;
        whole.ensureWritable(Math.min(maxBytes, Math.min(packed.length, INPUT_BYTES) * FIRST_GROWTH));
        inflater.reset();
        giveInput();
    }

    /**
     * Makes the next piece.
     *
     * @param pieceBytes how long it may be.
     * @return {@link #DONE}, {@link #MORE}, or the code with which the connection is to be closed.
     */
    int go(final int pieceBytes)
    {
        final int pieceEnd = (int)Math.min(maxBytes, (long)whole.length + pieceBytes);
        boolean mayGiveInput = true;
        try
        {
            while (true)
            {
                if (whole.length == pieceEnd && pieceEnd < maxBytes)
                {
                    return MORE;
                }
                if (inflateUpTo(pieceEnd) > 0)
                {
                    if (whole.length > maxBytes)
                    {
                        return WebSocketCloseCode.TOO_BIG;
                    }
                    continue;
                }
                final int left = packed.length - givenBytes + inflater.getRemaining();
                if (left == 0)
                {
                    return DONE;
                }
                if (!isGoingOn(left))
                {
                    return WebSocketCloseCode.INVALID_TEXT;
                }
                if (!mayGiveInput)
                {
                    return MORE;
                }
                mayGiveInput = false;
                giveInput();
            }
        }
        catch (final DataFormatException e)
        {
            return WebSocketCloseCode.INVALID_TEXT;
        }
    }

    /** How much memory the message takes, in bytes. */
    int memoryBytes()
    {
        return packed.bytes.length + whole.bytes.length + WINDOW_BYTES;
    }

    /** How much of the message there is, in bytes. */
    int wholeBytes()
    {
        return whole.length;
    }

    /** What came, for its owner; only once. */
    ReceivedFrame takePacked()
    {
        final ReceivedFrame taken = packed;
        packed = null;
        return taken;
    }

    /** What was made of it, for its owner; only once. */
    ReceivedFrame takeWhole()
    {
        final ReceivedFrame taken = whole;
        whole = null;
        return taken;
    }

    /** Gives the memory outside the heap back. */
    void end()
    {
        inflater.end();
    }

    /** Returns how many bytes it made; the one beyond the limit is counted, and kept nowhere. */
    private int inflateUpTo(final int end) throws DataFormatException
    {
        if (whole.length == maxBytes)
        {
            final int tooMany = inflater.inflate(beyond, 0, 1);
            whole.length += tooMany;
            return tooMany;
        }
        if (whole.length == whole.bytes.length)
        {
            whole.ensureWritable(Math.min(whole.length, maxBytes - whole.length));
        }
        final int made = inflater.inflate(
            whole.bytes, whole.length, Math.min(whole.bytes.length, end) - whole.length);
        whole.length += made;
        return made;
    }

    /** Nothing came of what was given: it has been used up, a stream has ended within it, or it makes no sense. */
    private boolean isGoingOn(final int leftBytes)
    {
        if (!inflater.finished())
        {
            return inflater.getRemaining() == 0;
        }
        ends++;
        givenBytes = packed.length - leftBytes;
        inflater.reset();
        return ends < MAX_ENDS;
    }

    private void giveInput()
    {
        final int bytes = Math.min(INPUT_BYTES, packed.length - givenBytes);
        inflater.setInput(packed.bytes, givenBytes, bytes);
        givenBytes += bytes;
    }
}
