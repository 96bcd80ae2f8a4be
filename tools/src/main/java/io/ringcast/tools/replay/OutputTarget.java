package io.ringcast.tools.replay;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Where the lines of a replay go: to a file, against a file, both, or nowhere.
 * Confined to the main thread.
 */
final class OutputTarget implements Consumer<String>, AutoCloseable
{
    private final BufferedWriter writer;
    private final BufferedReader expected;
    private long lineNumber;
    private String difference;

    /**
     * Opens the files.
     *
     * @param out     is written, or null.
     * @param compare is what the lines should be, or null.
     */
    OutputTarget(final Path out, final Path compare) throws IOException
    {
        expected = compare == null ? null : Files.newBufferedReader(compare);
        writer = out == null ? null : Files.newBufferedWriter(out);
    }

    @Override
    public void accept(final String line)
    {
        try
        {
            lineNumber++;
            if (writer != null)
            {
                writer.write(line);
                writer.write('\n');
            }
            if (expected != null && difference == null)
            {
                compare(expected.readLine(), line);
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** The first difference, or null; once all lines are there. */
    String difference() throws IOException
    {
        if (expected != null && difference == null)
        {
            lineNumber++;
            compare(expected.readLine(), null);
        }
        return difference;
    }

    @Override
    public void close() throws IOException
    {
        if (writer != null)
        {
            writer.close();
        }
        if (expected != null)
        {
            expected.close();
        }
    }

    private void compare(final String wanted, final String line)
    {
        if (wanted == null ? line != null : !wanted.equals(line))
        {
            difference = "line " + lineNumber + "\n  was " + shown(wanted) + "\n  is  " + shown(line);
        }
    }

    private static String shown(final String line)
    {
        return line == null ? "not there" : line;
    }
}
