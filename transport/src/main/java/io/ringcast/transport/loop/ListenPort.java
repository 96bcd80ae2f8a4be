package io.ringcast.transport.loop;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Where to listen, by the setting that says so: each failure is one line with its name and value.
 * Immutable.
 *
 * @param setting the setting's name.
 * @param host    a name or an address of this machine.
 * @param port    from 1 to 65535, or 0 for one that the system chooses.
 */
public record ListenPort(String setting, String host, int port)
{
    /**
     * Finds out whether the port is free, so that a start that takes seconds does not end in vain. Somebody else may
     * take it all the same before it is bound.
     *
     * @param group     the loops.
     * @param transport as the port will be bound with it.
     * @throws IOException naming what is wrong.
     */
    public void checkFree(final EventLoopGroup group, final IoTransport transport) throws IOException
    {
        bind(new ServerBootstrap()
            .group(group)
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(new ChannelInitializer<>()
            {
                @Override
                protected void initChannel(final Channel channel)
                {
                    channel.close();
                }
            })).close().awaitUninterruptibly();
    }

    /**
     * Begins to listen.
     *
     * @param bootstrap what to listen with.
     * @return what listens.
     * @throws IOException naming what is wrong.
     */
    public Channel bind(final ServerBootstrap bootstrap) throws IOException
    {
        final InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved())
        {
            throw new IOException(this + ": the host name is unknown");
        }
        final ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess())
        {
            throw new IOException(this + ": " + bound.cause().getMessage());
        }
        return bound.channel();
    }

    @Override
    public String toString()
    {
        return setting + '=' + host + ':' + port;
    }
}
