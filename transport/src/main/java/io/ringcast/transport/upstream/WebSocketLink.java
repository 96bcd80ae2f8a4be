package io.ringcast.transport.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import io.ringcast.egress.Outlet;
import io.ringcast.transport.loop.FailureText;
import io.ringcast.transport.websocket.WebSocketClientHandshake;

/**
 * A WebSocket to an upstream, with or without TLS.
 * Confined to the I/O loop of the upstream.
 */
final class WebSocketLink implements UpstreamLink
{
    private static final int MAX_RESPONSE_HEAD_BYTES = 16 * 1024;
    private static final int MAX_CHUNK_BYTES = 8192;

    private final UpstreamClient client;
    private Channel channel;
    private Outlet outlet;
    private String endReason = "connection closed";
    private boolean isClosed;

    WebSocketLink(final UpstreamClient client)
    {
        this.client = client;
    }

    @Override
    public void connect()
    {
        client.findTarget(this::connect);
    }

    @Override
    public Outlet outlet()
    {
        return outlet;
    }

    @Override
    public void close(final String reason)
    {
        isClosed = true;
        endReason = reason;
        if (channel != null)
        {
            channel.close();
        }
    }

    /** The handshake is through. */
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

    private void connect(final UpstreamTarget target)
    {
        final WebSocketClientHandshake handshake =
            new WebSocketClientHandshake(client.config().url(), target.headers());
        SocketOpener.open(client, target.address(), created -> initPipeline(created, handshake))
            .addListener((ChannelFuture future) ->
            {
                if (!future.isSuccess())
                {
                    client.onGone(FailureText.of(future.cause()));
                }
                else if (isClosed)
                {
                    future.channel().close();
                }
            });
    }

    private void initPipeline(final Channel created, final WebSocketClientHandshake handshake)
    {
        channel = created;
        final SslHandler tls = client.access().sslHandler(created.alloc());
        if (tls != null)
        {
            created.pipeline().addLast("tls", tls);
        }
        created.pipeline().addLast(
            "http", new HttpClientCodec(MAX_RESPONSE_HEAD_BYTES, MAX_RESPONSE_HEAD_BYTES, MAX_CHUNK_BYTES));
        created.pipeline().addLast("handshake", new UpstreamHandshake(
            handshake, client.relayConfig().timing(), this, () -> new UpstreamConnection(client, this)));
    }
}
