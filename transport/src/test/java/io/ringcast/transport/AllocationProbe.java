package io.ringcast.transport;

import com.sun.management.ThreadMXBean;
import io.ringcast.config.ThreadingChoice;
import io.ringcast.config.TransportChoice;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program of {@link SteadyStateAllocationIT}: a relay under load, and what its own threads allocate meanwhile.
 * Confined to the main thread.
 *
 * <p>Items come one at a time and in bursts, so that both ways out of a loop are measured: straight to the sockets of a
 * topic, and by noted ranges. The main thread reads for all subscribers, one after the other: with a thread for each,
 * an item took as many switches of threads, and on a machine with other work the test took many minutes.
 */
final class AllocationProbe
{
    /** Precedes the figures in the output. */
    static final String RESULT = "allocated: ";

    /** Each slot makes its objects when it is first used, so a small ring is warm soon. */
    private static final int RING_SLOTS = 256;
    private static final int SUBSCRIBERS = 16;
    private static final int WARMUP_ITEMS = 6_000;
    private static final int MEASURED_ITEMS = 4_000;
    /**
     * Until the compiler has seen enough of a method it leaves objects in it that it takes out later, and when that is
     * nobody can say. What is allocated for each item is there in every window; what is not is over after some.
     */
    private static final int MAX_WINDOWS = 8;
    private static final long REST_MS = 1_000;
    private static final int BURST_ITEMS = 8;
    private static final int BURST_EVERY = 64;
    private static final String HEAD =
        "{\"number\":\"0x14f2c3a\",\"logsBloom\":\"0x" + "0123456789abcdef".repeat(100) + "\"}";

    private final List<RawClient> subscribers = new ArrayList<>();

    private AllocationProbe()
    {
    }

    /**
     * Runs and prints {@code allocated: bytes atRest items deliveries} of the first window with less than a byte an
     * item, or else of the last; {@code atRest} is what as long a time without an item would have taken. That is the
     * clock's, not the items': on a slow machine a window has more of it.
     *
     * @param arguments a transport and a threading, by the names of their constants.
     * @throws IOException          if a socket fails.
     * @throws InterruptedException never.
     */
    public static void main(final String[] arguments) throws IOException, InterruptedException
    {
        final Mode mode = new Mode(TransportChoice.valueOf(arguments[0]), ThreadingChoice.valueOf(arguments[1]), 1);
        try (TestBed bed = TestBed.start(mode, config -> config.ringSlots(RING_SLOTS)))
        {
            new AllocationProbe().run(bed);
        }
    }

    private void run(final TestBed bed) throws IOException, InterruptedException
    {
        for (int i = 0; i < SUBSCRIBERS; i++)
        {
            final RawClient subscriber = bed.client();
            subscriber.subscribe("[\"newHeads\"]");
            subscribers.add(subscriber);
        }
        feed(bed.upstream(), WARMUP_ITEMS);
        final long[] threads = relayThreads();
        String figures = "";
        for (int window = 0; window < MAX_WINDOWS; window++)
        {
            final long startNs = System.nanoTime();
            final long atStart = allocatedBytes(threads);
            feed(bed.upstream(), MEASURED_ITEMS);
            final long atEnd = allocatedBytes(threads);
            final long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            Thread.sleep(REST_MS);
            final long atRest = (allocatedBytes(threads) - atEnd) * elapsedMs / REST_MS;
            figures = (atEnd - atStart) + " " + atRest + " " + MEASURED_ITEMS + " " +
                (long)MEASURED_ITEMS * SUBSCRIBERS;
            System.out.println("window " + window + ": " + figures);
            if (atEnd - atStart - atRest < MEASURED_ITEMS)
            {
                break;
            }
        }
        System.out.println(RESULT + figures);
    }

    private void feed(final FakeUpstream upstream, final int items) throws IOException
    {
        for (int i = 0; i < items; i += BURST_ITEMS)
        {
            final boolean isBurst = i / BURST_ITEMS % (BURST_EVERY / BURST_ITEMS) == 0;
            for (int j = 0; j < BURST_ITEMS; j++)
            {
                upstream.publish("newHeads", HEAD);
                if (!isBurst)
                {
                    readAll(1);
                }
            }
            if (isBurst)
            {
                readAll(BURST_ITEMS);
            }
        }
    }

    private void readAll(final int items) throws IOException
    {
        for (final RawClient subscriber : subscribers)
        {
            for (int i = 0; i < items; i++)
            {
                if (subscriber.read().opcode() != RawClient.TEXT)
                {
                    throw new AssertionError("something else than an item");
                }
            }
        }
    }

    private static long[] relayThreads()
    {
        final List<Long> ids = new ArrayList<>();
        for (final Thread thread : Thread.getAllStackTraces().keySet())
        {
            if (thread.getName().startsWith("ringcast-"))
            {
                ids.add(thread.getId());
            }
        }
        return ids.stream().mapToLong(Long::longValue).toArray();
    }

    private static long allocatedBytes(final long[] threads)
    {
        final ThreadMXBean bean = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (final long bytes : bean.getThreadAllocatedBytes(threads))
        {
            sum += bytes;
        }
        return sum;
    }
}
