package io.ringcast.transport.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.ringcast.config.UpstreamKind;

import java.net.SocketAddress;
import java.util.function.Consumer;

/** Opens sockets to upstreams, all with the same options. Confined to the I/O loop of the upstream. */
final class SocketOpener
{
    /** From so many unsent bytes on an upstream counts as congested, until it is below the low mark again. */
    static final int WRITE_HIGH_BYTES = 1024 * 1024;
    static final int WRITE_LOW_BYTES = 256 * 1024;

    private SocketOpener()
    {
    }

    /**
     * Begins to connect.
     *
     * @param client  whose upstream it is.
     * @param address where to.
     * @param init    adds the handlers to the new channel's pipeline.
     * @return done when connected.
     */
    static ChannelFuture open(
        final UpstreamClient client, final SocketAddress address, final Consumer<Channel> init)
    {
        final boolean isIpc = client.config().kind() == UpstreamKind.IPC;
        final Bootstrap bootstrap = new Bootstrap()
            .group(client.loop().eventLoop())
            .channel(isIpc ? client.transport().domainSocketChannel() : client.transport().socketChannel())
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)client.relayConfig().timing().handshakeTimeoutMs())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(WRITE_LOW_BYTES, WRITE_HIGH_BYTES))
            .handler(new ChannelInitializer<>()
            {
                @Override
                protected void initChannel(final Channel created)
                {
                    init.accept(created);
                }
            });
        if (!isIpc)
        {
            client.socketOptions().apply(bootstrap);
        }
        return bootstrap.connect(address);
    }
}
