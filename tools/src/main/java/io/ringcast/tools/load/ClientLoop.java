package io.ringcast.tools.load;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * What the connections of one event loop counted, and how late that loop was.
 * Single writer the loop; readable from any thread.
 */
final class ClientLoop
{
    private static final long PROBE_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final EventLoop loop;
    private final LoadClock clock;
    private final LatencyRecorder latencyNs = new LatencyRecorder();
    private final LatencyRecorder lagNs = new LatencyRecorder();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong measured = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong lastMeasuredNs = new AtomicLong();
    private final AtomicLong wireBytes = new AtomicLong();
    private final MessageInflation inflation = new MessageInflation();
    private final Runnable probe = this::probe;
    private long probeDueNs;
    private ItemWindow window;

    ClientLoop(final EventLoop loop, final LoadClock clock)
    {
        this.loop = loop;
        this.clock = clock;
        loop.execute(this::scheduleProbe);
    }

    private void scheduleProbe()
    {
        probeDueNs = System.nanoTime() + PROBE_NS;
        loop.schedule(probe, PROBE_NS, TimeUnit.NANOSECONDS);
    }

    /** A task that is due while sockets are being read waits for them, as the next socket does. */
    private void probe()
    {
        if (clock.isMeasuredSince(probeDueNs))
        {
            lagNs.record(System.nanoTime() - probeDueNs);
        }
        scheduleProbe();
    }

    EventLoop eventLoop()
    {
        return loop;
    }

    LoadClock clock()
    {
        return clock;
    }

    /** What a socket brought, TLS and compression included. */
    void onWireBytes(final int bytes)
    {
        wireBytes.setRelease(wireBytes.getPlain() + bytes);
    }

    /** Lent; on the loop only. */
    MessageInflation inflation()
    {
        return inflation;
    }

    /** In a closed loop, what each item that is received is noted in. Before the first item. */
    void noteIn(final ItemWindow newWindow)
    {
        loop.submit(() -> window = newWindow).awaitUninterruptibly();
    }

    /** A stamped item. */
    void onItem(final long sequence)
    {
        onReceived();
        if (window != null)
        {
            window.onItem(sequence);
        }
    }

    void onReceived()
    {
        received.setRelease(received.getPlain() + 1);
    }

    void onSent()
    {
        sent.setRelease(sent.getPlain() + 1);
    }

    void onMeasured(final long nowNs)
    {
        measured.setRelease(measured.getPlain() + 1);
        lastMeasuredNs.setRelease(nowNs);
    }

    void onMeasured(final long nowNs, final long sinceNs)
    {
        onMeasured(nowNs);
        latencyNs.record(nowNs - sinceNs);
    }

    long received()
    {
        return received.getAcquire();
    }

    long measured()
    {
        return measured.getAcquire();
    }

    long sent()
    {
        return sent.getAcquire();
    }

    long wireBytes()
    {
        return wireBytes.getAcquire();
    }

    long lastMeasuredNs()
    {
        return lastMeasuredNs.getAcquire();
    }

    /** Lent; from the run's thread only. */
    Histogram takeInterval()
    {
        return latencyNs.takeInterval();
    }

    /** Lent; from the run's thread only. */
    Histogram latencyNs()
    {
        return latencyNs.total();
    }

    /** Lent; from the run's thread only. */
    Histogram lagNs()
    {
        return lagNs.total();
    }
}
