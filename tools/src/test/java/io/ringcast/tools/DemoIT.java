package io.ringcast.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** What a newcomer sees first. Confined to the test thread. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class DemoIT
{
    @Test
    void shouldShowALineASecondWhenThereIsOneFeed()
    {
        final List<String> lines = demo("--seconds", "1");

        assertTrue(lines.stream().anyMatch(line -> line.startsWith("   1 s  heads ")), lines::toString);
    }

    @Test
    void shouldShowTheFeedsAndTheCutWhenThereAreSeveral()
    {
        final List<String> lines = demo("--feeds", "3", "--cut-best-every", "1", "--seconds", "3",
            "--heads-per-second", "20");

        assertTrue(lines.stream().anyMatch(line -> line.startsWith("   1 s  ")), lines::toString);
        for (final String feed : List.of("feed-1", "feed-2", "feed-3"))
        {
            assertTrue(lines.stream().anyMatch(line -> line.startsWith("  " + feed)), lines::toString);
        }
        assertTrue(lines.stream().anyMatch(line -> line.contains("cut off")), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.matches(".*the next head came \\d+ ms later")),
            lines::toString);
    }

    private static List<String> demo(final String... more)
    {
        final StringWriter out = new StringWriter();
        final CommandLine command = RingcastCommand.commandLine();
        command.setOut(new PrintWriter(out));
        final String[] arguments = new String[more.length + 7];
        System.arraycopy(new String[] {
            "demo", "--listen", "127.0.0.1:0", "--subscribers", "3", "--warm-up-ms", "0"}, 0, arguments, 0, 7);
        System.arraycopy(more, 0, arguments, 7, more.length);

        assertEquals(0, command.execute(arguments));
        return out.toString().lines().toList();
    }
}
