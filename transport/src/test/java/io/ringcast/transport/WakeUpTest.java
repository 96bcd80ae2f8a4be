package io.ringcast.transport;

import com.lmax.disruptor.Sequence;
import io.ringcast.transport.loop.NetworkLoop;
import org.junit.jupiter.api.Test;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The protocol by which a loop is woken, run with Disruptor's own sequence and without a loop.
 * {@link NetworkLoop#wake()} reads a flag after something was published; {@code run()} clears it before it looks.
 */
final class WakeUpTest
{
    private static final int ROUNDS = 200_000;

    private final Sequence published = new Sequence(0);
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final Sequence started = new Sequence(0);
    private final Sequence ended = new Sequence(0);

    /** Without the fence some thousand of these rounds lose their wake-up on x86. */
    @Test
    void shouldNeverLeaveSomethingPublishedUnseenWithoutAWakeUp() throws InterruptedException
    {
        int lost = 0;
        final boolean[] wasScheduled = new boolean[1];
        final Thread publisher = new Thread(() ->
        {
            for (int round = 1; round <= ROUNDS; round++)
            {
                while (started.get() < round)
                {
                    Thread.onSpinWait();
                }
                published.set(round);
                VarHandle.fullFence();
                wasScheduled[0] = isScheduled.get();
                ended.setVolatile(round);
            }
        });
        publisher.start();
        for (int round = 1; round <= ROUNDS; round++)
        {
            isScheduled.set(true);
            started.setVolatile(round);
            isScheduled.set(false);
            final boolean isSeen = published.get() >= round;
            while (ended.get() < round)
            {
                Thread.onSpinWait();
            }
            if (!isSeen && wasScheduled[0])
            {
                lost++;
            }
        }
        publisher.join();

        assertEquals(0, lost);
    }
}
