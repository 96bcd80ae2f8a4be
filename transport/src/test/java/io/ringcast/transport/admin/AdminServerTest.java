package io.ringcast.transport.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.util.List;

/** Who lets others reach the admin port is told what that means. */
class AdminServerTest
{
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger)LoggerFactory.getLogger(AdminServer.class);

    @BeforeEach
    void listen()
    {
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
    }

    @AfterEach
    void leave()
    {
        logger.setAdditive(true);
        logger.detachAppender(lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void shouldWarnGivenAnAddressThatOthersCanReach(final String host)
    {
        AdminServer.warn(new InetSocketAddress(host, 1));

        assertEquals(1, lines.list.size());
        assertEquals(Level.WARN, lines.list.get(0).getLevel());
        final String line = lines.list.get(0).getFormattedMessage();
        assertTrue(line.contains(" shows metrics, and health, to anybody who can reach it"), line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
    void shouldNotWarnOnThisMachine(final String host)
    {
        AdminServer.warn(new InetSocketAddress(host, 1));

        assertEquals(List.of(), lines.list);
    }
}
