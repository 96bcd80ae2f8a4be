package io.ringcast.transport;

import io.ringcast.config.DoorsConfig;
import io.ringcast.egress.Outlet;
import io.ringcast.pipeline.EventKind;
import io.ringcast.session.ConnectionId;
import io.ringcast.transport.door.DownstreamServer;
import io.ringcast.transport.loop.EventLoopCall;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How clients are let go when the relay ends: they are told, closed, and waited for.
 * Confined to the thread that closes the relay, which is no I/O loop's.
 */
final class ClientsEnd
{
    private static final long TELL_DRAIN_NS = 200_000_000L;

    private final List<NetworkRelay> networks;
    private final DownstreamServer server;

    ClientsEnd(final List<NetworkRelay> networks, final DownstreamServer server)
    {
        this.networks = networks;
        this.server = server;
    }

    /**
     * Who subscribes to the relay's status hears of its end before its connection closes, if that can be done soon.
     *
     * @param ringSlots how many slots a ring has.
     * @param doors     how soon the end comes, and where clients may go.
     */
    void tellDrain(final int ringSlots, final DoorsConfig doors)
    {
        final byte[] members = (",\"inMs\":" + doors.drainNoticeMs() +
            (doors.alternative() == null ? "" : ",\"alt\":\"" + doors.alternative() + '"'))
            .getBytes(StandardCharsets.US_ASCII);
        for (final NetworkRelay network : networks)
        {
            final NetworkLoop first = network.loops()[0];
            EventLoopCall.on(first.eventLoop(), () ->
            {
                first.publishSurely(EventKind.DRAIN, ConnectionId.NONE, null, null, members);
                first.wake();
                return null;
            });
        }
        final long deadlineNs = System.nanoTime() + TELL_DRAIN_NS;
        final CountDownLatch never = new CountDownLatch(1);
        try
        {
            while (System.nanoTime() - deadlineNs < 0 && networks.stream().anyMatch(network ->
                network.pipeline().remainingCapacitySlots() < ringSlots))
            {
                never.await(1, TimeUnit.MILLISECONDS);
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    /** Each connection is closed by its loop, with 1012 where there are close codes. */
    void close()
    {
        for (final NetworkRelay network : networks)
        {
            for (final NetworkLoop loop : network.loops())
            {
                loop.eventLoop().execute(() -> close(loop));
            }
        }
    }

    private static void close(final NetworkLoop loop)
    {
        loop.egress().connections().forEach(outlet -> loop.attempt(outlet, Outlet::closeForRestart));
    }

    /** Waits until the last socket has gone, but no longer. */
    void await(final long limitMs)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        final CountDownLatch never = new CountDownLatch(1);
        try
        {
            while (server.socketCount() > 0 && System.nanoTime() - deadlineNs < 0)
            {
                never.await(5, TimeUnit.MILLISECONDS);
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }
}
