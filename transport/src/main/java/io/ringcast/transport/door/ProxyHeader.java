package io.ringcast.transport.door;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.ringcast.config.AddressRange;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.NetworkLoop;

/**
 * Takes the header of the PROXY protocol, which stands before everything else on a connection, and makes way.
 * Confined to the I/O loop that owns the socket.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter
{
    /** What version 2 may add to the addresses; nothing of it is looked at. */
    private static final int MAX_EXTRA_BYTES = 1024;

    private final ClientAccess access;
    private final NetworkLoop loop;
    private boolean isRefused;

    private ProxyHeader(final ClientAccess access, final NetworkLoop loop)
    {
        this.access = access;
        this.loop = loop;
    }

    /** Adds what takes the header, at the bottom of a socket's pipeline. */
    static void addTo(final ChannelPipeline pipeline, final ClientAccess access, final NetworkLoop loop)
    {
        pipeline.addLast("proxy-decoder", new HAProxyMessageDecoder(MAX_EXTRA_BYTES));
        pipeline.addLast("proxy-header", new ProxyHeader(access, loop));
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message)
    {
        if (!(message instanceof HAProxyMessage header))
        {
            context.fireChannelRead(message);
            return;
        }
        final byte[] client = clientOf(header);
        header.release();
        if (client != null)
        {
            ConnectionLog.setRemote(context.channel(), client);
            if (!access.tryAccept(client, System.nanoTime()))
            {
                loop.counters().increment(RelayCounter.ACCEPTS_REFUSED);
                context.close();
                return;
            }
        }
        context.pipeline().remove(this);
    }

    /** Mostly a header that is none, for which the decoder has hung up already. */
    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
    {
        loop.onCaught(cause);
        if (cause instanceof CodecException && !isRefused)
        {
            isRefused = true;
            loop.counters().increment(RelayCounter.PROXY_HEADERS_REFUSED);
        }
        context.close();
    }

    /** Null if it names nobody: the proxy speaks for itself. */
    private static byte[] clientOf(final HAProxyMessage header)
    {
        final boolean isNamed = header.command() == HAProxyCommand.PROXY && header.sourceAddress() != null &&
            (header.proxiedProtocol() == HAProxyProxiedProtocol.TCP4 ||
                header.proxiedProtocol() == HAProxyProxiedProtocol.TCP6);
        return isNamed ? AddressRange.address(header.sourceAddress()) : null;
    }
}
