package io.ringcast.transport.journal;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import io.netty.util.internal.PlatformDependent;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The memory of this process.
 * Confined to the thread that makes checkpoints.
 *
 * <p>What of the heap is in use is known after a collection of all of it only, which may be hours ago. So what is taken
 * is what was there after the last collection of any kind: never less than what was in use then, but with what else the
 * old generation holds. If that is too much, it is looked at again, since most collections of it come by themselves;
 * then one is asked for; and what is still there some time later is taken for what it is.
 */
final class ProcessMemory implements SpareMemory
{
    private static final int LOOKS = 60;
    private static final long PAUSE_MS = TimeUnit.SECONDS.toMillis(1);

    /** Lets time pass. */
    @FunctionalInterface
    interface Pause
    {
        void pause(long pauseMs) throws InterruptedException;
    }

    /**
     * Some of the memory.
     * Immutable.
     *
     * @param name      what it is called.
     * @param flag      what makes it larger.
     * @param usedBytes how much is in use.
     * @param maxBytes  how large it may become.
     * @param share     in percent, how much may be in use.
     */
    record Part(String name, String flag, LongSupplier usedBytes, long maxBytes, int share)
    {
        /** What is wrong with it, or null. */
        private String complaint()
        {
            final long used = usedBytes.getAsLong();
            return used <= maxBytes / 100 * share ? null : "more than " + share + " % of " + name +
                " is in use: " + used + " of " + maxBytes + " bytes; a higher " + flag + " helps";
        }
    }

    /** Of the heap, since while the state is written there is, next to both sets of stages, a list of all objects. */
    private static final int HEAP_SHARE = 40;
    private static final int DIRECT_SHARE = 50;

    private final Part[] parts;
    private final Pause pause;
    private final Runnable collector;

    /**
     * Creates it.
     *
     * @param pause     lets time pass.
     * @param collector collects what is garbage.
     * @param parts     what to look at.
     */
    ProcessMemory(final Pause pause, final Runnable collector, final Part... parts)
    {
        this.pause = pause;
        this.collector = collector;
        this.parts = parts;
    }

    /** That of this process. */
    static SpareMemory ofProcess()
    {
        return new ProcessMemory(Thread::sleep, System::gc,
            new Part("the heap", "-Xmx", ProcessMemory::usedHeapBytes, Runtime.getRuntime().maxMemory(), HEAP_SHARE),
            new Part("the memory outside the heap", "-XX:MaxDirectMemorySize",
            PlatformDependent::usedDirectMemory, PlatformDependent.maxDirectMemory(), DIRECT_SHARE));
    }

    @Override
    public void check() throws IOException, InterruptedException
    {
        String complaint = complaint();
        for (int look = 1; complaint != null; look++)
        {
            if (look == LOOKS)
            {
                throw new IOException(complaint);
            }
            if (look == LOOKS / 2)
            {
                collector.run();
            }
            pause.pause(PAUSE_MS);
            complaint = complaint();
        }
    }

    private String complaint()
    {
        for (final Part part : parts)
        {
            final String complaint = part.complaint();
            if (complaint != null)
            {
                return complaint;
            }
        }
        return null;
    }

    /** What the last collection has left; if there was none yet, all that is there. */
    static long usedHeapBytes()
    {
        GcInfo last = null;
        for (final GarbageCollectorMXBean bean : ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class))
        {
            final GcInfo info = bean.getLastGcInfo();
            last = info == null || last != null && last.getEndTime() > info.getEndTime() ? last : info;
        }
        if (last == null)
        {
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }
        long usedBytes = 0;
        for (final MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans())
        {
            if (pool.getType() == MemoryType.HEAP && last.getMemoryUsageAfterGc().containsKey(pool.getName()))
            {
                usedBytes += last.getMemoryUsageAfterGc().get(pool.getName()).getUsed();
            }
        }
        return usedBytes;
    }
}
