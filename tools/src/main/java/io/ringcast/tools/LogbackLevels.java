package io.ringcast.tools;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.ringcast.transport.LogLevels;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** Log levels of the library that writes this command's log. Any thread. */
final class LogbackLevels implements LogLevels
{
    @Override
    public String get(final String logger)
    {
        return logger(logger).getEffectiveLevel().toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean trySet(final String logger, final String level)
    {
        final Level known = Level.toLevel(level, null);
        if (known == null || "all".equalsIgnoreCase(level))
        {
            return false;
        }
        logger(logger).setLevel(known);
        return true;
    }

    private static Logger logger(final String name)
    {
        return (Logger)LoggerFactory.getLogger(name);
    }
}
