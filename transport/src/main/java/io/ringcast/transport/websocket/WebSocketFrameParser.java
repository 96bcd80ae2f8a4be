package io.ringcast.transport.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.ringcast.frame.ReceivedFrame;

/**
 * Cuts the byte stream of one connection into messages and control frames, as RFC 6455 demands; with a
 * {@link MessageInflater} it takes compressed messages as well (RFC 7692), and without one no extension.
 * Confined to the I/O thread of the connection. It serves the reader of step 1 of 7, which owns it.
 *
 * <p>Payload is copied once, straight into the heap array of a {@link ReceivedFrame}, and unmasked there. Nothing is
 * allocated for a message that fits into the array it finds. A stop may come between any two messages, also in the
 * middle of a read; that and the objects per frame are why Netty's decoder is not used.
 *
 * <p>A call inflates {@link #PIECE_BYTES} at most, however many compressed messages it is given, and then stops in the
 * middle: {@link #isInflating} says so, and the next call goes on.
 *
 * <p>A length that the peer announces is believed up to {@link #MAX_UP_FRONT_BYTES}; beyond, the array grows with the
 * bytes that have really come.
 *
 * <pre>
 *  START --&gt; LENGTH --&gt; MASK_KEY --&gt; PAYLOAD --&gt; START
 *   2 B     0, 2, 8 B     0, 4 B      0..n B
 *
 *  after the last frame of a compressed message: INFLATING --&gt; START
 *  after a close frame, a violation or release(): DONE
 * </pre>
 */
public final class WebSocketFrameParser
{
    /** How much room is made for the announced length of a frame before its bytes have come. */
    static final int MAX_UP_FRONT_BYTES = 16 * 1024;

    /** How much one call inflates: no more than one read of plain bytes brings. */
    static final int PIECE_BYTES = 64 * 1024;

    private static final int MAX_CONTROL_BYTES = 125;
    private static final int SHORT_LENGTH = 126;
    private static final int CLOSE_CODE_BYTES = 2;
    private static final int COMPRESSED = 0x40;
    private static final int OTHER_RESERVED = 0x30;

    private enum State
    {
        START, LENGTH, MASK_KEY, PAYLOAD, INFLATING, DONE
    }

    private final boolean masked;
    private final int maxMessageBytes;
    private final FramePool pool;
    /** Null if no message may be compressed. */
    private final MessageInflater inflater;
    private final byte[] control = new byte[MAX_CONTROL_BYTES];
    private final HeaderField field = new HeaderField();

    private long readAtNs = ReceivedFrame.NOT_NOTED;
    private State state = State.START;

    private boolean lastFragment;
    private boolean compressedBit;
    private int opcode;
    private int lengthFieldBytes;
    private int remainingBytes;
    private int maskKey;
    private int controlBytes;

    /** The message under way: between two frames it is there only if more fragments must follow. */
    private ReceivedFrame message;
    private boolean text;
    private boolean compressed;
    /** The message that is being inflated, and how much of it this call may still make. */
    private Inflation inflation;
    private int pieceBytes;

    /**
     * Starts behind the opening handshake.
     *
     * @param role            the role of this end: a server takes only masked frames, a client only unmasked ones.
     * @param maxMessageBytes limit for the sum of a message's fragments, at least 1.
     * @param pool            lends the frames to fill.
     */
    public WebSocketFrameParser(final WebSocketRole role, final int maxMessageBytes, final FramePool pool)
    {
        this(role, maxMessageBytes, pool, null);
    }

    /**
     * Starts behind a handshake that may have agreed on compression.
     *
     * @param role            the role of this end.
     * @param maxMessageBytes limit for the sum of a message's fragments, and for what they inflate to; at least 1.
     * @param pool            lends the frames to fill.
     * @param inflater        of this thread; null if nothing was agreed on.
     */
    public WebSocketFrameParser(
        final WebSocketRole role, final int maxMessageBytes, final FramePool pool, final MessageInflater inflater)
    {
        if (maxMessageBytes < 1)
        {
            throw new IllegalArgumentException("maxMessageBytes=" + maxMessageBytes + ", allowed=1 and more");
        }
        this.masked = role == WebSocketRole.SERVER;
        this.maxMessageBytes = maxMessageBytes;
        this.pool = pool;
        this.inflater = inflater;
    }

    /**
     * Tells when the bytes that come next were read: messages whose text begins in them are marked with that.
     *
     * @param atNs on the clock of {@link System#nanoTime}.
     */
    public void noteRead(final long atNs)
    {
        readAtNs = atNs;
    }

