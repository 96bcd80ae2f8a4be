package io.ringcast.transport.loop;

import io.netty.buffer.ByteBuf;

/**
 * Cuts the byte stream of one connection into messages and hands them to whoever it was made for.
 * Confined to the I/O loop that owns the socket.
 */
public interface MessageCutter
{
    /**
     * Consumes the readable bytes, or those up to the message at which the taker stops.
     *
     * @param in borrowed for the call; what is left readable must come again, before later bytes.
     */
    void cut(ByteBuf in);

    /** How much memory an unfinished message takes, in bytes. */
    int unfinishedBytes();

    /** Gives an unfinished message back; nothing is cut from here on. Harmless twice, and from within the taker. */
    void release();
}
