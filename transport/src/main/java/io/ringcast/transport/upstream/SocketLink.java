package io.ringcast.transport.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.ringcast.egress.Outlet;
import io.ringcast.transport.loop.FailureText;

import java.util.function.Consumer;

/**
 * An upstream over one socket of its own.
 * Confined to the I/O loop of the upstream.
 */
abstract class SocketLink implements UpstreamLink
{
    private final UpstreamClient client;
    private Channel channel;
    private Outlet outlet;
    private String endReason = "connection closed";
    private int closeCode;
    private boolean isClosed;

    SocketLink(final UpstreamClient client)
    {
        this.client = client;
    }

    /**
     * Tells what a socket to the upstream is made of.
     *
     * @param target where it goes to.
     * @return adds the handlers to the new channel's pipeline; one of them calls {@link #onUp} and {@link #onInactive}.
     */
    abstract Consumer<Channel> handlers(UpstreamTarget target);

    @Override
    public final void connect()
    {
        client.findTarget(this::connect);
    }

    @Override
    public final Outlet outlet()
    {
        return outlet;
    }

    @Override
    public final void close(final String reason)
    {
        isClosed = true;
        endReason = reason;
        if (channel != null)
        {
            channel.close();
        }
    }

    /** The upstream closes its WebSocket. */
    final void onClosedByUpstream(final int code)
    {
        closeCode = code;
        close("closed by the upstream with code " + code);
    }

    @Override
    public final int closeCode()
    {
        return closeCode;
    }

    final UpstreamClient client()
    {
        return client;
    }

    /** The upstream can be used: what it needs of a handshake is through. */
    final void onUp(final Outlet newOutlet)
    {
        outlet = newOutlet;
        client.onUp();
    }

    /** The socket is closed. */
    final void onInactive()
    {
        client.onGone(this, endReason);
    }

    private void connect(final UpstreamTarget target)
    {
        final Consumer<Channel> handlers = handlers(target);
        SocketOpener.open(client, target.address(), created ->
        {
            channel = created;
            handlers.accept(created);
        }).addListener((ChannelFuture future) ->
        {
            if (!future.isSuccess())
            {
                client.onGone(this, FailureText.of(future.cause()));
            }
            else if (isClosed)
            {
                future.channel().close();
            }
        });
    }
}
