package io.ringcast.transport.loop;

/**
 * The payload of the relay's pings: a number, so that a pong tells which ping it answers.
 * Any thread.
 */
public final class PingToken
{
    public static final int BYTES = Long.BYTES;
    /** A ping frame of a server with such a payload. */
    public static final int FRAME_BYTES = 2 + BYTES;

    private PingToken()
    {
    }

    public static byte[] bytes(final long token)
    {
        final byte[] payload = new byte[BYTES];
        for (int i = 0; i < BYTES; i++)
        {
            payload[i] = (byte)(token >>> Byte.SIZE * (BYTES - 1 - i));
        }
        return payload;
    }

    public static long read(final byte[] payload)
    {
        long token = 0;
        for (int i = 0; i < BYTES; i++)
        {
            token = token << Byte.SIZE | payload[i] & 0xFF;
        }
        return token;
    }
}
