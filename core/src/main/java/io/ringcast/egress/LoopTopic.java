package io.ringcast.egress;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * One topic on one loop: the connections that receive it, and what waits for those behind the activation barrier.
 * Confined to its I/O loop.
 */
final class LoopTopic
{
    /** See {@link #unmeasuredSince}. */
    static final long UNKNOWN = -1;

    final int topicId;
    Outlet[] frameOutlets = new Outlet[2];
    int frameOutletCount;
    Outlet[] itemOutlets = new Outlet[0];
    int itemOutletCount;
    final Backlog backlog = new Backlog();
    /**
     * Whoever waits for the backlog, in the order of their places in it; who is over goes when all before it are.
     */
    final ArrayDeque<Activation> waiting = new ArrayDeque<>(0);
    /** The number of the first item that this loop has yet to hand to the topic's live outlets. */
    long nextSequence;
    /** The last measurement after which none of its live outlets was found to be measured; see ObservedOutlets. */
    long unmeasuredSince = UNKNOWN;
    private int first;
    private int firstItem;

    LoopTopic(final int topicId)
    {
        this.topicId = topicId;
    }

    void add(final Outlet outlet)
    {
        unmeasuredSince = outlet.figures == null ? unmeasuredSince : UNKNOWN;
        if (outlet.takesItems())
        {
            if (itemOutletCount == itemOutlets.length)
            {
                itemOutlets = Arrays.copyOf(itemOutlets, Math.max(1, itemOutletCount * 2));
            }
            itemOutlets[itemOutletCount++] = outlet;
        }
        else
        {
            if (frameOutletCount == frameOutlets.length)
            {
                frameOutlets = Arrays.copyOf(frameOutlets, frameOutletCount * 2);
            }
            frameOutlets[frameOutletCount++] = outlet;
        }
    }

    /**
     * Tells with whom a batch begins: it moves on by one with each, so that nobody is always first.
     *
     * @return an index of {@link #frameOutlets}; 0 if there is none.
     */
    int nextFirst()
    {
        first = first + 1 < frameOutletCount ? first + 1 : 0;
        return first;
    }

    /**
     * The same for those that take items, with each item.
     *
     * @return an index of {@link #itemOutlets}; 0 if there is none.
     */
    int nextFirstItem()
    {
        firstItem = firstItem + 1 < itemOutletCount ? firstItem + 1 : 0;
        return firstItem;
    }

    /**
     * Takes an outlet out.
     *
     * @return true if it was there.
     */
    boolean remove(final Outlet outlet)
    {
        final int before = itemOutletCount + frameOutletCount;
        if (outlet.takesItems())
        {
            itemOutletCount = remove(itemOutlets, itemOutletCount, outlet);
        }
        else
        {
            frameOutletCount = remove(frameOutlets, frameOutletCount, outlet);
        }
        return itemOutletCount + frameOutletCount < before;
    }

    /** Keeps the order of the others, so that the turn goes round among them. */
    private static int remove(final Outlet[] outlets, final int count, final Outlet outlet)
    {
        for (int i = 0; i < count; i++)
        {
            if (outlets[i] == outlet)
            {
                System.arraycopy(outlets, i + 1, outlets, i, count - i - 1);
                outlets[count - 1] = null;
                return count - 1;
            }
        }
        return count;
    }
}
