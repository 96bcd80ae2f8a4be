package io.ringcast.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the threads of a process had run at one moment.
 * Immutable.
 *
 * <p>The scheduler counts nanoseconds for each thread; for the whole process Linux tells only steps of 10 ms. A thread
 * that has ended takes its nanoseconds with it, so after one has, the steps must do.
 *
 * @param nsByThread   by thread id; empty where the kernel does not tell.
 * @param compilerNs   of the threads among them that are a JVM's compilers.
 * @param stepsSeconds of the whole process, with threads that have ended.
 */
record CpuTimes(Map<Long, Long> nsByThread, long compilerNs, double stepsSeconds)
{
    private static final String COMPILER = "CompilerThre";

    static CpuTimes of(final long pid) throws IOException
    {
        final Map<Long, Long> times = new HashMap<>();
        long compilerNs = 0;
        final List<Path> tasks;
        try (Stream<Path> listed = Files.list(Path.of("/proc", String.valueOf(pid), "task")))
        {
            tasks = listed.toList();
        }
        for (final Path task : tasks)
        {
            try
            {
                final String text = Files.readString(task.resolve("schedstat"));
                final long ns = Long.parseLong(text.split(" ")[0]);
                times.put(Long.valueOf(task.getFileName().toString()), ns);
                compilerNs += Files.readString(task.resolve("comm")).contains(COMPILER) ? ns : 0;
            }
            catch (final IOException e)
            {
                // The thread has ended since, or the kernel keeps no such statistics: the steps count then.
                times.remove(Long.valueOf(task.getFileName().toString()));
            }
        }
        return new CpuTimes(times, compilerNs, ProcStat.cpuSeconds(pid));
    }

    /** How long the process ran since. */
    double secondsSince(final CpuTimes earlier)
    {
        if (nsByThread.isEmpty() || !nsByThread.keySet().containsAll(earlier.nsByThread.keySet()))
        {
            return stepsSeconds - earlier.stepsSeconds;
        }
        long ns = 0;
        for (final Map.Entry<Long, Long> each : nsByThread.entrySet())
        {
            ns += each.getValue() - earlier.nsByThread.getOrDefault(each.getKey(), 0L);
        }
        return ns / 1e9;
    }

    /** How long the JVM's compilers ran since, as far as they are still there. */
    double compilerSecondsSince(final CpuTimes earlier)
    {
        return Math.max(0, compilerNs - earlier.compilerNs) / 1e9;
    }
}
