package io.ringcast.tools.bench;

import io.ringcast.bench.MicroForm;
import io.ringcast.bench.MicroRow;
import io.ringcast.bench.MicroRun;
import io.ringcast.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures single steps of the relay, without a socket. Confined to the main thread. */
@Command(name = "micro", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Measures single steps of the relay: nanoseconds and allocated bytes per operation.")
final class MicroCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Option(names = "--form", paramLabel = "FORM", converter = Form.class, defaultValue = "short",
        description = "short: a few seconds each, to see an order of magnitude; full: a minute each, to compare " +
            "(short)")
    private MicroForm form;

    @Option(names = "--include", paramLabel = "REGEX", converter = Expression.class, defaultValue = ".*",
        description = "runs the benchmarks in whose full name it is found (.*)")
    private Pattern include;

    @Option(names = "--json", paramLabel = "FILE", description = "writes all that was measured, as JMH does")
    private Path json;

    @Option(names = "--markdown", paramLabel = "FILE", description = "writes the table and its conditions")
    private Path markdown;

    @Option(names = "--page", paramLabel = "FILE",
        description = "puts the same into a section of this page, such as docs/benchmarks.md")
    private Path page;

    @Override
    public Integer call() throws RunnerException, IOException
    {
        final PrintWriter out = spec.commandLine().getOut();
        final MicroReport report = new MicroReport(run(), form);
        out.print(report.table());
        out.flush();
        if (markdown != null)
        {
            Files.writeString(markdown, report.markdown());
        }
        if (page != null)
        {
            PageSection.MICRO.write(page, "## Single steps\n\nTaken with `./ringcast bench micro --include '" +
                include.pattern() + "'`.\n\n" + report.markdown());
        }
        return 0;
    }

    private List<MicroRow> run() throws RunnerException
    {
        try
        {
            return MicroRun.run(form, include.pattern(), json, spec.commandLine().getErr());
        }
        catch (final NoBenchmarksException e)
        {
            throw new ConfigException("--include", include.pattern(), "no such benchmark", "a part of a class name " +
                "such as Decoder, or another regular expression");
        }
    }

    /** Reads a form. Immutable. */
    static final class Form implements ITypeConverter<MicroForm>
    {
        @Override
        public MicroForm convert(final String text)
        {
            for (final MicroForm form : MicroForm.values())
            {
                if (form.name().toLowerCase(Locale.ROOT).equals(text))
                {
                    return form;
                }
            }
            throw new ConfigException("form", text, "unknown value", "short, full");
        }
    }

    /** Reads a regular expression. Immutable. */
    static final class Expression implements ITypeConverter<Pattern>
    {
        @Override
        public Pattern convert(final String text)
        {
            try
            {
                return Pattern.compile(text);
            }
            catch (final PatternSyntaxException e)
            {
                throw new ConfigException("include", text, e.getDescription(), "a regular expression");
            }
        }
    }
}
