package io.ringcast.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command runs to its end, every subject delivers everything, and compression shows on the wire. */
@Timeout(180)
final class DoorsIT
{
    @Test
    void shouldMeasureEachSortOfSubscribersWithoutAFault(@TempDir final Path directory) throws Exception
    {
        final StringWriter said = new StringWriter();
        final int exitCode = new CommandLine(new DoorsCommand()).setOut(new PrintWriter(said))
            .execute("--quick", "--out", directory.toString());

        assertEquals(0, exitCode, said.toString());
        final List<Long> bytes = new ArrayList<>();
        for (final String line : Files.readAllLines(directory.resolve("benchmarks.md")))
        {
            final String[] cells = line.split(" *\\| *");
            if (line.matches("\\| (plain|compressed|TLS).*"))
            {
                bytes.add(Long.parseLong(cells[6].replace(",", "")));
            }
        }
        assertEquals(5, bytes.size());
        final long plain = bytes.get(0);
        assertTrue(plain > 1_600 && plain < 2_000, "plain " + plain);
        assertTrue(bytes.get(1) < 0.75 * plain, "compressed " + bytes.get(1));
        assertTrue(bytes.get(2) > 0.95 * plain && bytes.get(3) > 0.95 * plain, "TLS leaves out nothing");
        assertTrue(bytes.get(4) < 0.8 * plain, "compressed below TLS " + bytes.get(4));
    }
}
