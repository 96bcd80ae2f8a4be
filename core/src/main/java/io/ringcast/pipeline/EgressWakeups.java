package io.ringcast.pipeline;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.ringcast.image.NotInImage;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * Decides which I/O loops to wake at the end of a batch: those with work, those that wait for space, and those that lag
 * by a quarter of the ring, which would soon hold everybody up.
 * Confined to the pipeline thread that runs encode.
 */
@NotInImage("loops of this process")
final class EgressWakeups
{
    private final RingBuffer<RelayEvent> ring;
    private final LoopWaker[] wakers;
    private final RingPublisher[] publishers;
    private final CounterSet counters;
    private Sequence[] loopSequences = new Sequence[0];
    private long loopsWithWork;

    EgressWakeups(
        final RingBuffer<RelayEvent> ring, final LoopWaker[] wakers, final RingPublisher[] publishers,
        final CounterSet counters)
    {
        this.ring = ring;
        this.wakers = wakers;
        this.publishers = publishers;
        this.counters = counters;
    }

    void setLoopSequences(final Sequence[] sequences)
    {
        loopSequences = sequences;
    }

    void note(final long loopMask)
    {
        loopsWithWork |= loopMask;
    }

    /** Wakes each loop that needs it, once; after the stage's sequence has moved, so that the loop sees the work. */
    void wake()
    {
        final long work = loopsWithWork;
        loopsWithWork = 0;
        final long laggingBelow = ring.getCursor() - ring.getBufferSize() / 4;
        for (int loop = 0; loop < wakers.length; loop++)
        {
            if (wakers[loop] == null)
            {
                continue;
            }
            final boolean hasWork = (work & 1L << loop) != 0;
            if (hasWork || publishers[loop].isWaiting() || loopSequences[loop].get() < laggingBelow)
            {
                counters.increment(RelayCounter.LOOP_WAKEUPS);
                wakers[loop].wake();
            }
        }
    }
}
