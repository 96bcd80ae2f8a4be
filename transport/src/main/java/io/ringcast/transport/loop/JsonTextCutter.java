package io.ringcast.transport.loop;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.transport.websocket.FramePool;

/**
 * Cuts a stream of JSON objects and arrays into texts, with whatever white space between them, or none.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>geth ends each text with a newline, others with nothing, so the end is found by counting brackets outside of
 * strings. That the brackets match, and all else, is the decoder's business: it sees each text anyway. What is not a
 * text ends the cutting, since nobody knows where the next one begins.
 */
public final class JsonTextCutter implements MessageCutter
{
    /** Takes what is cut. */
    public interface Taker
    {
        /**
         * Takes a text.
         *
         * @param text the text; the taker owns it, whatever is returned.
         * @return false to stop cutting until the next call of {@link #cut}.
         */
        boolean onText(ReceivedFrame text);

        /**
         * The stream can't be cut any further; nothing comes after this.
         *
         * @param reason   what was wrong.
         * @param isTooBig true if a text was longer than allowed.
         */
        void onGarbage(String reason, boolean isTooBig);
    }

    private final int maxTextBytes;
    private final FramePool pool;
    private final Taker taker;
    private final ByteProcessor untilEnd = this::isInside;

    /** The text under way, null between two. */
    private ReceivedFrame text;
    private int openBrackets;
    private boolean isInString;
    private boolean isEscaped;
    private boolean isDone;

    public JsonTextCutter(final int maxTextBytes, final FramePool pool, final Taker taker)
    {
        this.maxTextBytes = maxTextBytes;
        this.pool = pool;
        this.taker = taker;
    }

    @Override
    public void cut(final ByteBuf in, final long readAtNs)
    {
        boolean more = true;
        while (more && !isDone)
        {
            more = (text != null || begin(in, readAtNs)) && take(in);
        }
        if (isDone)
        {
            in.skipBytes(in.readableBytes());
        }
    }

    @Override
    public int unfinishedBytes()
    {
        return text == null ? 0 : text.bytes.length;
    }

    @Override
    public void release()
    {
        isDone = true;
        if (text != null)
        {
            final ReceivedFrame incomplete = text;
            text = null;
            incomplete.clear();
            pool.giveBack(incomplete);
        }
    }

    /** Skips white space; returns true if a text begins. */
    private boolean begin(final ByteBuf in, final long readAtNs)
    {
        while (in.isReadable())
        {
            final byte first = in.getByte(in.readerIndex());
            if (first == '{' || first == '[')
            {
                text = pool.take();
                text.beganAtNs = readAtNs;
                openBrackets = 0;
                return true;
            }
            if (first != ' ' && first != '\n' && first != '\r' && first != '\t')
            {
                fail("bytes that are no JSON text", false);
                return false;
            }
            in.skipBytes(1);
        }
        return false;
    }

    /** Takes the bytes up to the end of the text; returns true if there may be another one behind it. */
    private boolean take(final ByteBuf in)
    {
        final int end = in.forEachByte(untilEnd);
        final int takenBytes = end < 0 ? in.readableBytes() : end + 1 - in.readerIndex();
        if (takenBytes > maxTextBytes - text.length)
        {
            fail("a text longer than " + maxTextBytes + " bytes", true);
            return false;
        }
        text.ensureWritable(takenBytes);
        in.readBytes(text.bytes, text.length, takenBytes);
        text.length += takenBytes;
        if (end < 0)
        {
            return false;
        }
        final ReceivedFrame complete = text;
        text = null;
        return taker.onText(complete);
    }

    private boolean isInside(final byte next)
    {
        if (isInString)
        {
            if (isEscaped)
            {
                isEscaped = false;
            }
            else if (next == '\\')
            {
                isEscaped = true;
            }
            else if (next == '"')
            {
                isInString = false;
            }
            return true;
        }
        switch (next)
        {
            case '"':
                isInString = true;
                return true;

            case '{', '[':
                openBrackets++;
                return true;

            case '}', ']':
                return --openBrackets > 0;

            default:
                return true;
        }
    }

    private void fail(final String reason, final boolean isTooBig)
    {
        release();
        taker.onGarbage(reason, isTooBig);
    }
}
