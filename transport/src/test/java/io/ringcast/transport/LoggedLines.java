package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

import java.util.List;

/** What a class logs during a test, in place of the console. Confined to the test thread. */
public final class LoggedLines implements BeforeEachCallback, AfterEachCallback
{
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger;

    public LoggedLines(final Class<?> logging)
    {
        this(logging.getName());
    }

    /** Of a class or of all below a package. */
    public LoggedLines(final String name)
    {
        logger = (Logger)LoggerFactory.getLogger(name);
    }

    /** What was logged so far. */
    public List<ILoggingEvent> all()
    {
        return List.copyOf(lines.list);
    }

    /** The texts of what was logged so far. */
    public List<String> texts()
    {
        return all().stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void beforeEach(final ExtensionContext context)
    {
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
    }

    @Override
    public void afterEach(final ExtensionContext context)
    {
        logger.setAdditive(true);
        logger.detachAppender(lines);
    }

    /** One line was logged, a warning, and this is part of it. */
    public void assertWarned(final String part)
    {
        assertEquals(1, lines.list.size());
        assertEquals(Level.WARN, lines.list.get(0).getLevel());
        final String line = lines.list.get(0).getFormattedMessage();
        assertTrue(line.contains(part), line);
    }

    public void assertSilent()
    {
        assertEquals(List.of(), lines.list);
    }
}
