package io.ringcast.tools.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts the system calls of a process by {@code strace -c -f}. That slows it down, so nothing else is measured
 * meanwhile.
 * Confined to the main thread.
 */
final class SystemCalls
{
    private final ProcessWatch watch;

    private SystemCalls(final ProcessWatch watch)
    {
        this.watch = watch;
    }

    static String missing()
    {
        return Shell.has("strace") ? null : "apt-get install strace";
    }

    /** Begins to count. */
    static SystemCalls start(final long pid) throws IOException
    {
        return new SystemCalls(ProcessWatch.start(pid, "strace", "-c", "-f", "-q"));
    }

    /** Ends and tells the counts by name, the most frequent first. */
    Map<String, Long> stop() throws IOException
    {
        return parse(watch.stop());
    }

    /** Reads lines such as {@code  92.31    0.012  6      2000           sendto}; errors may stand before the name. */
    static Map<String, Long> parse(final String text)
    {
        final Map<String, Long> counts = new LinkedHashMap<>();
        text.lines().map(String::strip)
            .filter(line -> line.matches("[0-9.]+ +[0-9.]+ +[0-9]+ +[0-9]+ .*[a-z_0-9]+") && !line.endsWith(" total"))
            .map(line -> line.split(" +"))
            .sorted((left, right) -> Long.compare(Long.parseLong(right[3]), Long.parseLong(left[3])))
            .forEach(fields -> counts.put(fields[fields.length - 1], Long.parseLong(fields[3])));
        return counts;
    }
}
