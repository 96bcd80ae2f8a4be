package io.ringcast.tools.clients;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of a script of {@code src/test/clients}, talked with line by line. Confined to the test thread. */
final class NodeScript implements AutoCloseable
{
    /** What the lines end with once the script's output has ended. */
    static final String ENDED = "(the script has ended)";

    private static final long ASK_SECONDS = 5;

    private final String name;
    private final Process process;
    private final Arrivals<String> lines;
    private final Thread reader;

    NodeScript(final String name, final String... arguments)
    {
        this(Map.of(), name, arguments);
    }

    /** Starts a script with more in its environment. */
    NodeScript(final Map<String, String> environment, final String name, final String... arguments)
    {
        final List<String> command = new ArrayList<>(List.of("node", name));
        command.addAll(List.of(arguments));
        this.name = name;
        this.lines = new Arrivals<>("line of " + name);
        try
        {
            // The script's stderr goes to the build's log: warnings of the libraries, and where it was stuck.
            final ProcessBuilder builder = new ProcessBuilder(command).directory(ClientPackages.DIRECTORY.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().putAll(environment);
            this.process = builder.start();
        }
        catch (final IOException failure)
        {
            throw new UncheckedIOException(failure);
        }
        this.reader = new Thread(this::read, name + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    Arrivals<String> lines()
    {
        return lines;
    }

    void say(final String line)
    {
        try
        {
            final BufferedWriter input = process.outputWriter(StandardCharsets.UTF_8);
            input.write(line);
            input.newLine();
            input.flush();
        }
        catch (final IOException failure)
        {
            throw new UncheckedIOException(name + " does not listen", failure);
        }
    }

    /** Asks a script that still runs to end, which makes it say where it was stuck; then ends it. */
    @Override
    public void close()
    {
        try
        {
            if (process.isAlive())
            {
                process.destroy();
                process.waitFor(ASK_SECONDS, TimeUnit.SECONDS);
            }
        }
        catch (final InterruptedException interrupted)
        {
            Thread.currentThread().interrupt();
        }
        finally
        {
            process.destroyForcibly();
        }
    }

    private void read()
    {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8))
        {
            for (String line = output.readLine(); line != null; line = output.readLine())
            {
                lines.add(line);
            }
        }
        catch (final IOException failure)
        {
            lines.add(failure.toString());
        }
        lines.add(ENDED);
    }
}
