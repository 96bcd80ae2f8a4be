package io.ringcast.transport.loop;

import io.netty.channel.EventLoop;
import io.ringcast.config.CoreList;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.SocketConfig;
import io.ringcast.pipeline.ThreadingMode;

import java.util.List;
import java.util.function.Consumer;

/** A network of a relay that is not started, for tests of what belongs to its loops. */
public final class BareNetwork
{
    public static final RelayConfig CONFIG = RelayConfig.builder()
        .ringSlots(64)
        .network(NetworkConfig.builder().upstream("ws://127.0.0.1:1"))
        .build();
    public static final SocketOptions SOCKET_OPTIONS = new SocketOptions(SocketConfig.defaults(), IoTransport.NIO);

    private BareNetwork()
    {
    }

    /** On these loops; its pipeline is to be closed. Errors that no process should survive are not told. */
    public static NetworkRelay on(final EventLoop... loops)
    {
        return of(CONFIG, loops);
    }

    /** The same, of another configuration's first network. */
    public static NetworkRelay of(final RelayConfig config, final EventLoop... loops)
    {
        return of(config, error -> { }, loops);
    }

    /** The same, which tells of errors that no process should survive. */
    public static NetworkRelay of(
        final RelayConfig config, final Consumer<Error> onFatalError, final EventLoop... loops)
    {
        return new NetworkRelay(
            config, config.networks().get(0), ThreadingMode.COMPACT, List.of(loops), IoTransport.NIO, SOCKET_OPTIONS,
            new ThreadPinning(CoreList.NONE, 0), null, onFatalError);
    }
}
