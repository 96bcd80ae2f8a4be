package io.ringcast.transport.upstream;

import io.netty.channel.Channel;

import java.util.function.Consumer;

/**
 * A Unix domain socket to an upstream on this machine, such as geth's {@code geth.ipc}.
 * Confined to the I/O loop of the upstream.
 */
final class IpcLink extends SocketLink
{
    IpcLink(final UpstreamClient client)
    {
        super(client);
    }

    @Override
    Consumer<Channel> handlers(final UpstreamTarget target)
    {
        return created -> created.pipeline().addLast("connection", new IpcConnection(client(), this));
    }
}
