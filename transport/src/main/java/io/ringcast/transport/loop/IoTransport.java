package io.ringcast.transport.loop;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategy;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.ringcast.config.ConfigException;
import io.ringcast.config.TransportChoice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * How sockets are driven: epoll, io_uring or the JDK's NIO.
 * Immutable.
 */
public enum IoTransport
{
    EPOLL(EpollSocketChannel.class, EpollDomainSocketChannel.class, EpollServerSocketChannel.class),
    IO_URING(IoUringSocketChannel.class, IoUringDomainSocketChannel.class, IoUringServerSocketChannel.class),
    NIO(NioSocketChannel.class, NioDomainSocketChannel.class, NioServerSocketChannel.class);

    private static final Logger LOGGER = LoggerFactory.getLogger(IoTransport.class);

    private final Class<? extends SocketChannel> socketChannel;
    private final Class<? extends Channel> domainSocketChannel;
    private final Class<? extends ServerChannel> serverChannel;

    IoTransport(
        final Class<? extends SocketChannel> socketChannel, final Class<? extends Channel> domainSocketChannel,
        final Class<? extends ServerChannel> serverChannel)
    {
        this.socketChannel = socketChannel;
        this.domainSocketChannel = domainSocketChannel;
        this.serverChannel = serverChannel;
    }

    /**
     * Resolves a choice. A native transport is tried before it is taken; one that fails is passed over by auto.
     *
     * @param choice     what the configuration says; auto is the first that works of epoll, io_uring and NIO.
     * @param isSpinning whether the loops will spin, which those of io_uring can't.
     * @return the transport.
     * @throws ConfigException if this machine does not have what was asked for.
     */
    public static IoTransport of(final TransportChoice choice, final boolean isSpinning)
    {
        switch (choice)
        {
            case EPOLL:
                return require(EPOLL);

            case IO_URING:
                if (isSpinning)
                {
                    throw new ConfigException("transport", "io_uring",
                        "its loops can't spin as profile low-latency asks", "epoll, nio");
                }
                return require(IO_URING);

            case NIO:
                return NIO;

            default:
                return firstThatWorks(isSpinning, IoTransport::problem);
        }
    }

    /**
     * Makes the loops.
     *
     * @param threads        how many.
     * @param isSpinning     whether a loop without work looks again at once rather than sleep.
     * @param ioUringEntries slots of each submission queue of io_uring.
     * @return the loops, not started.
     */
    public MultiThreadIoEventLoopGroup newGroup(final int threads, final boolean isSpinning, final int ioUringEntries)
    {
        return new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("ringcast-io", true), factory(isSpinning, ioUringEntries));
    }

    /** A socket of this transport, on no loop yet. */
    SocketChannel newSocketChannel()
    {
        switch (this)
        {
            case EPOLL:
                return new EpollSocketChannel();

            case IO_URING:
                return new IoUringSocketChannel();

            default:
                return new NioSocketChannel();
        }
    }

    /** The choice that leads to this transport and to no other. */
    public TransportChoice choice()
    {
        return TransportChoice.valueOf(name());
    }

    /** What a reader of the log should know of it: for io_uring what this kernel can do, else nothing. */
    public String features()
    {
        return this == IO_URING ? IoUring.featureString() : "";
    }

    public Class<? extends SocketChannel> socketChannel()
    {
        return socketChannel;
    }

    /** Listens at a path of this machine. */
    public Class<? extends ServerChannel> serverDomainSocketChannel()
    {
        return this == EPOLL ? EpollServerDomainSocketChannel.class :
            this == IO_URING ? IoUringServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
    }

    /** A socket at a path of this machine. */
    public Class<? extends Channel> domainSocketChannel()
    {
        return domainSocketChannel;
    }

    public Class<? extends ServerChannel> serverChannel()
    {
        return serverChannel;
    }

    private IoHandlerFactory factory(final boolean isSpinning, final int ioUringEntries)
    {
        switch (this)
        {
            case EPOLL:
                return isSpinning ?
                    EpollIoHandler.newFactory(0, () -> (supplier, hasTasks) -> SelectStrategy.BUSY_WAIT) :
                    EpollIoHandler.newFactory();

            case IO_URING:
                return IoUringIoHandler.newFactory(new IoUringIoHandlerConfig().setRingSize(ioUringEntries));

            default:
                // NIO takes the word for a busy wait as one for a sleep; a select that returns at once does instead.
                return isSpinning ?
                    NioIoHandler.newFactory(SelectorProvider.provider(), () -> (supplier, hasTasks) -> supplier.get()) :
                    NioIoHandler.newFactory();
        }
    }

    /** The first in which no problem is found; NIO is part of each JDK and has none. */
    static IoTransport firstThatWorks(final boolean isSpinning, final Function<IoTransport, String> search)
    {
        for (final IoTransport transport : isSpinning ? List.of(EPOLL) : List.of(EPOLL, IO_URING))
        {
            final String problem = search.apply(transport);
            if (problem == null)
            {
                return transport;
            }
            LOGGER.info("transport {} is passed over: {}", transport.word(), problem);
        }
        return NIO;
    }

    private static IoTransport require(final IoTransport transport)
    {
        final String problem = transport.problem();
        if (problem != null)
        {
            throw new ConfigException("transport", transport.word(), "this machine does not have it: " + problem,
                "auto, nio, and whichever of epoll and io_uring the machine has");
        }
        return transport;
    }

    private String problem()
    {
        final Throwable cause = this == EPOLL ? Epoll.unavailabilityCause() : IoUring.unavailabilityCause();
        return cause != null ? String.valueOf(cause.getMessage()) : TransportTrial.problem(this);
    }

    private String word()
    {
        return name().toLowerCase(Locale.ROOT);
    }
}
