package io.ringcast.transport.upstream;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.RpcError;
import io.ringcast.transport.loop.FailureText;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The few connections to one HTTP upstream, and the calls that wait for one of them to be free.
 * Confined to the I/O loop of the upstream.
 */
final class HttpPool
{
    /** Told what concerns the upstream as a whole. */
    interface Listener
    {
        /** It can't be reached, or does not answer. */
        void onLost(String reason);

        /** It takes calls more slowly than they come, or no longer so. */
        void onCongested(boolean isCongested);
    }

    private static final int MAX_HEAD_BYTES = 16 * 1024;
    private static final int MAX_CHUNK_BYTES = 64 * 1024;
    /** Calls without any answer in a row after which the upstream is given up. */
    private static final int MAX_SILENT_CALLS = 3;

    private final UpstreamClient client;
    private final UpstreamTarget target;
    private final BooleanSupplier isHeld;
    private final Listener listener;
    private final List<HttpExchange> exchanges = new ArrayList<>();
    private final ArrayDeque<HttpCall> queue = new ArrayDeque<>();
    private final int maxConnections;
    private final long limitBytes;
    private long queuedBytes;
    private int silentCalls;
    private String trouble;
    private boolean isCongested;
    private boolean isClosed;

    /**
     * Starts without a connection.
     *
     * @param client   whose upstream it is.
     * @param target   where to connect to.
     * @param isHeld   true while no call may be sent, since there is no room for its answer.
     * @param listener told what concerns the upstream as a whole.
     */
    HttpPool(
        final UpstreamClient client, final UpstreamTarget target, final BooleanSupplier isHeld,
        final Listener listener)
    {
        this.client = client;
        this.target = target;
        this.isHeld = isHeld;
        this.listener = listener;
        maxConnections = client.relayConfig().limits().httpConnections();
        limitBytes = client.limitUnsentBytes();
    }

    /** Sends a call as soon as a connection is free. */
    void send(final HttpCall call)
    {
        if (isClosed)
        {
            return;
        }
        queue.add(call);
        queuedBytes += call.text().length;
        if (queuedBytes > limitBytes)
        {
            client.loop().counters().increment(RelayCounter.UPSTREAM_OVERFLOWS);
            listener.onLost(client.overflowText());
            return;
        }
        sendQueued();
    }

    /** Sends what waits, oldest first, as far as connections are free. */
    void sendQueued()
    {
        while (!isClosed && !queue.isEmpty() && !isHeld.getAsBoolean())
        {
            client.signs().onAsked(System.nanoTime());
            final HttpExchange idle = idleExchange();
            if (idle == null)
            {
                break;
            }
            final HttpCall next = queue.poll();
            queuedBytes -= next.text().length;
            idle.send(next);
        }
        noteCongestion();
    }

    /** Gives up what takes too long. */
    void onTime(final long nowNs)
    {
        for (final HttpExchange exchange : List.copyOf(exchanges))
        {
            exchange.onTime(nowNs);
        }
        while (!queue.isEmpty() && nowNs - queue.peek().deadlineNs() >= 0)
        {
            final HttpCall late = queue.poll();
            queuedBytes -= late.text().length;
            client.loop().counters().increment(RelayCounter.HTTP_FAILURES);
            late.taker().onFailure(RpcError.TIMEOUT, "no connection to the upstream was free in time");
        }
    }

    /** Closes everything; calls under way are told nothing. */
    void close()
    {
        isClosed = true;
        queue.clear();
        List.copyOf(exchanges).forEach(HttpExchange::close);
        exchanges.clear();
    }

    /** A connection can take a call. */
    void onIdle()
    {
        sendQueued();
    }

    /** An answer has come, whatever it says. */
    void onAnswered()
    {
        silentCalls = 0;
    }

    /** The node itself has answered, and not somebody before it who says that it can't. */
    void onNodeHeard()
    {
        client.signs().onHeard(System.nanoTime());
    }

    /** Notes why a call ended without an answer. */
    void noteTrouble(final String reason)
    {
        trouble = reason;
    }

    /** Why a call ended without an answer last, or null. */
    String trouble()
    {
        return trouble;
    }

    /** A call has ended without any answer. */
    void onSilence()
    {
        if (++silentCalls >= MAX_SILENT_CALLS && !isClosed)
        {
            listener.onLost(trouble);
        }
    }

    /** A connection is closed. */
    void onClosed(final HttpExchange exchange)
    {
        exchanges.remove(exchange);
        sendQueued();
    }

    private HttpExchange idleExchange()
    {
        int connecting = 0;
        for (final HttpExchange exchange : exchanges)
        {
            if (exchange.isIdle())
            {
                return exchange;
            }
            connecting += exchange.isConnecting() ? 1 : 0;
        }
        if (exchanges.size() < maxConnections && connecting < queue.size())
        {
            open();
        }
        return null;
    }

    private void open()
    {
        final HttpExchange exchange = new HttpExchange(this, client, target.headers());
        exchanges.add(exchange);
        SocketOpener.open(client, target.address(), created ->
        {
            final SslHandler tls = client.access().sslHandler(created.alloc());
            if (tls != null)
            {
                created.pipeline().addLast("tls", tls);
            }
            created.pipeline().addLast("http", new HttpClientCodec(MAX_HEAD_BYTES, MAX_HEAD_BYTES, MAX_CHUNK_BYTES));
            created.pipeline().addLast("exchange", exchange);
        }).addListener((ChannelFuture future) ->
        {
            if (future.isSuccess() && isClosed)
            {
                future.channel().close();
            }
            else if (!future.isSuccess() && exchanges.remove(exchange) && exchanges.isEmpty())
            {
                // While other connections stand, they carry the calls; without any, the upstream is gone.
                listener.onLost(FailureText.of(future.cause()));
            }
        });
    }

    private void noteCongestion()
    {
        final boolean isNow = !isClosed && queuedBytes > (isCongested ?
            SocketOpener.WRITE_LOW_BYTES : SocketOpener.WRITE_HIGH_BYTES);
        if (isNow != isCongested)
        {
            isCongested = isNow;
            listener.onCongested(isNow);
        }
    }
}
