package io.ringcast.transport.door;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.ringcast.transport.loop.IoTransport;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Listens for clients of one network on a Unix domain socket.
 * Any thread.
 */
final class IpcServer
{
    private final Path path;
    private final Consumer<Channel> onAccept;
    private IpcPath place;
    private Channel listener;

    IpcServer(final Path path, final Consumer<Channel> onAccept)
    {
        this.path = path;
        this.onAccept = onAccept;
    }

    void bind(final EventLoopGroup group, final IoTransport transport) throws IOException
    {
        place = IpcPath.take(path);
        final Path made = place.begin();
        final var bound = new ServerBootstrap()
            .group(group)
            .channel(transport.serverDomainSocketChannel())
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childHandler(new ChannelInitializer<>()
            {
                @Override
                protected void initChannel(final Channel channel)
                {
                    onAccept.accept(channel);
                }
            })
            .bind(addressOf(made, transport))
            .awaitUninterruptibly();
        if (!bound.isSuccess())
        {
            throw new IOException("ipc=" + path + ": " + bound.cause().getMessage());
        }
        listener = bound.channel();
        place.commit();
    }

    void stopListening()
    {
        if (listener != null)
        {
            listener.close().awaitUninterruptibly();
        }
        if (place != null)
        {
            place.close();
        }
    }

    private static SocketAddress addressOf(final Path path, final IoTransport transport)
    {
        return transport == IoTransport.NIO ? UnixDomainSocketAddress.of(path) :
            new DomainSocketAddress(path.toString());
    }
}
