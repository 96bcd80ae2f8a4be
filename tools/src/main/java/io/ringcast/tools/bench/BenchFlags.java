package io.ringcast.tools.bench;

import io.ringcast.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * The flags of the benches that measure in rounds: how much, where, and where the figures go.
 * Confined to the main thread.
 */
final class BenchFlags
{
    private static final int LIMIT_ROUNDS = 100;

    private final String bench;
    private final int usualRounds;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "0",
        description = "rounds, of which the median counts (3 or 5, by the bench; with --quick 1)")
    private int rounds;

    @Option(names = "--quick", description = "a smoke run: a tenth of the load, and figures that say nothing")
    private boolean quick;

    @Option(names = "--subject-cpus", paramLabel = "LIST",
        description = "run the subjects on these CPUs by taskset; start this command under taskset for its own")
    private String subjectCpus;

    @Option(names = "--out", paramLabel = "DIR",
        description = "where benchmarks.md is (docs; with --quick target/NAME-quick, where NAME is the bench's)")
    private Path out;

    /**
     * What is the bench's own.
     *
     * @param bench       the name of the command.
     * @param usualRounds how many if nothing is said.
     */
    BenchFlags(final String bench, final int usualRounds)
    {
        this.bench = bench;
        this.usualRounds = usualRounds;
    }

    /** Refuses what is out of range. */
    void check()
    {
        if (rounds < 0 || rounds > LIMIT_ROUNDS)
        {
            throw new ConfigException("--rounds", rounds, "out of range", "1 to " + LIMIT_ROUNDS);
        }
    }

    int rounds()
    {
        return rounds > 0 ? rounds : quick ? 1 : usualRounds;
    }

    boolean isQuick()
    {
        return quick;
    }

    /** Words before the command of each subject. */
    List<String> prefix()
    {
        return subjectCpus == null ? List.of() : List.of("taskset", "-c", subjectCpus);
    }

    /** Where the page is. */
    Path directory()
    {
        return out != null ? out : Path.of(quick ? "target/" + bench + "-quick" : "docs");
    }

    Path page()
    {
        return directory().resolve("benchmarks.md");
    }

    /**
     * Writes a section of the page, with the conditions of the run below it.
     *
     * @param section which.
     * @param lines   what stands in it; the conditions are added.
     * @throws IOException if the page can't be written.
     */
    void write(final PageSection section, final List<String> lines) throws IOException
    {
        lines.add("| | |");
        lines.add("|---|---|");
        Conditions.rows(commandLine(""), rounds()).forEach(row -> lines.add("| " + row[0] + " | " + row[1] + " |"));
        section.write(page(), String.join("\n", lines));
    }

    /** What was typed that changes the figures, without paths of this machine; {@code own} is of the bench's flags. */
    String commandLine(final String own)
    {
        return "./ringcast bench " + bench + (quick ? " --quick" : "") + (rounds > 0 ? " --rounds " + rounds : "") +
            own + (subjectCpus == null ? "" : " --subject-cpus " + subjectCpus);
    }
}
