package io.ringcast.transport.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.ringcast.egress.Outlet;
import io.ringcast.transport.loop.FailureText;

/**
 * A Unix domain socket to an upstream on this machine, such as geth's {@code geth.ipc}.
 * Confined to the I/O loop of the upstream.
 */
final class IpcLink implements UpstreamLink
{
    private final UpstreamClient client;
    private Channel channel;
    private Outlet outlet;
    private String endReason = "connection closed";

    IpcLink(final UpstreamClient client)
    {
        this.client = client;
    }

    @Override
    public void connect()
    {
        client.findTarget(target -> SocketOpener.open(client, target.address(), created ->
        {
            channel = created;
            created.pipeline().addLast("connection", new IpcConnection(client, this));
        }).addListener((ChannelFuture future) ->
        {
            if (!future.isSuccess())
            {
                client.onGone(FailureText.of(future.cause()));
            }
        }));
    }

    @Override
    public Outlet outlet()
    {
        return outlet;
    }

    @Override
    public void close(final String reason)
    {
        endReason = reason;
        if (channel != null)
        {
            channel.close();
        }
    }

    /** The socket is connected. */
    void onUp(final Outlet newOutlet)
    {
        outlet = newOutlet;
        client.onUp();
    }

    /** The socket is closed. */
    void onInactive()
    {
        client.onGone(endReason);
    }
}
