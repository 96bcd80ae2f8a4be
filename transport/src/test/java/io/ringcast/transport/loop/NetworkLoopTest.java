package io.ringcast.transport.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import io.ringcast.egress.Outlet;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A loop whose time the test tells. */
class NetworkLoopTest
{
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final CounterSet counters = new CounterSet();
    private final List<Error> fatal = new ArrayList<>();
    private final NetworkLoop loop = new NetworkLoop("network", 0, channel.eventLoop(), counters, fatal::add);
    private int runs;

    @AfterEach
    void close()
    {
        channel.close();
    }

    @Test
    void shouldRunATaskAgainGivenThatItThrew()
    {
        channel.freezeTime();
        final Future<?> task = loop.every(10, () ->
        {
            runs++;
            throw new IllegalStateException("a bug");
        });

        pass(35);
        assertEquals(3, runs);
        assertEquals(3, counters.get(RelayCounter.EGRESS_FAILURES));

        task.cancel(false);
        pass(35);
        assertEquals(3, runs);
    }

    @Test
    void shouldTellErrorsThatNoProcessShouldSurvive()
    {
        channel.freezeTime();
        final OutOfMemoryError error = new OutOfMemoryError();
        loop.every(10, () ->
        {
            throw error;
        });

        pass(15);

        assertEquals(1, fatal.size());
        assertSame(error, fatal.get(0));
    }

    /** Without a pipeline all parts of it fail. */
    @Test
    void shouldDoTheRestOfATickGivenThatPartsOfItFail()
    {
        channel.freezeTime();
        loop.start();

        pass(50);

        assertEquals(2, counters.get(RelayCounter.EGRESS_FAILURES), "what is held back, and the slot");
        pass(450);
        assertEquals(2 * 10 + 1, counters.get(RelayCounter.EGRESS_FAILURES), "and the check of all connections");
    }

    /** The one that fails is ended, and if that fails, too, so be it. */
    @Test
    void shouldCheckTheOtherConnectionsGivenThatOneFails()
    {
        final NetworkRelay network = BareNetwork.on(channel.eventLoop());
        final NetworkLoop attached = network.loops()[0];
        final List<FaultyOutlet> outlets = new ArrayList<>();
        for (int i = 1; i <= 4; i++)
        {
            final FaultyOutlet outlet = new FaultyOutlet(i, i % 2 == 0);
            outlets.add(outlet);
            attached.egress().addConnection(outlet);
        }
        channel.freezeTime();
        attached.start();

        pass(500);

        outlets.forEach(outlet ->
        {
            assertEquals(1, outlet.ticks);
            assertEquals(outlet.isFaulty, outlet.hasFailed);
        });
        assertEquals(4, attached.counters().get(RelayCounter.EGRESS_FAILURES), "two faults, and two at the end");
        network.closePipeline();
    }

    private static final class FaultyOutlet extends Outlet
    {
        private final boolean isFaulty;
        private int ticks;
        private boolean hasFailed;

        FaultyOutlet(final long connectionId, final boolean isFaulty)
        {
            super(connectionId);
            this.isFaulty = isFaulty;
        }

        @Override
        public void onTick(final long nowNs)
        {
            ticks++;
            if (isFaulty)
            {
                throw new StackOverflowError();
            }
        }

        @Override
        public void fail()
        {
            hasFailed = true;
            throw new IllegalStateException("a bug");
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

    private void pass(final long ms)
    {
        channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
