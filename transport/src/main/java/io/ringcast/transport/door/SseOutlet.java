package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.ringcast.config.RelayConfig;
import io.ringcast.transport.loop.NetworkLoop;

import java.util.concurrent.TimeUnit;

/**
 * The way out to one stream of server-sent events.
 * Confined to the I/O loop that owns the socket.
 */
final class SseOutlet extends BufferedOutlet
{
    private static final String HEARTBEAT = ":\n\n";

    private final SseConnection connection;
    private final HttpWire wire;
    private final SseEvents events;
    private final FrameCursor cursor = new FrameCursor();
    private final PastPlaces pastPlaces = new PastPlaces();
    private final boolean isChunked;
    /** True if it has several subscriptions: then its ids are its own. */
    private final boolean hasSeveral;
    private final long heartbeatNs;
    private long writtenAtNs = System.nanoTime();
    private boolean isFlushDue;

    SseOutlet(
        final SseConnection connection, final Channel channel, final NetworkLoop loop, final RelayConfig config,
        final MemoryBudget unsentBudget, final HttpWire wire, final boolean isChunked, final boolean hasSeveral)
    {
        super(loop.nextEventsOnlyId(), channel, loop, config.limits(), unsentBudget);
        this.connection = connection;
        this.wire = wire;
        events = DoorForms.of(loop).sseEvents();
        this.isChunked = isChunked;
        this.hasSeveral = hasSeveral;
        heartbeatNs = TimeUnit.MILLISECONDS.toNanos(config.doors().sseHeartbeatMs());
    }

    /** How far it has been handed each of its subscriptions. */
    String positions()
    {
        return positions(SsePosition.SEPARATOR, SsePosition.PAST);
    }

    /** It goes on behind the places that the client was at; before the first item. */
    void beginAt(final SsePosition position, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (position.hasPlace(i, count) && isPast(topicId(i)))
            {
                setPastPlace(topicId(i), position.numbers()[i]);
            }
        }
    }

    /** The one answer that comes, to the batch of subscribes; then what only this connection is told of its status. */
    @Override
    public void append(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        cursor.wrap(chunk, offset, length);
        while (!isClosed() && cursor.next())
        {
            final byte[] text = new byte[cursor.textLength()];
            chunk.getBytes(cursor.textOffset(), text);
            if (connection.isStreaming())
            {
                send(SseEvents.unnumbered(text));
            }
            else
            {
                connection.onAnswer(text);
            }
        }
    }

    @Override
    public void onItem(
        final int topicId, final long sequence, final long handOut, final ByteBuf chunk, final int offset,
        final int length, final int frameOffset, final int frameLength)
    {
        if (isClosed())
        {
            return;
        }
        if (isPast(topicId))
        {
            notePlace(topicId, chunk, offset, length);
        }
        if (hasSeveral || mayWait())
        {
            events.write(positions(), chunk, offset, frameOffset, frameLength);
        }
        else
        {
            events.write(sequence, handOut, chunk, offset, frameOffset, frameLength);
        }
        note(1);
        if (isPatient() && isFull())
        {
            flush();
        }
    }

    /** An item that has no number is gone on behind by its place; a block without an item has none. */
    private void notePlace(final int topicId, final ByteBuf chunk, final int offset, final int length)
    {
        final byte[] item = new byte[length];
        chunk.getBytes(offset, item);
        if (!PastPlaces.isEmptyMark(item))
        {
            setPastPlace(topicId, pastPlaces.placeOf(item));
        }
    }

    @Override
    protected void onOpened(final int topicCount)
    {
        connection.onOpened(topicCount);
    }

    /** Sends an event or a comment of the door's own. */
    void send(final String event)
    {
        events.write(event);
        note(0);
        flush();
    }

    @Override
    Object framed(final ByteBuf bytes)
    {
        return wire.body(bytes);
    }

    @Override
    public void flush()
    {
        isFlushDue = false;
        if (!isClosed())
        {
            super.flush();
        }
    }

    @Override
    public boolean takesItems()
    {
        return true;
    }

    /** A browser runs one task per event, so none is lost. */
    @Override
    public void fail()
    {
        connection.closeNow();
    }

    @Override
    public void onTick(final long nowNs)
    {
        returnBudget();
        connection.onTick();
        if (connection.isStreaming() && !isClosed() && nowNs - writtenAtNs >= heartbeatNs)
        {
            send(HEARTBEAT);
        }
    }

    @Override
    public void closeForRestart()
    {
        connection.closeForRestart();
    }

    @Override
    void closeSlow()
    {
        connection.closeSlow();
    }

    private void note(final int items)
    {
        final int bytes = events.lengthBytes(isChunked);
        events.writeTo(noted(bytes), isChunked);
        onNoted(bytes, items, 0);
        writtenAtNs = System.nanoTime();
        if (!isFlushDue)
        {
            isFlushDue = true;
            loop().flushLater(this);
        }
    }
}
