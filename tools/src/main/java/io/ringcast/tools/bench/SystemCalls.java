package io.ringcast.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts the system calls of a process by {@code strace -c -f}. That slows it down, so nothing else is measured
 * meanwhile.
 * Confined to the main thread.
 */
final class SystemCalls
{
    private static final long ANSWER_SECONDS = 20;

    private final Process process;
    private final Path output;

    private SystemCalls(final Process process, final Path output)
    {
        this.process = process;
        this.output = output;
    }

    static String missing()
    {
        return Shell.has("strace") ? null : "apt-get install strace";
    }

    /** Begins to count. */
    static SystemCalls start(final long pid) throws IOException
    {
        final Path output = Files.createTempFile("ringcast-strace", ".txt");
        return new SystemCalls(new ProcessBuilder("strace", "-c", "-f", "-q", "-o", output.toString(),
            "-p", String.valueOf(pid)).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start(), output);
    }

    /** Ends and tells the counts by name, the most frequent first. */
    Map<String, Long> stop() throws IOException
    {
        try
        {
            Shell.line("kill", "-INT", String.valueOf(process.pid()));
            if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS))
            {
                process.destroyForcibly();
            }
            return parse(Files.readString(output));
        }
        catch (final InterruptedException e)
        {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return Map.of();
        }
        finally
        {
            Files.deleteIfExists(output);
        }
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
