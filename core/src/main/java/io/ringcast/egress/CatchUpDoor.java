package io.ringcast.egress;

/**
 * Asks for what a connection has yet to get of a topic; the answer comes through the ring.
 * Called on the I/O loop that owns the connection.
 */
@FunctionalInterface
public interface CatchUpDoor
{
    /**
     * Asks, if there is room.
     *
     * @param connectionId who is behind.
     * @param topicId      in which topic.
     * @param grant        which of its subscriptions to it; see {@link io.ringcast.session.EgressAction#grant}.
     * @param ticket       comes back with each part of the answer.
     * @param sequence     the number of the first item that is wanted.
     * @param nowNs        when.
     * @return false if there is no room; nothing was asked.
     */
    boolean tryAsk(long connectionId, int topicId, int grant, int ticket, long sequence, long nowNs);
}
