package io.ringcast.transport.websocket;

import io.netty.buffer.ByteBuf;

/**
 * A number of a frame's header, most significant byte first, whose bytes may come one by one.
 * Confined to the I/O thread of the connection.
 */
final class HeaderField
{
    private long value;
    /** How many bytes of a number that came in pieces are there; 0 between two numbers. */
    private int bytes;

    /** Takes what has come of a number of 2, 4 or 8 bytes; false if that is not all of it. */
    boolean tryTake(final ByteBuf in, final int neededBytes)
    {
        if (bytes == 0 && in.readableBytes() >= neededBytes)
        {
            value = switch (neededBytes)
            {
                case Short.BYTES -> in.readUnsignedShort();
                case Integer.BYTES -> in.readInt();
                default -> in.readLong();
            };
            return true;
        }
        return tryTakePieces(in, neededBytes);
    }

    private boolean tryTakePieces(final ByteBuf in, final int neededBytes)
    {
        if (bytes == 0)
        {
            value = 0;
        }
        while (bytes < neededBytes && in.isReadable())
        {
            value = value << Byte.SIZE | in.readUnsignedByte();
            bytes++;
        }
        if (bytes < neededBytes)
        {
            return false;
        }
        bytes = 0;
        return true;
    }

    /** The number, once all of it was taken; one of 4 bytes may have any sign. */
    long value()
    {
        return value;
    }
}
