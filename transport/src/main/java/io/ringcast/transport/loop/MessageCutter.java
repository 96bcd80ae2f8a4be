package io.ringcast.transport.loop;

import io.netty.buffer.ByteBuf;
import io.ringcast.pipeline.ReadGate;

/**
 * Cuts the byte stream of one connection into messages and hands them to whoever it was made for.
 * Confined to the I/O loop that owns the socket.
 */
public interface MessageCutter
{
    /**
     * Consumes the readable bytes, or those up to the message at which the taker or the cutter itself stops.
     *
     * @param in       borrowed for the call; what is left readable must come again, before later bytes.
     * @param readAtNs when it was read: a text that begins in it is marked with that.
     */
    void cut(ByteBuf in, long readAtNs);

    /**
     * Asked behind each {@link #cut}: whether the cutter has stopped by itself, for others to have their turn.
     *
     * @param gate opened when the same bytes are to come again, even if nothing of them is left; unless this returns
     *             false.
     * @return true if it has.
     */
    default boolean awaitsTurn(final ReadGate gate)
    {
        return false;
    }

    /** How much memory an unfinished message takes, in bytes. */
    int unfinishedBytes();

    /** Gives an unfinished message back; nothing is cut from here on. Harmless twice, and from within the taker. */
    void release();
}
