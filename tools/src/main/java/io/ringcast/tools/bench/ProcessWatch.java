package io.ringcast.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that watches a process, and writes what it has found to a file once it is interrupted.
 * Confined to the main thread.
 */
final class ProcessWatch
{
    private static final long ANSWER_SECONDS = 20;

    private final Process process;
    private final Path output;

    private ProcessWatch(final Process process, final Path output)
    {
        this.process = process;
        this.output = output;
    }

    /**
     * Begins to watch.
     *
     * @param pid     the process.
     * @param command the program and its options; where it writes to ({@code -o}) and whom it watches ({@code -p}) are
     *                put behind them.
     */
    static ProcessWatch start(final long pid, final String... command) throws IOException
    {
        final Path output = Files.createTempFile("ringcast-" + command[0], ".txt");
        final List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of("-o", output.toString(), "-p", String.valueOf(pid)));
        return new ProcessWatch(new ProcessBuilder(line).redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD).start(), output);
    }

    /** Ends and gives what was written; nothing if the thread was interrupted meanwhile. */
    String stop() throws IOException
    {
        try
        {
            // Programs such as perf write their figures when they are interrupted, not when they are terminated.
            Shell.line("kill", "-INT", String.valueOf(process.pid()));
            if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS))
            {
                process.destroyForcibly();
            }
            return Files.readString(output);
        }
        catch (final InterruptedException e)
        {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return "";
        }
        finally
        {
            Files.deleteIfExists(output);
        }
    }
}
