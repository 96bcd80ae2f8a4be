package io.ringcast.transport.websocket;

import io.ringcast.frame.ReceivedFrame;

/**
 * What a {@link WebSocketFrameParser} finds.
 * Confined to the I/O thread of the connection.
 *
 * <p>Byte arrays of control frames are borrowed for the call. {@link #onClose} and {@link #onViolation} come at most
 * once, and nothing comes after them. Every method may call {@link WebSocketFrameParser#release}.
 */
public interface WebSocketFrameListener
{
    /**
     * Takes a complete message; its fragments have been joined. Whether a text is UTF-8 has not been checked.
     *
     * @param message the message; the listener owns it, whatever is returned.
     * @param text    true for a text message, false for a binary one.
     * @return false to stop parsing: the rest of the input stays unread until the next call of
     *         {@link WebSocketFrameParser#parse}.
     */
    boolean onMessage(ReceivedFrame message, boolean text);

    /**
     * A ping, to be answered with the same payload.
     *
     * @param payload      starts at 0.
     * @param lengthBytes  0 to 125.
     */
    void onPing(byte[] payload, int lengthBytes);

    /**
     * A pong.
     *
     * @param payload      starts at 0.
     * @param lengthBytes  0 to 125.
     */
    void onPong(byte[] payload, int lengthBytes);

    /**
     * A valid close frame.
     *
     * @param code         a legal code, or {@link WebSocketCloseCode#NO_STATUS} if the frame carried none.
     * @param reason       the array in which the reason lies, as UTF-8.
     * @param offset       where it starts.
     * @param lengthBytes  0 to 123.
     */
    void onClose(int code, byte[] reason, int offset, int lengthBytes);

    /**
     * The peer broke the protocol or a limit.
     *
     * @param closeCode the code to close with: 1002, 1007 or 1009.
     * @param reason    what was wrong, short enough for a close frame.
     */
    void onViolation(int closeCode, String reason);
}