    /**
     * Consumes the readable bytes, or those up to the message at which the listener stops or inflating has to wait.
     *
     * @param in       borrowed for the call; what is left readable must come again, before later bytes. If
     *                 {@link #isInflating} then, it must come again also if nothing is left.
     * @param listener told what is found.
     */
    public void parse(final ByteBuf in, final WebSocketFrameListener listener)
    {
        boolean more = true;
        pieceBytes = PIECE_BYTES;
        while (more)
        {
            more = switch (state)
            {
                case START -> takeStart(in, listener);
                case LENGTH -> takeLength(in, listener);
                case MASK_KEY -> takeMaskKey(in);
                case PAYLOAD -> takePayload(in, listener);
                case INFLATING -> inflate(listener);
                default -> ignore(in);
            };
        }
    }

    /** Whether the last call stopped because it had inflated enough. */
    public boolean isInflating()
    {
        return state == State.INFLATING;
    }

    /**
     * How much memory an unfinished message takes.
     *
     * @return the size of its array in bytes, 0 between messages; of one that is being inflated the size of all that it
     *         takes.
     */
    public int unfinishedBytes()
    {
        return inflation != null ? inflation.memoryBytes() : message == null ? 0 : message.bytes.length;
    }

    /** Ends parsing, as at the end of the connection: an incomplete message goes back to the pool. Harmless twice. */
    public void release()
    {
        state = State.DONE;
        if (message != null)
        {
            final ReceivedFrame incomplete = message;
            message = null;
            giveBack(incomplete);
        }
        if (inflation != null)
        {
            giveBack(endInflation());
        }
    }

    private boolean takeStart(final ByteBuf in, final WebSocketFrameListener listener)
    {
        if (!field.tryTake(in, Short.BYTES))
        {
            return false;
        }
        final int first = (int)field.value() >>> Byte.SIZE;
        final int second = (int)field.value() & 0xFF;
        final int length = second & 0x7F;
        lastFragment = (first & 0x80) != 0;
        opcode = first & 0x0F;
        controlBytes = 0;
        compressedBit = (first & COMPRESSED) != 0;

        final boolean reservedBits =
            (first & OTHER_RESERVED) != 0 || compressedBit && (inflater == null || !beginsMessage());
        final String violation = violationOf(reservedBits, (second & 0x80) != 0, length);
        if (violation != null)
        {
            return fail(listener, WebSocketCloseCode.PROTOCOL_ERROR, violation);
        }
        if (length < SHORT_LENGTH)
        {
            return acceptLength(length, listener);
        }
        lengthFieldBytes = length == SHORT_LENGTH ? Short.BYTES : Long.BYTES;
        state = State.LENGTH;
        return true;
    }

    /** Only the first frame of a message says that it is compressed (RFC 7692 section 6). */
    private boolean beginsMessage()
    {
        return opcode == WebSocketOpcode.TEXT || opcode == WebSocketOpcode.BINARY;
    }

    private String violationOf(final boolean reservedBits, final boolean frameMasked, final int length)
    {
        if (reservedBits)
        {
            return "reserved bit set";
        }
        if (WebSocketOpcode.isReserved(opcode))
        {
            return "reserved opcode";
        }
        if (frameMasked != masked)
        {
            return masked ? "frame not masked" : "frame masked";
        }
        if (WebSocketOpcode.isControl(opcode))
        {
            if (!lastFragment)
            {
                return "fragmented control frame";
            }
            return length > MAX_CONTROL_BYTES ? "long control frame" : null;
        }
        if (opcode == WebSocketOpcode.CONTINUATION)
        {
            return message == null ? "continuation without a message" : null;
        }
        return message != null ? "message inside a fragmented message" : null;
    }

    private boolean takeLength(final ByteBuf in, final WebSocketFrameListener listener)
    {
        if (!field.tryTake(in, lengthFieldBytes))
        {
            return false;
        }
        final long length = field.value();
        if (length < 0)
        {
            return fail(listener, WebSocketCloseCode.PROTOCOL_ERROR, "frame length above 63 bits");
        }
        if (length < (lengthFieldBytes == Short.BYTES ? SHORT_LENGTH : 1 << Short.SIZE))
        {
            return fail(listener, WebSocketCloseCode.PROTOCOL_ERROR, "frame length not in its shortest form");
        }
        return acceptLength(length, listener);
    }

    private boolean acceptLength(final long length, final WebSocketFrameListener listener)
    {
        if (!WebSocketOpcode.isControl(opcode))
        {
            final int earlierBytes = message == null ? 0 : message.length;
            if (length > maxMessageBytes - earlierBytes)
            {
                return fail(listener, WebSocketCloseCode.TOO_BIG, "message too big");
            }
        }
        remainingBytes = (int)length;
        if (masked)
        {
            state = State.MASK_KEY;
        }
        else
        {
            beginPayload();
        }
        return true;
    }

    private boolean takeMaskKey(final ByteBuf in)
    {
        if (!field.tryTake(in, Integer.BYTES))
        {
            return false;
        }
        maskKey = (int)field.value();
        beginPayload();
        return true;
    }

