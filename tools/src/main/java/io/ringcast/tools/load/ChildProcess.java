package io.ringcast.tools.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that ends with this one: on close, and on Ctrl-C by the JVM's hook.
 * Any thread.
 */
public final class ChildProcess implements AutoCloseable
{
    private static final long END_SECONDS = 5;
    private static final int LIMIT_LINES = 1000;

    private final Process process;
    private final Path errors;
    private final Thread hook;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>(LIMIT_LINES);

    private ChildProcess(final Process process, final Path errors)
    {
        this.process = process;
        this.errors = errors;
        hook = new Thread(process::destroyForcibly, "kill-child");
        Runtime.getRuntime().addShutdownHook(hook);
        final Thread reader = new Thread(this::readLines, "child-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts one.
     *
     * @param directory   its working directory.
     * @param environment variables beyond this process's own.
     * @param command     program and arguments.
     * @return the running process.
     * @throws IOException if it can't be started.
     */
    public static ChildProcess start(
        final Path directory, final Map<String, String> environment, final List<String> command) throws IOException
    {
        final Path errors = Files.createTempFile("ringcast-child", ".log");
        final ProcessBuilder builder = new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        return new ChildProcess(builder.start(), errors);
    }

    /**
     * The command line of this very program in a JVM of its own, with this JVM's flags and class path.
     *
     * @param arguments of the program.
     * @return the command.
     */
    public static List<String> ringcast(final List<String> arguments)
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.ringcast.tools.RingcastCommand"));
        command.addAll(arguments);
        return command;
    }

    private void readLines()
    {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8))
        {
            for (String line = reader.readLine(); line != null; line = reader.readLine())
            {
                lines.offer(line);
            }
        }
        catch (final IOException ex)
        {
            lines.offer("");
        }
    }

    /**
     * Waits for a line on its standard output.
     *
     * @param pattern what it must hold.
     * @param seconds how long to wait.
     * @return the match.
     * @throws IOException          if the process ended or the line did not come.
     * @throws InterruptedException if the thread is interrupted.
     */
    public Matcher awaitLine(final Pattern pattern, final long seconds) throws IOException, InterruptedException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - deadlineNs < 0)
        {
            final String line = lines.poll(50, TimeUnit.MILLISECONDS);
            final Matcher matcher = pattern.matcher(line == null ? "" : line);
            if (line != null && matcher.find())
            {
                return matcher;
            }
            if (line == null && !process.isAlive())
            {
                break;
            }
        }
        throw new IOException("the started process did not come up: " + lastError());
    }

    /**
     * Tells its id.
     *
     * @return the process id.
     */
    public long pid()
    {
        return process.pid();
    }

    /**
     * Tells whether it still runs.
     *
     * @return false once it has ended.
     */
    public boolean isAlive()
    {
        return process.isAlive();
    }

    /**
     * Tells what it complained of last.
     *
     * @return the last line of its standard error.
     * @throws IOException if that can't be read.
     */
    public String lastError() throws IOException
    {
        final List<String> all = Files.exists(errors) ? Files.readAllLines(errors) : List.of();
        return all.isEmpty() ? "it said nothing" : all.get(all.size() - 1);
    }

    @Override
    public void close()
    {
        process.destroy();
        try
        {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS))
            {
                process.destroyForcibly().waitFor(END_SECONDS, TimeUnit.SECONDS);
            }
            Files.deleteIfExists(errors);
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IOException | IllegalStateException ex)
        {
            // The JVM is ending, or the file stays in the temporary directory: nothing is lost by either.
            process.destroyForcibly();
        }
        catch (final InterruptedException ex)
        {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
