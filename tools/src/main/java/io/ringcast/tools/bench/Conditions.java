package io.ringcast.tools.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Under what circumstances figures were taken. Any thread; no state. */
final class Conditions
{
    private Conditions()
    {
    }

    /** Rows of a table: name and value. */
    static List<String[]> rows(final String command, final int rounds) throws IOException
    {
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[]{"date", LocalDate.now(ZoneOffset.UTC).toString()});
        rows.add(new String[]{"commit", Shell.line("git", "rev-parse", "--short=12", "HEAD")});
        rows.add(new String[]{"CPU", cpuModel()});
        rows.add(new String[]{"cores", String.valueOf(Runtime.getRuntime().availableProcessors())});
        rows.add(new String[]{"load average before the run", loadAverage()});
        rows.add(new String[]{"kernel", System.getProperty("os.name") + " " + System.getProperty("os.version")});
        rows.add(new String[]{"JDK", System.getProperty("java.vm.name") + " " + Runtime.version()});
        rows.add(new String[]{"JVM flags",
            "`" + String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()) + "`"});
        rows.add(new String[]{"rounds", rounds + ", the subjects alternating; figures are medians"});
        rows.add(new String[]{"command", "`" + command + "`"});
        return rows;
    }

    private static String cpuModel() throws IOException
    {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).trim())
            .findFirst()
            .orElse(System.getProperty("os.arch"));
    }

    private static String loadAverage() throws IOException
    {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    /** The limit of open files of this process, which children inherit. */
    static long fileLimit() throws IOException
    {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
            .filter(line -> line.startsWith("Max open files"))
            .map(line -> line.substring("Max open files".length()).trim().split("\\s+")[0])
            .mapToLong(text -> "unlimited".equals(text) ? Integer.MAX_VALUE : Long.parseLong(text))
            .findFirst()
            .orElse(1024);
    }
}