    private void beginPayload()
    {
        if (!WebSocketOpcode.isControl(opcode))
        {
            if (message == null)
            {
                message = pool.take();
                text = opcode == WebSocketOpcode.TEXT;
                compressed = compressedBit;
            }
            message.ensureWritable(Math.min(remainingBytes, MAX_UP_FRONT_BYTES));
        }
        state = State.PAYLOAD;
    }

    private boolean takePayload(final ByteBuf in, final WebSocketFrameListener listener)
    {
        final int chunkBytes = Math.min(remainingBytes, in.readableBytes());
        if (WebSocketOpcode.isControl(opcode))
        {
            copy(in, control, controlBytes, chunkBytes);
            controlBytes += chunkBytes;
        }
        else
        {
            if (message.length == 0)
            {
                message.beganAtNs = readAtNs;
            }
            message.ensureWritable(chunkBytes);
            copy(in, message.bytes, message.length, chunkBytes);
            message.length += chunkBytes;
        }
        remainingBytes -= chunkBytes;
        return remainingBytes == 0 && endFrame(listener);
    }

    private void copy(final ByteBuf in, final byte[] target, final int offset, final int lengthBytes)
    {
        in.readBytes(target, offset, lengthBytes);
        if (masked)
        {
            WebSocketMask.apply(target, offset, lengthBytes, maskKey);
            maskKey = WebSocketMask.advance(maskKey, lengthBytes);
        }
    }

    /** The state is set before the listener is called, so that it may release the parser. */
    private boolean endFrame(final WebSocketFrameListener listener)
    {
        state = State.START;
        switch (opcode)
        {
            case WebSocketOpcode.PING:
                listener.onPing(control, controlBytes);
                return true;
            case WebSocketOpcode.PONG:
                listener.onPong(control, controlBytes);
                return true;
            case WebSocketOpcode.CLOSE:
                return endClose(listener);
            default:
                return !lastFragment || handOver(listener);
        }
    }

    private boolean handOver(final WebSocketFrameListener listener)
    {
        final ReceivedFrame complete = message;
        message = null;
        if (!compressed)
        {
            return listener.onMessage(complete, text);
        }
        inflation = inflater.begin(complete, pool.take(), maxMessageBytes);
        state = State.INFLATING;
        return true;
    }

    private boolean inflate(final WebSocketFrameListener listener)
    {
        final int earlierBytes = inflation.wholeBytes();
        final int outcome = inflation.go(pieceBytes);
        if (outcome == Inflation.MORE)
        {
            return false;
        }
        pieceBytes -= inflation.wholeBytes() - earlierBytes;
        final ReceivedFrame whole = endInflation();
        if (outcome == Inflation.DONE)
        {
            state = State.START;
            return listener.onMessage(whole, text);
        }
        giveBack(whole);
        return fail(listener, outcome,
            outcome == WebSocketCloseCode.TOO_BIG ? "message too big" : "message can't be inflated");
    }

    /** Returns what was made of the message, which is the caller's. */
    private ReceivedFrame endInflation()
    {
        final Inflation ended = inflation;
        inflation = null;
        giveBack(ended.takePacked());
        final ReceivedFrame whole = ended.takeWhole();
        inflater.giveBack(ended);
        return whole;
    }

    private void giveBack(final ReceivedFrame frame)
    {
        frame.clear();
        pool.giveBack(frame);
    }

    private boolean endClose(final WebSocketFrameListener listener)
    {
        if (controlBytes == 0)
        {
            release();
            listener.onClose(WebSocketCloseCode.NO_STATUS, control, 0, 0);
            return true;
        }
        if (controlBytes < CLOSE_CODE_BYTES)
        {
            return fail(listener, WebSocketCloseCode.PROTOCOL_ERROR, "close frame of one byte");
        }
        final int code = (control[0] & 0xFF) << Byte.SIZE | control[1] & 0xFF;
        if (!WebSocketCloseCode.isLegal(code))
        {
            return fail(listener, WebSocketCloseCode.PROTOCOL_ERROR, "illegal close code");
        }
        if (!isUtf8(control, CLOSE_CODE_BYTES, controlBytes - CLOSE_CODE_BYTES))
        {
            return fail(listener, WebSocketCloseCode.INVALID_TEXT, "close reason is not UTF-8");
        }
        release();
        listener.onClose(code, control, CLOSE_CODE_BYTES, controlBytes - CLOSE_CODE_BYTES);
        return true;
    }

    private boolean fail(final WebSocketFrameListener listener, final int closeCode, final String reason)
    {
        release();
        listener.onViolation(closeCode, reason);
        return true;
    }

    private static boolean ignore(final ByteBuf in)
    {
        in.skipBytes(in.readableBytes());
        return false;
    }

    private static boolean isUtf8(final byte[] bytes, final int offset, final int lengthBytes)
    {
        try
        {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, lengthBytes));
            return true;
        }
        catch (final CharacterCodingException ignored)
        {
            return false;
        }
    }
}
