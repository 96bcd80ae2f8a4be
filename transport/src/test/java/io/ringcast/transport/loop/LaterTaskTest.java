package io.ringcast.transport.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

class LaterTaskTest
{
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int runs;

    @Test
    void shouldRunOnceWhenItIsTime()
    {
        channel.freezeTime();
        LaterTask.schedule(channel, 10, () -> runs++);

        pass(9);
        assertEquals(0, runs);
        pass(100);
        assertEquals(1, runs);
    }

    @Test
    void shouldNotRunGivenThatItWasCancelled()
    {
        channel.freezeTime();
        LaterTask.schedule(channel, 10, () -> runs++).cancel(false);

        pass(100);

        assertEquals(0, runs);
    }

    @Test
    void shouldTellTheConnectionGivenAFault()
    {
        final IllegalStateException fault = new IllegalStateException("a bug");
        channel.freezeTime();
        LaterTask.schedule(channel, 10, () ->
        {
            throw fault;
        });

        pass(10);

        assertSame(fault, assertThrows(IllegalStateException.class, channel::checkException));
    }

    private void pass(final long ms)
    {
        channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
