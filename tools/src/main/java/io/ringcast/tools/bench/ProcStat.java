package io.ringcast.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux tells of a process. Any thread; no state. */
public final class ProcStat
{
    /** USER_HZ, which is 100 on every Linux that this runs on. */
    private static final double TICKS_PER_SECOND = 100;
    private static final int UTIME = 11;

    private ProcStat()
    {
    }

    /** User and system time of all its threads so far. */
    static double cpuSeconds(final long pid) throws IOException
    {
        return parseCpuSeconds(Files.readString(Path.of("/proc", String.valueOf(pid), "stat")));
    }

    static double parseCpuSeconds(final String stat)
    {
        // The name in brackets may hold spaces and brackets; what follows its end does not.
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1])) / TICKS_PER_SECOND;
    }

    /**
     * Tells a process's resident memory.
     *
     * @param pid the process.
     * @return bytes.
     * @throws IOException if it can't be read.
     */
    public static long rssBytes(final long pid) throws IOException
    {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
            .findFirst()
            .orElse(0);
    }
}
