package io.ringcast.tools.load;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * Sends stamped items from one event loop of its own: by a schedule, whatever the subject does, or in a closed loop, as
 * soon as no more than so many are under way.
 * Confined to that loop, except the public methods: any thread.
 *
 * <p>With a schedule the loop sleeps until shortly before an item is due and spins for the rest: a timer alone wakes
 * some 60 us late, which would be counted as the subject's latency.
 */
public abstract class ItemSource implements AutoCloseable
{
    private static final long SPIN_NS = 120_000;
    private static final int TICKS_PER_TURN = 16;

    private final LoadLoops loops = new LoadLoops("load-source", 1);
    private final EventLoop loop = loops.loops().get(0);
    private final LatencyRecorder latenessNs = new LatencyRecorder();
    private final AtomicLong sent = new AtomicLong();
    private final Runnable turn = this::turn;
    private final Runnable windowTurn = this::windowTurn;
    private final AtomicBoolean isTurnComing = new AtomicBoolean();
    private SendSchedule schedule;
    private LongSupplier completedItems;
    private int limitUnderWay;
    private long startNs;
    private long itemCount;
    private long next = 1;
    private volatile boolean isCancelled;

    /** Called on the loop before the first item. */
    protected void prepare(final ItemTemplate template, final int distinct)
    {
    }

    /** Writes one item to whom it concerns; {@link #flush} sends what was written. */
    protected abstract void write(long sequence, long scheduledNs);

    /** Sends what was written. */
    protected abstract void flush();

    /**
     * Tells whether items would arrive.
     *
     * @return false as long as nobody takes them.
     */
    public abstract boolean isReady();

    /** The one loop. */
    protected final EventLoop loop()
    {
        return loop;
    }

    /** The group of the one loop. */
    protected final MultiThreadIoEventLoopGroup group()
    {
        return loops.group();
    }

    /** What sockets are made of on this machine. */
    protected static Class<? extends SocketChannel> socketChannel()
    {
        return LoadLoops.socketChannel();
    }

    final void start(
        final LoadPlan plan, final ItemTemplate template, final SendSchedule newSchedule, final long newItemCount,
        final long newStartNs)
    {
        loop.execute(() ->
        {
            prepare(template, plan.distinct());
            schedule = newSchedule;
            itemCount = newItemCount;
            startNs = newStartNs;
            turn();
        });
    }

    /**
     * Sends as many items as the subscribers can take, until it is stopped.
     *
     * @param plan           whose window limits the items under way.
     * @param template       of an item.
     * @param newCompleted   items that all subscribers have, from any thread; {@link #onCompleted} when it grows.
     */
    final void startClosedLoop(final LoadPlan plan, final ItemTemplate template, final LongSupplier newCompleted)
    {
        loop.execute(() ->
        {
            prepare(template, plan.distinct());
            limitUnderWay = plan.window();
            completedItems = newCompleted;
            onCompleted();
        });
    }

    /** The subscribers have one more item. Any thread. */
    final void onCompleted()
    {
        if (isTurnComing.compareAndSet(false, true))
        {
            loop.execute(windowTurn);
        }
    }

    private void windowTurn()
    {
        isTurnComing.set(false);
        final long limit = completedItems.getAsLong() + limitUnderWay;
        final long first = next;
        while (next <= limit && !isCancelled)
        {
            write(next++, System.nanoTime());
        }
        if (next > first)
        {
            flush();
            sent.setRelease(next - 1);
        }
    }

    private void turn()
    {
        int ticks = 0;
        while (next <= itemCount && !isCancelled)
        {
            final long dueNs = startNs + schedule.dueNs(next);
            final long waitNs = dueNs - System.nanoTime();
            if (waitNs > SPIN_NS)
            {
                loop.schedule(turn, waitNs - SPIN_NS, TimeUnit.NANOSECONDS);
                return;
            }
            if (++ticks > TICKS_PER_TURN)
            {
                // Behind the schedule: what the subject sends must be read all the same.
                loop.execute(turn);
                return;
            }
            while (System.nanoTime() - dueNs < 0)
            {
                Thread.onSpinWait();
            }
            tick(dueNs);
        }
    }

    private void tick(final long dueNs)
    {
        latenessNs.record(System.nanoTime() - dueNs);
        do
        {
            write(next++, dueNs);
        }
        while (next <= itemCount && startNs + schedule.dueNs(next) == dueNs);
        flush();
        sent.setRelease(next - 1);
    }

    /** Sends nothing more: when it returns, {@link #sentItems()} is final. Not from the loop. */
    final void cancel()
    {
        isCancelled = true;
        loop.submit(() -> { }).awaitUninterruptibly();
    }

    /** The last sequence that was sent. */
    final long sentItems()
    {
        return sent.getAcquire();
    }

    /** How late each burst was; from one thread. */
    final Histogram latenessNs()
    {
        return latenessNs.total();
    }

    /** Ends the loop and with it every connection. */
    @Override
    public void close()
    {
        isCancelled = true;
        loops.close();
    }
}
