package io.ringcast.tools;

import io.ringcast.config.ConfigException;
import io.ringcast.config.Spelling;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns every refusal into one line on stderr: name, value, what is allowed. Confined to the main thread. */
final class RefusalLine
{
    private static final int WRONG_SETTING = 2;
    private static final int FAILED = 1;

    private RefusalLine()
    {
    }

    static int onWrongFlag(final ParameterException ex, final String[] arguments)
    {
        return print(ex.getCommandLine(), text(ex), WRONG_SETTING);
    }

    static int onFailure(final Exception ex, final CommandLine commandLine, final ParseResult parsed)
    {
        final boolean isSetting = ex instanceof ConfigException;
        final String text = ex.getMessage() == null ? ex.toString() : ex.getMessage();
        return print(commandLine, text, isSetting ? WRONG_SETTING : FAILED);
    }

    private static int print(final CommandLine commandLine, final String text, final int exitCode)
    {
        commandLine.getErr().println("ringcast: " + text.replaceAll("\\R+", " "));
        commandLine.getErr().flush();
        return exitCode;
    }

    private static String text(final ParameterException ex)
    {
        if (ex.getCause() instanceof ConfigException refused)
        {
            return refused.named(flag(ex.getArgSpec())).getMessage();
        }
        if (ex instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty())
        {
            final String[] written = unmatched.getUnmatched().get(0).split("=", 2);
            final boolean isFlag = written[0].startsWith("-");
            final String problem = Spelling.unknown(
                isFlag ? "flag" : "command", written[0], known(ex.getCommandLine(), isFlag));
            final String allowed = "see " + ex.getCommandLine().getCommandSpec().qualifiedName() + " --help";
            return (isFlag ?
                new ConfigException(written[0], written.length > 1 ? written[1] : "", problem, allowed) :
                new ConfigException("command", unmatched.getUnmatched().get(0), problem, allowed)).getMessage();
        }
        return ex.getMessage();
    }

    private static String flag(final ArgSpec argument)
    {
        return argument instanceof OptionSpec option ? option.longestName() : String.valueOf(argument);
    }

    private static List<String> known(final CommandLine commandLine, final boolean isFlag)
    {
        return isFlag ?
            commandLine.getCommandSpec().options().stream().map(OptionSpec::longestName).toList() :
            List.copyOf(commandLine.getSubcommands().keySet());
    }
}
