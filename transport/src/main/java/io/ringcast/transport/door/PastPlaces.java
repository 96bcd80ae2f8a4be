package io.ringcast.transport.door;

import io.ringcast.lane.HeadKeys;
import io.ringcast.lane.LogIdentity;
import io.ringcast.session.PortableCursor;

/**
 * Reads where on the chain an item stands that was before its subscriber came.
 * Confined to its I/O loop.
 */
final class PastPlaces
{
    private static final int NULL_BYTES = 4;

    private final LogIdentity log = new LogIdentity();
    private final HeadKeys head = new HeadKeys();

    /**
     * Reads an item.
     *
     * @param item a log or a head.
     * @return its place; null if one can't go on behind it, since it takes something back or does not say enough.
     */
    String placeOf(final byte[] item)
    {
        if (log.tryRead(item, 0, item.length))
        {
            return log.isRemoved ? null :
                new PortableCursor(log.blockNumber, log.blockHash[0], log.logIndex).toString();
        }
        return head.tryRead(item, 0, item.length) ?
            new PortableCursor(head.number, head.hash[0], 0).toString() : null;
    }

    /** Whether it stands for a block without an item. */
    static boolean isEmptyMark(final byte[] item)
    {
        return item.length == NULL_BYTES && item[0] == 'n';
    }
}
