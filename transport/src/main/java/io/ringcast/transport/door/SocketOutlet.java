package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.ringcast.config.LimitsConfig;
import io.ringcast.egress.Outlet;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.NetworkLoop;

import java.io.IOException;

/**
 * The way out to one downstream socket.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>As long as the socket takes everything, a write is one {@code send} straight from the shared chunk, past Netty's
 * outbound buffer. What the kernel does not take is queued in that buffer, up to a budget; a connection over it is too
 * slow and closed, on this loop, without anybody else noticing.
 *
 * <p>With TLS there is no direct send: everything enters above the handler that encrypts, which joins what one flush
 * brings into as few records as it can.
 */
public sealed class SocketOutlet extends Outlet permits DeflatedOutlet
{
    /** With TLS ranges from this length on are not copied: they are encrypted, and let go of, by the next flush. */
    private static final int MIN_BORROWED_BYTES = 32 * 1024;
    /** With more than this unsent, topics that can wait do; Netty tells when it has gone down to half of it. */
    static final int CONGESTED_BYTES = 64 * 1024;
    /** What is handed over at once, behind that, is a chunk of frames and an answer from a history at most. */
    public static final int PATIENT_BYTES = CONGESTED_BYTES + 2 * 256 * 1024;
    static final int DRAINED_BYTES = CONGESTED_BYTES / 2;

    private final ClientConnection connection;
    private final Channel channel;
    /** Where writes enter above TLS; null without it. */
    private final ChannelHandlerContext tls;
    /** Null if this connection has no direct send; then everything goes through Netty's buffer. */
    private final Socket socket;
    private final NetworkLoop loop;
    private final WriteProgress progress = new WriteProgress();
    private final CounterSet counters;
    private final UnsentLimit limit;
    private final BudgetShare unsent;
    private long notedBytes;
    /** What was noted since the last flush; made when first needed, which plain subscribers never do. */
    private RangeList noted;
    /** True while Netty's buffer may hold something: then everything must go behind it. */
    private boolean mayHaveQueued;
    private boolean isClosed;

    SocketOutlet(
        final long connectionId, final ClientConnection connection, final Channel channel,
        final ChannelHandlerContext tls, final NetworkLoop loop, final LimitsConfig limits,
        final MemoryBudget unsentBudget)
    {
        super(connectionId);
        this.connection = connection;
        this.channel = channel;
        this.tls = tls;
        this.loop = loop;
        limit = new UnsentLimit(limits);
        unsent = new BudgetShare(unsentBudget);
        socket = tls == null && channel instanceof EpollSocketChannel epoll && epoll.fd() instanceof Socket fd ?
            fd : null;
        counters = loop.counters();
    }

    public Channel channel()
    {
        return channel;
    }

    @Override
    public void append(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        if (isClosed)
        {
            return;
        }
        if (noted == null)
        {
            noted = new RangeList();
        }
        if (notedBytes == 0)
        {
            limit.onNoted(isWhollyPatient());
        }
        noted.add(chunk, offset, length, receivedAtNs, items);
        notedBytes += length;
    }

    @Override
    public boolean isFull()
    {
        return notedBytes > CONGESTED_BYTES;
    }

    @Override
    public void flush()
    {
        if (noted == null)
        {
            return;
        }
        notedBytes = 0;
        boolean isQueued = false;
        for (int i = 0; i < noted.count() && !isClosed; i++)
        {
            isQueued |= sendOrQueue(
                noted.chunk(i), noted.offset(i), noted.length(i), noted.receivedAtNs(i), noted.items(i));
        }
        noted.clear();
        if (isQueued && !isClosed)
        {
            flushQueue();
        }
    }

    @Override
    public void send(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        if (!isClosed && sendOrQueue(chunk, offset, length, receivedAtNs, items) && !isClosed)
        {
            flushQueue();
        }
    }

    @Override
    public void fail()
    {
        if (noted != null)
        {
            noted.clear();
        }
        connection.closeNow();
    }

    @Override
    public void cutOff()
    {
        // The close tells with which number it goes on, and that stands behind what is noted.
        flush();
        connection.closeSlow();
    }

    @Override
    protected void onFiguresAsked(final int ticket)
    {
        loop.tellFigures(this, ticket, pendingBytes());
    }

    @Override
    public void takeOver()
    {
        flush();
        connection.closeTakenOver();
    }

    @Override
    public boolean hasBarrier()
    {
        return true;
    }

    @Override
    public void ping(final long token)
    {
        if (!isClosed)
        {
            connection.ping(token);
        }
    }

    /**
     * Writes a control frame, behind whatever is still unsent.
     *
     * @param frame owned by this call.
     */
    void writeControl(final ByteBuf frame)
    {
        write(frame, channel.unsafe().voidPromise());
        flushQueue();
    }

    /** The socket has taken most of what was unsent. */
    void onWritable()
    {
        if (!isClosed && isCongested())
        {
            checkBudgets();
        }
    }

