package io.ringcast.transport.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
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

    private void pass(final long ms)
    {
        channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
