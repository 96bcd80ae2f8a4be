package io.ringcast.transport.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.pipeline.ReadGate;
import io.ringcast.pipeline.RingPublisher;

import java.util.ArrayDeque;

/**
 * Reads the messages of one connection as long as the ring takes them and the cutter does not wait for its turn, and
 * stops the socket meanwhile.
 * Confined to the I/O loop that owns the socket.
 *
 * <ul>
 * <li><b>Step</b> 1 of 7
 * <li><b>Thread</b> I/O
 * <li><b>Owns</b> a received text until it is published, and the unread bytes while the gate is closed
 * <li><b>Next</b> {@link io.ringcast.frame.FrameDecoder}
 * </ul>
 */
public final class GatedReader implements ReadGate
{
    /** Offers a message to the ring. */
    public interface Sink
    {
        /**
         * Offers a message.
         *
         * @param message the text; owned by the ring if this returns true, else by the caller.
         * @param readAtNs when the last of it was read.
         * @return false if the ring can't take it now.
         */
        boolean tryPublish(ReceivedFrame message, long readAtNs);
    }

    private record Unread(ByteBuf in, long readAtNs)
    {
    }

    private final MessageCutter cutter;
    private final boolean isUpstream;
    private final Channel channel;
    private final RingPublisher publisher;
    private final Sink sink;
    /** What a connection does at the end of a read, for bytes that were read while the gate was closed. */
    private final Runnable afterOpen;

    private ReceivedFrame refused;
    private ArrayDeque<Unread> unread;
    private int unreadBytes;
    private long readAtNs;
    private boolean isEnded;

    public GatedReader(
        final MessageCutter cutter, final boolean isUpstream, final Channel channel, final RingPublisher publisher,
        final Sink sink, final Runnable afterOpen)
    {
        this.cutter = cutter;
        this.isUpstream = isUpstream;
        this.channel = channel;
        this.publisher = publisher;
        this.sink = sink;
        this.afterOpen = afterOpen;
    }

    /**
     * Takes what was read from the socket.
     *
     * @param in    owned by this call.
     * @param nowNs when it was read.
     */
    public void read(final ByteBuf in, final long nowNs)
    {
        if (isEnded)
        {
            in.release();
        }
        else if (unread != null)
        {
            unread.add(new Unread(in, nowNs));
            unreadBytes += in.capacity();
        }
        else
        {
            parseOrKeep(in, nowNs);
        }
    }

    /**
     * Publishes a message, or keeps it and closes the gate.
     *
     * @param message the text; owned by this call.
     * @return false if the gate is closed: the cutter stops.
     */
    public boolean publish(final ReceivedFrame message)
    {
        if (sink.tryPublish(message, readAtNs))
        {
            return true;
        }
        refused = message;
        return false;
    }

    /** A fault ends this connection, by way of its handler: other gates are opened all the same. */
    @Override
    public void open()
    {
        try
        {
            goOn();
        }
        catch (final Throwable e)
        {
            channel.pipeline().fireExceptionCaught(e);
        }
    }

    private void goOn()
    {
        if (isEnded)
        {
            return;
        }
        if (refused != null && !sink.tryPublish(refused, readAtNs))
        {
            close();
            return;
        }
        refused = null;
        parseUnread();
        if (!isEnded)
        {
            afterOpen.run();
        }
    }

    /** True while the socket is not read because the ring or the upstream takes no more, or for another turn. */
    public boolean isClosed()
    {
        return unread != null;
    }

    /**
     * Tells what it keeps: the text that is not whole yet, and while the gate is closed the one that waits, too, and
     * the buffers behind it, which take memory however little of them is left.
     *
     * @return its size in bytes.
     */
    public int unfinishedBytes()
    {
        return cutter.unfinishedBytes() + (refused == null ? 0 : refused.bytes.length) + unreadBytes;
    }

    /** Takes no more and gives back what is held. Harmless twice, and from within a callback of the cutter. */
    public void end()
    {
        if (isEnded)
        {
            return;
        }
        isEnded = true;
        publisher.forget(this);
        cutter.release();
        if (refused != null)
        {
            publisher.giveFrame(refused);
            refused = null;
        }
        if (unread != null)
        {
            unread.forEach(kept -> kept.in.release());
            unread.clear();
            unreadBytes = 0;
        }
    }

    private void parseUnread()
    {
        boolean isAllRead = true;
        while (isAllRead && !isEnded)
        {
            final Unread next = unread.pollFirst();
            if (next == null)
            {
                unread = null;
                channel.config().setAutoRead(true);
                return;
            }
            unreadBytes -= next.in.capacity();
            isAllRead = parseOrKeep(next.in, next.readAtNs);
        }
    }

    /** Returns whether all of it was read. */
    private boolean parseOrKeep(final ByteBuf in, final long atNs)
    {
        readAtNs = atNs;
        try
        {
            cutter.cut(in, atNs);
        }
        catch (final Throwable e)
        {
            in.release();
            throw e;
        }
        if (isEnded || refused == null && !cutter.awaitsTurn(this))
        {
            in.release();
            return true;
        }
        if (unread == null)
        {
            unread = new ArrayDeque<>(2);
            channel.config().setAutoRead(false);
        }
        unread.addFirst(new Unread(in, atNs));
        unreadBytes += in.capacity();
        if (refused != null)
        {
            close();
        }
        return false;
    }

    private void close()
    {
        if (isUpstream)
        {
            publisher.awaitSpaceForUpstream(this);
        }
        else
        {
            publisher.awaitSpace(this);
        }
    }
}