    @Override
    public void onTick(final long nowNs)
    {
        connection.onTick(nowNs);
    }

    @Override
    public void closeForRestart()
    {
        connection.closeForRestart();
    }

    /** Gives back to the budget what has left since the last flush: an idle connection must not count for long. */
    void returnBudget()
    {
        if (unsent.bytes() > 0)
        {
            checkBudgets();
        }
    }

    /** Whether the socket has gone on taking what waited for it, since it was asked last. */
    boolean hasTakenWaiting()
    {
        return channel.unsafe().outboundBuffer() != null && progress.hasGoneOn(untakenBytes());
    }

    /** How many bytes wait for the socket to take them; 0 once it is closed. */
    long untakenBytes()
    {
        final ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        // A message is counted as waiting until all of it has been taken.
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    }

    /** It is closed, but what is unsent still is to leave: it counts in the budget of all until it is forgotten. */
    void noteUnsent()
    {
        // Who goes over the budget now is not this one, which gets nothing more.
        unsent.change(UnsentBytes.of(channel));
    }

    /** Whether all connections together hold so much unsent that nobody waits for who is closed. */
    boolean isBudgetShort()
    {
        return unsent.isBudgetShort();
    }

    /** Nothing unsent is held any more. Harmless twice. */
    void forgetUnsent()
    {
        unsent.giveBack();
    }

    /** Nothing is written from here on. */
    void close()
    {
        isClosed = true;
        unsent.giveBack();
    }

    /** Returns true if something was put into Netty's buffer that has yet to be flushed. */
    private boolean sendOrQueue(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        if (mayHaveQueued && pendingBytes() == 0)
        {
            mayHaveQueued = false;
            checkBudgets();
        }
        int sent = 0;
        if (!mayHaveQueued && socket != null)
        {
            sent = sendDirect(chunk, offset, length);
            if (sent == length)
            {
                delivered(items, receivedAtNs);
                return false;
            }
            if (isClosed)
            {
                return false;
            }
            counters.increment(RelayCounter.WRITES_PARTIAL);
        }
        queue(chunk, offset + sent, length - sent, receivedAtNs, items);
        return true;
    }

    private int sendDirect(final ByteBuf chunk, final int offset, final int length)
    {
        if (!socket.isOpen())
        {
            // Closed in this turn of the loop; its handlers are told in the next. The kernel may have given the number
            // of its descriptor to another client's socket meanwhile, and a send past Netty would reach that one.
            connection.closeNow();
            return 0;
        }
        counters.increment(RelayCounter.WRITES);
        try
        {
            return Math.max(0, socket.sendAddress(loop.chunkAddress().of(chunk), offset, offset + length));
        }
        catch (final IOException e)
        {
            counters.increment(RelayCounter.OUTLET_FAILURES);
            connection.closeNow();
            return 0;
        }
    }

    private void queue(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        final ByteBuf bytes = tls != null && length >= MIN_BORROWED_BYTES ?
            chunk.retainedSlice(offset, length) : KeptBytes.of(channel.alloc(), chunk, offset, length);
        if (items == 0)
        {
            limit.onAnswer(length);
            write(bytes, channel.unsafe().voidPromise());
        }
        else
        {
            write(bytes, channel.newPromise().addListener(future ->
            {
                if (future.isSuccess())
                {
                    delivered(items, receivedAtNs);
                }
            }));
        }
    }

    private void flushQueue()
    {
        counters.increment(RelayCounter.WRITES);
        if (tls == null)
        {
            channel.unsafe().flush();
        }
        else
        {
            tls.flush();
        }
        checkBudgets();
    }

    private void write(final ByteBuf bytes, final ChannelPromise promise)
    {
        // At once: what a flush has after it must not pass it, though the socket may take something again meanwhile.
        mayHaveQueued = true;
        progress.onQueued(bytes.readableBytes());
        if (tls == null)
        {
            channel.unsafe().write(bytes, promise);
        }
        else
        {
            tls.write(bytes, promise);
        }
    }

    /** A connection that leaves more unsent than its share, or any at all when all together leave too much, is slow. */
    private void checkBudgets()
    {
        if (isClosed)
        {
            // Nobody would give back what is counted now.
            return;
        }
        final long pending = pendingBytes();
        mayHaveQueued = pending > 0;
        final boolean isWithinBudget = unsent.change(pending);
        if (limit.isExceeded(pending, isWhollyPatient()) || !isWithinBudget)
        {
            connection.closeSlow();
        }
        else if (mayWait())
        {
            Congestion.tell(loop, this, pending);
        }
    }

    private long pendingBytes()
    {
        final ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    private void delivered(final int items, final long receivedAtNs)
    {
        if (items > 0)
        {
            counters.add(RelayCounter.DELIVERIES, items);
            final long writtenAtNs = System.nanoTime();
            loop.latency().record(writtenAtNs - receivedAtNs, items);
            if (figures() != null)
            {
                figures().onDelivered(receivedAtNs, loop.pollBeganNs(), writtenAtNs, items);
            }
        }
    }
}
