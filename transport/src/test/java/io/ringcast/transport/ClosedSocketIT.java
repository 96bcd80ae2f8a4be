package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringcast.config.ThreadingChoice;
import io.ringcast.config.TransportChoice;
import io.ringcast.egress.Outlet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.door.SocketOutlet;
import io.ringcast.transport.loop.NetworkLoop;
import org.junit.jupiter.api.Test;

/** A socket that was closed in this turn of its loop still has an outlet until the next. */
class ClosedSocketIT
{
    /** The number of its descriptor may be another client's by then, which would get what is not meant for it. */
    @Test
    void shouldNotWriteToTheDescriptorOfAClosedSocket() throws Exception
    {
        try (TestBed bed = TestBed.start(new Mode(TransportChoice.EPOLL, ThreadingChoice.COMPACT, 1)))
        {
            bed.client().subscribe("[\"newHeads\"]");
            final NetworkLoop loop = bed.relay().networks().get(0).loops()[0];

            loop.eventLoop().submit(() -> closeAndSend(loop)).get();

            assertEquals(0, bed.count(RelayCounter.OUTLET_FAILURES), "the system was asked to write");
            TestBed.await("the end of the connection", () -> bed.relay().status().connections() == 0);
        }
    }

    private static void closeAndSend(final NetworkLoop loop)
    {
        final ByteBuf chunk = Unpooled.directBuffer(16).writeZero(16);
        for (final Outlet outlet : loop.egress().connections())
        {
            if (outlet instanceof SocketOutlet socket)
            {
                socket.channel().close();
                socket.send(chunk, 0, 16, System.nanoTime(), 1);
            }
        }
        chunk.release();
    }
}
