package io.ringcast.tools.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The connections of a run on their event loops.
 * Confined to the run's thread, except the listener: the loops.
 */
final class LoadClients implements LoadListener, AutoCloseable
{
    private static final int LIMIT_OPENING = 64;
    /** No limit: all at once. */
    static final int ALL = 1 << 20;
    private static final long OPEN_SECONDS = 30;
    private static final int READ_BYTES = 64 * 1024;

    private final LoadLoops loops;
    private final LoadTarget target;
    private final List<ClientLoop> clientLoops = new ArrayList<>();
    private final List<LoadConnection> connections = new ArrayList<>();
    private final int openingLimit;
    private final Semaphore opening;
    private final AtomicInteger ready = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicReference<String> failure = new AtomicReference<>();

    LoadClients(final LoadTarget target, final int threads, final LoadClock clock)
    {
        this(target, threads, clock, LIMIT_OPENING);
    }

    /**
     * Prepares them.
     *
     * @param target       where they will connect.
     * @param threads      event loops.
     * @param clock        what counts.
     * @param openingLimit how many may be on their way at a time.
     */
    LoadClients(final LoadTarget target, final int threads, final LoadClock clock, final int openingLimit)
    {
        this.target = target;
        this.openingLimit = openingLimit;
        opening = new Semaphore(openingLimit);
        loops = new LoadLoops("load-client", threads);
        for (final EventLoop loop : loops.loops())
        {
            clientLoops.add(new ClientLoop(loop, clock));
        }
    }

    /** Opens connections and returns when all are ready: open, and subscribed if they subscribe. */
    void open(final int count, final Factory factory) throws IOException, InterruptedException
    {
        final TlsClient tls = target.isTls() ? new TlsClient() : null;
        for (int i = 0; i < count; i++)
        {
            awaitTurn(i, count, 1);
            final ClientLoop loop = clientLoops.get(i % clientLoops.size());
            final LoadConnection connection = factory.create(loop, this, i);
            connections.add(connection);
            new Bootstrap()
                .group(loop.eventLoop())
                .channel(LoadLoops.socketChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                .handler(tls == null ? connection : tls.below(connection))
                .connect(new InetSocketAddress(target.host(), target.port()))
                .addListener((ChannelFuture connect) ->
                {
                    if (!connect.isSuccess())
                    {
                        onFailed("cannot connect to " + target.url() + ": " + connect.cause().getMessage());
                    }
                });
        }
        awaitTurn(count, count, openingLimit);
    }

    private void awaitTurn(final int opened, final int count, final int permits)
        throws IOException, InterruptedException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(OPEN_SECONDS);
        while (!opening.tryAcquire(permits, 50, TimeUnit.MILLISECONDS))
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new IOException("only " + ready.get() + " of " + count + " connections were ready " +
                    OPEN_SECONDS + " s after the last, " + (opened - ready.get()) + " wait" + reason());
            }
            if (failure.get() != null)
            {
                throw new IOException(failure.get());
            }
        }
    }

    private String reason()
    {
        return failure.get() == null ? "" : ": " + failure.get();
    }

    List<ClientLoop> clientLoops()
    {
        return clientLoops;
    }

    List<LoadConnection> connections()
    {
        return connections;
    }

    /** Connections that the subject closed. */
    int closed()
    {
        return closed.get();
    }

    /** The first thing that went wrong, or null. */
    String failure()
    {
        return failure.get();
    }

    @Override
    public void onReady()
    {
        ready.incrementAndGet();
        opening.release();
    }

    @Override
    public void onFailed(final String reason)
    {
        failure.compareAndSet(null, reason);
    }

    @Override
    public void onClosed()
    {
        closed.incrementAndGet();
    }

    @Override
    public void close()
    {
        loops.close();
    }

    /** Makes a connection's handler. */
    interface Factory
    {
        LoadConnection create(ClientLoop loop, LoadListener listener, int index);
    }
}
