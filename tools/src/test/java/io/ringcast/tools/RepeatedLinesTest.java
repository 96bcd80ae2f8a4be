package io.ringcast.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.spi.FilterReply;
import org.junit.jupiter.api.Test;

/** What the shipped log leaves out. Confined to the test thread. */
final class RepeatedLinesTest
{
    @Test
    void shouldLeaveOutWhatStagesOfACheckpointSay() throws Exception
    {
        final LoggerContext shipped = new LoggerContext();
        final JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(shipped);
        configurator.doConfigure(LogbackLevels.class.getResource("/logback.xml"));
        final Appender<ILoggingEvent> appender = shipped.getLogger("ROOT").getAppender("stderr");

        assertEquals(FilterReply.DENY,
            appender.getFilterChainDecision(line(shipped, "ringcast-checkpoint", "io.ringcast.lane.LogGaps")));
        assertEquals(FilterReply.NEUTRAL, appender.getFilterChainDecision(
            line(shipped, "ringcast-checkpoint", "io.ringcast.transport.journal.Checkpointer")));
        assertEquals(FilterReply.NEUTRAL,
            appender.getFilterChainDecision(line(shipped, "ringcast-main-pipeline", "io.ringcast.lane.LogGaps")));
        shipped.stop();
    }

    private static ILoggingEvent line(final LoggerContext context, final String thread, final String logger)
    {
        final LoggingEvent line = new LoggingEvent("", context.getLogger(logger), Level.WARN, "a gap", null, null);
        line.setThreadName(thread);
        return line;
    }
}
