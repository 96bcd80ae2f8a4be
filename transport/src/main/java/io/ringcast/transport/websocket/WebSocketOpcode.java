package io.ringcast.transport.websocket;

/**
 * The opcodes of RFC 6455; all others are reserved.
 * Immutable.
 */
public final class WebSocketOpcode
{
    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    private WebSocketOpcode()
    {
    }

    static boolean isControl(final int opcode)
    {
        return (opcode & 0x8) != 0;
    }

    static boolean isReserved(final int opcode)
    {
        return (opcode & 0x7) > BINARY;
    }
}
