package io.ringcast.tools.load;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Event loops on epoll where it loads, else NIO. Any thread. */
final class LoadLoops implements AutoCloseable
{
    private final MultiThreadIoEventLoopGroup group;

    LoadLoops(final String name, final int threads)
    {
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    MultiThreadIoEventLoopGroup group()
    {
        return group;
    }

    List<EventLoop> loops()
    {
        final List<EventLoop> loops = new ArrayList<>();
        group.forEach(executor -> loops.add((EventLoop)executor));
        return loops;
    }

    static Class<? extends SocketChannel> socketChannel()
    {
        return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    static Class<? extends ServerSocketChannel> serverChannel()
    {
        return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** CPU time of a loop's thread since it started. */
    static long cpuNs(final EventLoop loop)
    {
        final long threadId = loop.submit(() -> Thread.currentThread().getId()).syncUninterruptibly().getNow();
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(threadId);
    }

    @Override
    public void close()
    {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
