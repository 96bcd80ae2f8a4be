package io.ringcast.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Confined to the test thread. */
final class LogbackLevelsTest
{
    private final LogbackLevels levels = new LogbackLevels();

    @Test
    void shouldLogMoreWhenToldTo()
    {
        final String name = "io.ringcast.tools.levels.more";

        assertTrue(levels.trySet(name, "DEBUG"));
        assertEquals("debug", levels.get(name));
        assertTrue(LoggerFactory.getLogger(name).isDebugEnabled());

        assertTrue(levels.trySet(name, "off"));
        assertFalse(LoggerFactory.getLogger(name).isErrorEnabled());
    }

    /** What clients cause that break the rules of HTTP/2 is counted; its logger would fill the log. */
    @Test
    void shouldShipALogThatNoClientCanFill() throws JoranException
    {
        final LoggerContext shipped = new LoggerContext();
        final JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(shipped);
        configurator.doConfigure(LogbackLevels.class.getResource("/logback.xml"));

        assertFalse(shipped.getLogger("io.netty.handler.codec.http2.DefaultHttp2Connection").isErrorEnabled());
        assertTrue(shipped.getLogger("io.netty.channel.DefaultChannelPipeline").isWarnEnabled());
        assertTrue(shipped.getLogger("io.ringcast.transport.Relay").isInfoEnabled());
        shipped.stop();
    }

    @Test
    void shouldChangeNothingWhenThereIsNoSuchLevel()
    {
        final String name = "io.ringcast.tools.levels.none";
        levels.trySet(name, "info");

        assertFalse(levels.trySet(name, "loud"));
        assertFalse(levels.trySet(name, ""));
        assertEquals("info", levels.get(name));
    }
}
