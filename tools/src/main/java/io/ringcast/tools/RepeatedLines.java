package io.ringcast.tools;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Keeps out of the log what stages say that a checkpoint is made of: they do what was done before, and it was said
 * then.
 * Any thread.
 */
public final class RepeatedLines extends Filter<ILoggingEvent>
{
    private static final String THREAD = "ringcast-checkpoint";
    private static final String OWN_LOGGERS = "io.ringcast.transport.journal.";

    @Override
    public FilterReply decide(final ILoggingEvent event)
    {
        return THREAD.equals(event.getThreadName()) && !event.getLoggerName().startsWith(OWN_LOGGERS) ?
            FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
