package io.ringcast.transport.poll;

/** Takes what pollers find. Confined to the upstream's I/O loop. */
public interface PollSink
{
    /**
     * Takes an item of a feed.
     *
     * @param subscriptionId the feed's.
     * @param bytes          hold the item; borrowed for the call.
     * @param offset         where it starts.
     * @param length         its length in bytes.
     */
    void onItem(String subscriptionId, byte[] bytes, int offset, int length);

    /**
     * Tells whether more can be taken.
     *
     * @return true while items pile up because the ring is full: then nothing is asked.
     */
    boolean isFull();
}
