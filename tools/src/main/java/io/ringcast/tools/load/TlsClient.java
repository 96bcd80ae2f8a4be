package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import javax.net.ssl.SSLException;

/** Puts TLS below connections; whom they talk to they do not check. Any thread. */
final class TlsClient
{
    private final SslContext context;

    TlsClient() throws SSLException
    {
        context = SslContextBuilder.forClient()
            .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .build();
    }

    /** What a bootstrap takes in the connection's place. */
    ChannelInitializer<Channel> below(final LoadConnection connection)
    {
        return new ChannelInitializer<>()
        {
            @Override
            protected void initChannel(final Channel channel)
            {
                channel.pipeline().addLast(
                    new WireCounter(connection.loop()), context.newHandler(channel.alloc()), connection);
            }
        };
    }

    /** Counts what the socket brings. Confined to the event loop. */
    private static final class WireCounter extends ChannelInboundHandlerAdapter
    {
        private final ClientLoop loop;

        WireCounter(final ClientLoop loop)
        {
            this.loop = loop;
        }

        @Override
        public void channelRead(final ChannelHandlerContext ctx, final Object message)
        {
            loop.onWireBytes(((ByteBuf)message).readableBytes());
            ctx.fireChannelRead(message);
        }
    }
}
