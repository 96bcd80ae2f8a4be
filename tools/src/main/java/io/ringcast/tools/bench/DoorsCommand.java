package io.ringcast.tools.bench;

import io.ringcast.tools.load.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Measures what compression and TLS, by OpenSSL and by the JDK, cost the relay beside plain subscribers, and what they
 * put on the wire.
 * Confined to the main thread.
 */
@Command(name = "doors", description = "Puts plain, compressed and TLS subscribers under the same loads, and writes " +
    "a table into benchmarks.md.", mixinStandardHelpOptions = true, sortOptions = false)
final class DoorsCommand implements Callable<Integer>
{
    private static final String DEFLATE = "--deflate-min-bytes 512";

    @Spec
    private CommandSpec spec;

    @Mixin
    private final BenchFlags flags = new BenchFlags("doors", 3);

    @Override
    public Integer call() throws Exception
    {
        flags.check();
        final Path directory = Files.createTempDirectory("ringcast-doors");
        try
        {
            return measure(subjects(directory));
        }
        finally
        {
            delete(directory);
        }
    }

    private List<Subject> subjects(final Path directory)
        throws IOException, GeneralSecurityException, InterruptedException
    {
        SelfSigned.write(directory);
        final List<String> prefix = flags.prefix();
        final List<String> plain = flags.isQuick() ? List.of("--warm-up-ms", "0") : List.of();
        final List<String> deflate = FanoutCommand.words(DEFLATE);
        final List<String> openSsl = both(plain, tls(directory, "openssl"));
        return List.of(
            new RingcastSubject("plain", prefix, plain),
            new RingcastSubject("compressed", prefix, both(plain, deflate), true),
            new RingcastSubject("TLS, OpenSSL", prefix, openSsl),
            new RingcastSubject("TLS, JDK", prefix, both(plain, tls(directory, "jdk"))),
            new RingcastSubject("TLS, OpenSSL, compressed", prefix, both(openSsl, deflate), true));
    }

    private static List<String> both(final List<String> some, final List<String> others)
    {
        final List<String> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    private static List<String> tls(final Path directory, final String provider) throws IOException
    {
        final Path file = Files.writeString(directory.resolve(provider + ".yaml"), "tls: {certificate: \"" +
            directory.resolve("certificate.pem") + "\", key: \"" + directory.resolve("key.pem") + "\", provider: " +
            provider + "}\n");
        return List.of("--config", file.toString());
    }

    private int measure(final List<Subject> subjects) throws IOException, InterruptedException
    {
        final List<String> lines = new ArrayList<>(List.of(
            "## Compression and TLS", "",
            "Each subject is the relay with subscribers of one sort. CPU is the relay's, without the JVM's compiler; " +
            "the client's own work for TLS and inflation is not in it. Bytes are those that the client's sockets " +
            "brought for each delivery, pings and TLS records included. The hashes and the bloom of the heads are " +
            "noise. The bar is 1.20 times the CPU of plain ones for compressed ones.", ""));
        boolean isClean = true;
        for (final String name : flags.isQuick() ? List.of("window-1") : List.of("window-1", "burst-32"))
        {
            isClean &= measure(subjects, scenario(name), lines);
        }
        flags.write(PageSection.DOORS, lines);
        print("Written: " + flags.page());
        return isClean ? 0 : 1;
    }

    private boolean measure(final List<Subject> subjects, final Scenario scenario, final List<String> lines)
        throws InterruptedException
    {
        final Map<String, List<Measurement>> results =
            new FanoutBench(subjects, this::print).run(scenario, flags.rounds());
        final double plainUs = cpuUs(results.get("plain"));
        boolean isClean = true;
        lines.add("### " + scenario.title());
        lines.add("");
        lines.add("| | p50 µs | p99 µs | CPU µs each | against plain | bytes each |");
        lines.add("|---|--:|--:|--:|--:|--:|");
        for (final Subject subject : subjects)
        {
            final List<Measurement> own = results.get(subject.name());
            isClean &= own.size() == flags.rounds() && Measurement.faults(own) == 0;
            final String row = String.format(Locale.ROOT, "| %s | %,.0f | %,.0f | %.2f | %.2f | %,.0f |",
                subject.name(),
                Measurement.latencyUs(own, 50),
                Measurement.latencyUs(own, 99),
                cpuUs(own), cpuUs(own) / plainUs, Measurement.median(own, each ->
                    each.result().wireBytes() / (double)Math.max(1, each.result().measured())));
            lines.add(row);
            print(row);
        }
        lines.add("");
        return isClean;
    }

    private static double cpuUs(final List<Measurement> own)
    {
        return Measurement.median(own, Measurement::cpuUsWithoutCompiler);
    }

    private Scenario scenario(final String name) throws IOException
    {
        return Scenario.all(flags.isQuick(), Conditions.fileLimit()).stream().filter(each -> each.name().equals(name))
            .findFirst().orElseThrow();
    }

    private static void delete(final Path directory) throws IOException
    {
        try (Stream<Path> files = Files.walk(directory))
        {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList())
            {
                Files.delete(file);
            }
        }
    }

    private void print(final String line)
    {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
