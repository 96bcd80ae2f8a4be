package io.ringcast.transport.loop;

import io.ringcast.config.ConfigException;

import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** What a log line says of a failed connection. Any thread. */
public final class FailureText
{
    /** What Netty puts before the system's own words: {@code finishConnect(..) failed with error(-111): }. */
    private static final Pattern NATIVE_CALL =
        Pattern.compile("^\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

    private static final String CONTROLS = "\\p{Cntrl}+";

    private FailureText()
    {
    }

    /**
     * Says what went wrong, in one line.
     *
     * @param cause what was thrown. Its message holds addresses at most: no handler puts headers or URLs into it.
     * @return the text.
     */
    public static String of(final Throwable cause)
    {
        Throwable shown = cause;
        while (shown.getCause() != null && !(shown instanceof SSLException))
        {
            shown = shown.getCause();
        }
        final String text = shown.getMessage() == null ? shown.getClass().getSimpleName() : shown.getMessage();
        return NATIVE_CALL.matcher(text).replaceFirst("").replaceAll(CONTROLS, " ");
    }

    /** What is wrong with the configuration, in the words of whoever found it, in one line. */
    static String of(final ConfigException cause)
    {
        return cause.getMessage().replaceAll(CONTROLS, " ");
    }
}
