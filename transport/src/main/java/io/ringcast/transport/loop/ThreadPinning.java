package io.ringcast.transport.loop;

import io.netty.channel.EventLoop;
import io.ringcast.config.ConfigException;
import io.ringcast.config.CoreList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Holds each thread of a relay to a core of its own, in the order in which the threads start.
 * Any thread.
 *
 * <p>A thread finds its id in {@code /proc/thread-self} and lets {@code taskset} do the rest, once, before its first
 * event. So it works on every JVM without native code.
 */
public final class ThreadPinning
{
    private static final Logger LOGGER = LoggerFactory.getLogger(ThreadPinning.class);
    private static final Path SELF = Path.of("/proc/thread-self");
    private static final long WAIT_SECONDS = 20;

    private final CoreList cores;
    private final AtomicInteger pinnedThreads = new AtomicInteger();
    private final AtomicReference<ConfigException> refusal = new AtomicReference<>();
    private final CountDownLatch outstanding;

    /**
     * Prepares the pinning.
     *
     * @param cores   at least one for each thread; or none, then nothing is pinned.
     * @param threads how many threads will call {@link #pin()}.
     */
    public ThreadPinning(final CoreList cores, final int threads)
    {
        this.cores = cores;
        outstanding = new CountDownLatch(cores.isEmpty() ? 0 : threads);
    }

    /** Holds the calling thread to the next core. */
    public void pin()
    {
        if (cores.isEmpty())
        {
            return;
        }
        final int core = cores.cores().get(pinnedThreads.getAndIncrement());
        try
        {
            final String threadId = Files.readSymbolicLink(SELF).getFileName().toString();
            taskset(core, threadId);
            LOGGER.info("{} runs on core {}", Thread.currentThread().getName(), core);
        }
        catch (final IOException e)
        {
            refuse(e.getMessage());
        }
        catch (final InterruptedException e)
        {
            refuse("interrupted");
            Thread.currentThread().interrupt();
        }
        outstanding.countDown();
    }

    /** Holds each loop to the next core, before it has a socket, and waits for that. */
    public void pin(final List<EventLoop> loops)
    {
        for (final EventLoop loop : loops)
        {
            EventLoopCall.on(loop, () ->
            {
                pin();
                return null;
            });
        }
    }

    /**
     * Waits until all threads are pinned.
     *
     * @throws ConfigException if one could not be.
     */
    public void await()
    {
        try
        {
            if (!outstanding.await(WAIT_SECONDS, TimeUnit.SECONDS))
            {
                refuse("a thread was not held to its core within " + WAIT_SECONDS + " s");
            }
        }
        catch (final InterruptedException e)
        {
            refuse("interrupted");
            Thread.currentThread().interrupt();
        }
        if (refusal.get() != null)
        {
            throw refusal.get();
        }
    }

    private static void taskset(final int core, final String threadId) throws IOException, InterruptedException
    {
        final Process process = new ProcessBuilder("taskset", "-cp", String.valueOf(core), threadId)
            .redirectErrorStream(true).start();
        process.getOutputStream().close();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0)
        {
            throw new IOException(said);
        }
    }

    private void refuse(final String problem)
    {
        refusal.compareAndSet(null, new ConfigException("cores", cores, problem,
            "cores that this process may use, with taskset (package util-linux) in PATH; or none"));
    }
}
