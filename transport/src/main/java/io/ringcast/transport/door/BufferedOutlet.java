package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.ringcast.config.LimitsConfig;
import io.ringcast.egress.Outlet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.NetworkLoop;

/**
 * The way out to a socket whose texts have another envelope than a WebSocket's: they are copied into a buffer of the
 * connection, which leaves in one write at the flush.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>Everything goes through the channel's pipeline. What the kernel does not take is bound as for WebSockets.
 */
abstract class BufferedOutlet extends Outlet
{
    private static final int MIN_BUFFER_BYTES = 512;

    private final Channel channel;
    private final NetworkLoop loop;
    private final UnsentLimit limit;
    private final BudgetShare unsent;
    private ByteBuf noted;
    private int notedItems;
    private long notedReceivedAtNs;
    private boolean isClosed;

    BufferedOutlet(
        final long connectionId, final Channel channel, final NetworkLoop loop, final LimitsConfig limits,
        final MemoryBudget unsentBudget)
    {
        super(connectionId);
        this.channel = channel;
        this.loop = loop;
        limit = new UnsentLimit(limits);
        unsent = new BudgetShare(unsentBudget);
    }

    /** The client reads too slowly. */
    abstract void closeSlow();

    /** Makes of what is due what the channel takes; the bytes become its. */
    Object framed(final ByteBuf bytes)
    {
        return bytes;
    }

    final NetworkLoop loop()
    {
        return loop;
    }

    final boolean isClosed()
    {
        return isClosed;
    }

    /** The buffer that leaves at the next flush, with room for so many bytes more. */
    final ByteBuf noted(final int moreBytes)
    {
        if (noted == null)
        {
            noted = channel.alloc().directBuffer(Math.max(MIN_BUFFER_BYTES, moreBytes));
            limit.onNoted(isWhollyPatient());
        }
        return noted.ensureWritable(moreBytes);
    }

    /** Notes what has been put into the buffer; the oldest of its items tells the age of all. */
    final void onNoted(final int bytes, final int items, final long receivedAtNs)
    {
        if (items == 0)
        {
            limit.onAnswer(bytes);
        }
        else
        {
            notedReceivedAtNs = notedItems == 0 ? receivedAtNs : notedReceivedAtNs;
            notedItems += items;
        }
    }

    @Override
    public void flush()
    {
        if (noted == null)
        {
            return;
        }
        final ByteBuf bytes = noted;
        final int items = notedItems;
        final long receivedAtNs = notedReceivedAtNs;
        noted = null;
        notedItems = 0;
        loop.counters().increment(RelayCounter.WRITES);
        if (items == 0)
        {
            channel.writeAndFlush(framed(bytes));
        }
        else
        {
            channel.writeAndFlush(framed(bytes)).addListener(future ->
            {
                if (future.isSuccess())
                {
                    loop.counters().add(RelayCounter.DELIVERIES, items);
                    if (receivedAtNs != 0)
                    {
                        final long writtenAtNs = System.nanoTime();
                        loop.latency().record(writtenAtNs - receivedAtNs, items);
                        if (figures() != null)
                        {
                            figures().onDelivered(receivedAtNs, loop.pollBeganNs(), writtenAtNs, items);
                        }
                    }
                }
            });
        }
        checkBudgets();
    }

    /** Gives back to the budget what has left since the last flush: an idle connection must not count for long. */
    final void returnBudget()
    {
        if (unsent.bytes() > 0)
        {
            checkBudgets();
        }
    }

    /** Nothing is written from here on. Harmless twice. */
    final void close()
    {
        isClosed = true;
        unsent.giveBack();
        if (noted != null)
        {
            noted.release();
            noted = null;
        }
    }

    @Override
    protected void onFiguresAsked(final int ticket)
    {
        loop.tellFigures(this, ticket, unsent.bytes());
    }

    @Override
    public final void cutOff()
    {
        closeSlow();
    }

    @Override
    public final boolean isFull()
    {
        return noted != null && noted.readableBytes() > SocketOutlet.CONGESTED_BYTES;
    }

    /** The socket has taken most of what was unsent. */
    final void onWritable()
    {
        if (isCongested())
        {
            checkBudgets();
        }
    }

    private void checkBudgets()
    {
        if (isClosed)
        {
            return;
        }
        final long pendingBytes = UnsentBytes.of(channel);
        final boolean isWithinBudget = unsent.change(pendingBytes);
        if (limit.isExceeded(pendingBytes, isWhollyPatient()) || !isWithinBudget)
        {
            closeSlow();
        }
        else if (mayWait())
        {
            Congestion.tell(loop, this, pendingBytes);
        }
    }
}
