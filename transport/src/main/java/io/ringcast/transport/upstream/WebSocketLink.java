package io.ringcast.transport.upstream;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import io.ringcast.transport.websocket.WebSocketClientHandshake;

import java.util.function.Consumer;

/**
 * A WebSocket to an upstream, with or without TLS.
 * Confined to the I/O loop of the upstream.
 */
final class WebSocketLink extends SocketLink
{
    private static final int MAX_RESPONSE_HEAD_BYTES = 16 * 1024;
    private static final int MAX_CHUNK_BYTES = 8192;

    WebSocketLink(final UpstreamClient client)
    {
        super(client);
    }

    @Override
    Consumer<Channel> handlers(final UpstreamTarget target)
    {
        final WebSocketClientHandshake handshake =
            new WebSocketClientHandshake(client().config().url(), target.headers());
        return created -> initPipeline(created, handshake);
    }

    private void initPipeline(final Channel created, final WebSocketClientHandshake handshake)
    {
        final SslHandler tls = client().access().sslHandler(created.alloc());
        if (tls != null)
        {
            created.pipeline().addLast("tls", tls);
        }
        created.pipeline().addLast(
            "http", new HttpClientCodec(MAX_RESPONSE_HEAD_BYTES, MAX_RESPONSE_HEAD_BYTES, MAX_CHUNK_BYTES));
        created.pipeline().addLast("handshake", new UpstreamHandshake(
            handshake, client().relayConfig().timing(), this, () -> new UpstreamConnection(client(), this)));
    }
}
