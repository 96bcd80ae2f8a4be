package io.ringcast.transport.loop;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends a byte to itself over loopback: a native library that loads may still not work, because a container forbids its
 * system calls, or because of the kernel.
 * Any thread.
 */
final class TransportTrial
{
    private static final long PATIENCE_MS = 15_000;
    private static final int MARK = 'r';

    private final IoTransport transport;
    private final EventLoopGroup group;
    private final CompletableFuture<Byte> echoed = new CompletableFuture<>();

    private TransportTrial(final IoTransport transport, final EventLoopGroup group)
    {
        this.transport = transport;
        this.group = group;
    }

    /**
     * Tries a transport.
     *
     * @param transport what to try; its library has loaded.
     * @return what is wrong with it, or null.
     */
    static String problem(final IoTransport transport)
    {
        final EventLoopGroup group = transport.newGroup(1, false, 64);
        try
        {
            return new TransportTrial(transport, group).run();
        }
        finally
        {
            group.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        }
    }

    private String run()
    {
        final ChannelFuture listening = new ServerBootstrap()
            .group(group)
            .channel(transport.serverChannel())
            .childHandler(handling((context, in) -> context.writeAndFlush(in.retain())))
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .awaitUninterruptibly();
        if (!listening.isSuccess())
        {
            return String.valueOf(listening.cause().getMessage());
        }
        try
        {
            connect(listening.channel());
            return echoed.get(PATIENCE_MS, TimeUnit.MILLISECONDS) == MARK ? null : "it garbled a byte";
        }
        catch (final ExecutionException e)
        {
            return String.valueOf(e.getCause().getMessage());
        }
        catch (final TimeoutException e)
        {
            return "no byte came back within " + PATIENCE_MS + " ms";
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
        finally
        {
            listening.channel().close().awaitUninterruptibly();
        }
    }

    private void connect(final Channel listener)
    {
        new Bootstrap()
            .group(group)
            .channel(transport.socketChannel())
            .handler(handling((context, in) ->
            {
                echoed.complete(in.readByte());
                context.close();
            }))
            .connect(listener.localAddress())
            .addListener((ChannelFuture connected) ->
            {
                if (connected.isSuccess())
                {
                    connected.channel().writeAndFlush(connected.channel().alloc().buffer(1).writeByte(MARK));
                }
                else
                {
                    echoed.completeExceptionally(connected.cause());
                }
            });
    }

    private ChannelInitializer<Channel> handling(final Reader reader)
    {
        return new ChannelInitializer<>()
        {
            @Override
            protected void initChannel(final Channel channel)
            {
                channel.pipeline().addLast(new ChannelInboundHandlerAdapter()
                {
                    @Override
                    public void channelRead(final ChannelHandlerContext context, final Object message)
                    {
                        final ByteBuf in = (ByteBuf)message;
                        reader.onRead(context, in);
                        in.release();
                    }

                    @Override
                    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
                    {
                        echoed.completeExceptionally(cause);
                    }
                });
            }
        };
    }

    /** What one end does with what it reads. */
    @FunctionalInterface
    private interface Reader
    {
        /**
         * Takes bytes.
         *
         * @param context of the channel.
         * @param in      borrowed for this call.
         */
        void onRead(ChannelHandlerContext context, ByteBuf in);
    }
}
