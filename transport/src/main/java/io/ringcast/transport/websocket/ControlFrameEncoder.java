package io.ringcast.transport.websocket;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;

/**
 * Appends the ping, pong and close frames that one connection sends.
 * Confined to the I/O thread of the connection.
 *
 * <p>Every {@link ByteBuf} is borrowed for the call and grows if it must, by up to {@link #MAX_FRAME_BYTES}.
 */
public final class ControlFrameEncoder
{
    /** The longest control frame: header, key and payload. */
    public static final int MAX_FRAME_BYTES = 2 + Integer.BYTES + 125;
    /** The longest reason of a close frame, in UTF-8. */
    public static final int MAX_REASON_BYTES = 123;

    private static final int MAX_PAYLOAD_BYTES = 125;
    private static final byte[] EMPTY = new byte[0];

    /** Null for a server, which does not mask. */
    private final MaskKeys maskKeys;

    private ControlFrameEncoder(final MaskKeys maskKeys)
    {
        this.maskKeys = maskKeys;
    }

    /**
     * For connections that this process has accepted.
     *
     * @return an encoder of unmasked frames, which may be shared and used by any thread.
     */
    public static ControlFrameEncoder forServer()
    {
        return new ControlFrameEncoder(null);
    }

    /**
     * For a connection that this process has opened.
     *
     * @param maskKeys the connection's keys.
     * @return an encoder of masked frames.
     */
    public static ControlFrameEncoder forClient(final MaskKeys maskKeys)
    {
        return new ControlFrameEncoder(maskKeys);
    }

    /**
     * Appends a ping.
     *
     * @param out         appended to.
     * @param payload     starts at 0.
     * @param lengthBytes 0 to 125.
     */
    public void ping(final ByteBuf out, final byte[] payload, final int lengthBytes)
    {
        append(out, WebSocketOpcode.PING, payload, lengthBytes);
    }

    /**
     * Appends a pong, the answer to a ping with the same payload.
     *
     * @param out         appended to.
     * @param payload     starts at 0.
     * @param lengthBytes 0 to 125.
     */
    public void pong(final ByteBuf out, final byte[] payload, final int lengthBytes)
    {
        append(out, WebSocketOpcode.PONG, payload, lengthBytes);
    }

    /**
     * Appends a close frame.
     *
     * @param out    appended to.
     * @param code   a legal code, or {@link WebSocketCloseCode#NO_STATUS} for a frame without code and reason.
     * @param reason cut behind the last whole character within {@link #MAX_REASON_BYTES}.
     */
    public void close(final ByteBuf out, final int code, final String reason)
    {
        if (code == WebSocketCloseCode.NO_STATUS)
        {
            append(out, WebSocketOpcode.CLOSE, EMPTY, 0);
            return;
        }
        if (!WebSocketCloseCode.isLegal(code))
        {
            throw new IllegalArgumentException("code=" + code + ", allowed=1000-1003, 1007-1014, 3000-4999");
        }
        final byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        final int reasonBytes = wholeCharacters(text);
        final byte[] payload = new byte[Short.BYTES + reasonBytes];
        payload[0] = (byte)(code >>> Byte.SIZE);
        payload[1] = (byte)code;
        System.arraycopy(text, 0, payload, Short.BYTES, reasonBytes);
        append(out, WebSocketOpcode.CLOSE, payload, payload.length);
    }

    private void append(final ByteBuf out, final int opcode, final byte[] payload, final int lengthBytes)
    {
        if (lengthBytes > MAX_PAYLOAD_BYTES)
        {
            throw new IllegalArgumentException("lengthBytes=" + lengthBytes + ", allowed=0-" + MAX_PAYLOAD_BYTES);
        }
        out.ensureWritable(MAX_FRAME_BYTES);
        if (maskKeys == null)
        {
            out.writerIndex(WebSocketHeader.write(out, out.writerIndex(), opcode, lengthBytes));
            out.writeBytes(payload, 0, lengthBytes);
            return;
        }
        final int key = maskKeys.next();
        final int payloadIndex = WebSocketHeader.writeMasked(out, out.writerIndex(), opcode, lengthBytes, key);
        out.writerIndex(payloadIndex);
        out.writeBytes(payload, 0, lengthBytes);
        WebSocketMask.apply(out, payloadIndex, lengthBytes, key);
    }

    private static int wholeCharacters(final byte[] text)
    {
        if (text.length <= MAX_REASON_BYTES)
        {
            return text.length;
        }
        int end = MAX_REASON_BYTES;
        while ((text[end] & 0xC0) == 0x80)
        {
            end--;
        }
        return end;
    }
}
