package io.ringcast.transport.loop;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import io.ringcast.config.ConfigException;
import io.ringcast.config.NumberSetting;
import io.ringcast.config.SocketConfig;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;

/**
 * The options of every socket, clients' and upstreams'.
 * Immutable.
 *
 * <p>Netty only warns, connection by connection, when an option is not taken; so each is tried at the start on a socket
 * of no use, and refused there.
 */
public final class SocketOptions
{
    private static final Logger LOGGER = LoggerFactory.getLogger(SocketOptions.class);
    /** SOL_SOCKET and SO_BUSY_POLL of Linux; Netty names the option for epoll only. */
    private static final ChannelOption<Integer> SO_BUSY_POLL = new IntegerUnixChannelOption("SO_BUSY_POLL", 1, 46);
    private static final String QUICK_ACK = "quickAck";

    private record Entry<T>(String setting, ChannelOption<T> option, T value)
    {
        void apply(final Bootstrap bootstrap)
        {
            bootstrap.option(option, value);
        }

        void applyToChildren(final ServerBootstrap bootstrap)
        {
            bootstrap.childOption(option, value);
        }

        String tryOn(final Channel channel)
        {
            channel.config().setOption(option, value);
            return setting + " " + value + " (the kernel made it " + channel.config().getOption(option) + ")";
        }
    }

    private final List<Entry<?>> entries = new ArrayList<>();
    private final int receiveBufferBytes;

    /**
     * Collects the options.
     *
     * @param config    what is wanted.
     * @param transport what the sockets are made of.
     * @throws ConfigException if the transport or the kernel does not have one of them.
     */
    public SocketOptions(final SocketConfig config, final IoTransport transport)
    {
        receiveBufferBytes = config.receiveBufferBytes();
        entries.add(new Entry<>("noDelay", ChannelOption.TCP_NODELAY, true));
        add(SocketConfig.SEND_BUFFER_BYTES, config.sendBufferBytes(), ChannelOption.SO_SNDBUF);
        add(SocketConfig.RECEIVE_BUFFER_BYTES, receiveBufferBytes, ChannelOption.SO_RCVBUF);
        add(SocketConfig.BUSY_POLL_US, config.busyPollUs(), transport == IoTransport.NIO ? null : SO_BUSY_POLL);
        final int lowat = config.notSentLowatBytes();
        if (lowat > 0)
        {
            entries.add(new Entry<>(SocketConfig.NOT_SENT_LOWAT_BYTES.name(),
                present(SocketConfig.NOT_SENT_LOWAT_BYTES.name(), lowat, notSentLowat(transport)), (long)lowat));
        }
        if (config.quickAck())
        {
            entries.add(new Entry<>(QUICK_ACK, present(QUICK_ACK, true, quickAck(transport)), true));
        }
        tryAll(transport);
    }

    public void apply(final Bootstrap bootstrap)
    {
        entries.forEach(entry -> entry.apply(bootstrap));
    }

    public void apply(final ServerBootstrap bootstrap)
    {
        if (receiveBufferBytes > 0)
        {
            // The window's scale is agreed on before there is a child that could be told.
            bootstrap.option(ChannelOption.SO_RCVBUF, receiveBufferBytes);
        }
        entries.forEach(entry -> entry.applyToChildren(bootstrap));
    }

    private void add(final NumberSetting setting, final int value, final ChannelOption<Integer> option)
    {
        if (value > 0)
        {
            entries.add(new Entry<>(setting.name(), present(setting.name(), value, option), value));
        }
    }

    private static <T> ChannelOption<T> present(
        final String setting, final Object value, final ChannelOption<T> option)
    {
        if (option == null)
        {
            throw new ConfigException(setting, value, "transport nio does not have it",
                "transport epoll or io_uring, or not this setting");
        }
        return option;
    }

    private static ChannelOption<Long> notSentLowat(final IoTransport transport)
    {
        switch (transport)
        {
            case EPOLL:
                return EpollChannelOption.TCP_NOTSENT_LOWAT;

            case IO_URING:
                return IoUringChannelOption.TCP_NOTSENT_LOWAT;

            default:
                return null;
        }
    }

    private static ChannelOption<Boolean> quickAck(final IoTransport transport)
    {
        switch (transport)
        {
            case EPOLL:
                return EpollChannelOption.TCP_QUICKACK;

            case IO_URING:
                return IoUringChannelOption.TCP_QUICKACK;

            default:
                return NioChannelOption.of(ExtendedSocketOptions.TCP_QUICKACK);
        }
    }

    private void tryAll(final IoTransport transport)
    {
        final Channel channel = transport.newSocketChannel();
        try
        {
            for (final Entry<?> entry : entries)
            {
                tryOn(channel, entry);
            }
        }
        finally
        {
            channel.unsafe().closeForcibly();
        }
    }

    private static void tryOn(final Channel channel, final Entry<?> entry)
    {
        try
        {
            final String effect = entry.tryOn(channel);
            if (entry.option() != ChannelOption.TCP_NODELAY)
            {
                LOGGER.info("sockets: {}", effect);
            }
        }
        catch (final ChannelException | UnsupportedOperationException e)
        {
            final Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ConfigException(entry.setting(), entry.value(), "the kernel refuses it: " + cause.getMessage(),
                entry.option() == SO_BUSY_POLL ? "0, or a process with CAP_NET_ADMIN" : "what this kernel takes");
        }
    }
}
