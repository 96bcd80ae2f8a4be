package io.ringcast.transport;

import io.netty.buffer.ByteBuf;

/** Takes the items of an in-process subscription. Called on an I/O loop's thread: must return soon and never wait. */
@FunctionalInterface
public interface ItemListener
{
    /**
     * Takes one item. It is the same memory that goes to the sockets: nothing is copied. A listener that throws gets no
     * more, and its subscription ends.
     *
     * @param sequence    the item's number in its topic: 1, 2, 3 and so on; a jump is the count of items missed.
     * @param bytes       holds the item; borrowed for this call, must not be written, kept or released.
     * @param offset      where the item's JSON starts.
     * @param lengthBytes its length.
     */
    void onItem(long sequence, ByteBuf bytes, int offset, int lengthBytes);

    /**
     * The subscription is over without {@link LocalSubscription#close} or a fault of the listener's. Nothing follows.
     *
     * @param notification a JSON text with the error: what clients get, in a dialect that has errors for that; else
     *                     an object with {@code error}, whose {@code code} and {@code message} are what a client's
     *                     socket would be closed with: 4008 and 1012 say behind which item to resume.
     */
    default void onEnd(final String notification)
    {
        // Who never has such a subscription need not know.
    }
}
