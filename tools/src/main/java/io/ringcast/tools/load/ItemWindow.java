package io.ringcast.tools.load;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the subscribers of one client loop have come, for a closed loop: an item is complete when each of them has
 * it, and only so many may be under way.
 * Single writer the client loop; {@link #completedItems()} is readable from any thread.
 */
final class ItemWindow
{
    private final int subscribers;
    private final Runnable onCompleted;
    /** Subscribers that have an item, by its sequence modulo the length; no more are under way than fit. */
    private final int[] receipts;
    private final AtomicLong completed = new AtomicLong();

    /**
     * Begins at the first item.
     *
     * @param limitItems  items under way at most.
     * @param subscribers of this loop.
     * @param onCompleted called on the loop each time when they all have an item.
     */
    ItemWindow(final int limitItems, final int subscribers, final Runnable onCompleted)
    {
        this.subscribers = subscribers;
        this.onCompleted = onCompleted;
        receipts = new int[limitItems];
    }

    /** One subscriber got this item. */
    void onItem(final long sequence)
    {
        final int at = (int)(sequence % receipts.length);
        if (++receipts[at] == subscribers)
        {
            receipts[at] = 0;
            completed.setRelease(completed.getPlain() + 1);
            onCompleted.run();
        }
    }

    /** Items that all have, counted from the first. */
    long completedItems()
    {
        return completed.getAcquire();
    }
}
