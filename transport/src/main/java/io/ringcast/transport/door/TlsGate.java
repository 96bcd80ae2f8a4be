package io.ringcast.transport.door;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * Counts how a connection's TLS handshake ended, and ends what can't go on.
 * Confined to the I/O loop that owns the socket. It takes no part in reads and writes.
 */
final class TlsGate extends ChannelInboundHandlerAdapter
{
    private final CounterSet counters;
    private boolean isOpen;

    TlsGate(final CounterSet counters)
    {
        this.counters = counters;
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext context, final Object event)
    {
        if (event instanceof SslHandshakeCompletionEvent handshake)
        {
            // A second one is a renegotiation, which costs the server more than the client and which nobody needs.
            final boolean isWelcome = handshake.isSuccess() && !isOpen;
            counters.increment(isWelcome ? RelayCounter.TLS_HANDSHAKES : RelayCounter.TLS_FAILURES);
            isOpen = true;
            if (!isWelcome)
            {
                context.close();
            }
        }
        else if (event instanceof SslCloseCompletionEvent)
        {
            context.close();
        }
        context.fireUserEventTriggered(event);
    }
}
