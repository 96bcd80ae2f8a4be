package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.ringcast.egress.Outlet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.BareNetwork;
import io.ringcast.transport.loop.NetworkRelay;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

class ClientsEndTest
{
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final NetworkRelay network = BareNetwork.on(channel.eventLoop());
    private final List<String> ends = new ArrayList<>();

    @Test
    void shouldCloseAllGivenThatOneFails()
    {
        for (int i = 1; i <= 3; i++)
        {
            network.loops()[0].egress().addConnection(new Client(i));
        }

        new ClientsEnd(List.of(network), null).close();
        channel.runPendingTasks();

        assertEquals(Set.of("told 1", "told 2", "failed 2", "told 3"), Set.copyOf(ends));
        assertEquals(1, network.loops()[0].counters().get(RelayCounter.EGRESS_FAILURES));
        network.closePipeline();
    }

    private final class Client extends Outlet
    {
        Client(final long connectionId)
        {
            super(connectionId);
        }

        @Override
        public void closeForRestart()
        {
            ends.add("told " + connectionId());
            if (connectionId() == 2)
            {
                throw new IllegalStateException("a bug");
            }
        }

        @Override
        public void fail()
        {
            ends.add("failed " + connectionId());
        }

        @Override
        public void append(
            final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
        {
            throw new AssertionError("nothing is sent");
        }

        @Override
        public void flush()
        {
            throw new AssertionError("nothing is sent");
        }
    }
}
