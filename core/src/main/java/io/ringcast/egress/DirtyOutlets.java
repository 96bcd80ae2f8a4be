package io.ringcast.egress;

import io.netty.buffer.ByteBuf;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.EgressAction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The connections of one loop that have something noted; each is flushed once at the end of the batch.
 * Confined to its I/O loop.
 *
 * <p>A connection that can't be written to is closed; the others are served.
 */
final class DirtyOutlets
{
    private static final Logger LOGGER = LoggerFactory.getLogger(EgressLoop.class);

    private final CounterSet counters;
    private final Consumer<Outlet> afterFlush;
    private Outlet[] dirty = new Outlet[64];
    private int count;
    private long handOuts;

    /**
     * Creates it empty.
     *
     * @param counters   the loop thread's counters.
     * @param afterFlush told of each connection that was flushed.
     */
    DirtyOutlets(final CounterSet counters, final Consumer<Outlet> afterFlush)
    {
        this.counters = counters;
        this.afterFlush = afterFlush;
    }

    boolean isEmpty()
    {
        return count == 0;
    }

    void add(final Outlet outlet)
    {
        if (!outlet.isDirty)
        {
            outlet.isDirty = true;
            if (count == dirty.length)
            {
                dirty = Arrays.copyOf(dirty, count * 2);
            }
            dirty[count++] = outlet;
        }
    }

    /**
     * Notes bytes for a connection, as {@link Outlet#append} does, to be flushed.
     *
     * @return false if that has thrown: then the connection is closed.
     */
    boolean tryAppend(
        final Outlet outlet, final ByteBuf chunk, final int offset, final int length, final long receivedAtNs,
        final int items)
    {
        try
        {
            outlet.append(chunk, offset, length, receivedAtNs, items);
        }
        catch (final Exception | OutOfMemoryError e)
        {
            fail(outlet, e);
            return false;
        }
        add(outlet);
        return true;
    }

    /** Names what is handed to one connection, or to several after each other: never 0. */
    long nextHandOut()
    {
        return ++handOuts;
    }

    /** Hands an item to a connection that takes items, as {@link Outlet#onItem} does; one that throws is closed. */
    void giveItem(final Outlet outlet, final long handOut, final EgressAction action)
    {
        try
        {
            outlet.onItem(
                action.topicId, action.sequence, handOut, action.chunk, action.itemOffset, action.itemLength,
                action.offset, action.length);
        }
        catch (final Exception | OutOfMemoryError e)
        {
            fail(outlet, e);
        }
    }

    void flushAll()
    {
        final int flushed = count;
        count = 0;
        for (int i = 0; i < flushed; i++)
        {
            final Outlet outlet = dirty[i];
            dirty[i] = null;
            outlet.isDirty = false;
            flush(outlet);
        }
    }

    void flush(final Outlet outlet)
    {
        try
        {
            outlet.flush();
            afterFlush.accept(outlet);
        }
        catch (final Exception | OutOfMemoryError e)
        {
            fail(outlet, e);
        }
    }

    void fail(final Outlet outlet, final Throwable fault)
    {
        counters.increment(RelayCounter.EGRESS_FAILURES);
        LOGGER.error("writing to connection {} failed; it is closed", outlet.connectionId(), fault);
        outlet.fail();
    }
}
