package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ringcast.config.HostPort;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.RelayConfigYaml;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Who binds wider than this machine is told what that means. */
class WideBindingTest
{
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger)LoggerFactory.getLogger(ClientAccess.class);

    @TempDir
    private Path directory;

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
    void shouldWarnOnceGivenNeitherKeysNorCertificates(final String host)
    {
        new ClientAccess(config(host, "")).readKeys();

        assertWarned("lets anybody in who can reach it");
    }

    @Test
    void shouldWarnOfTheClearGivenKeysWithoutTls() throws IOException
    {
        final Path secret = Files.writeString(directory.resolve("secret"), "a-secret-of-16-letters");

        new ClientAccess(config("0.0.0.0",
            "access: {keys: [{name: a, secretFile: \"" + secret + "\"}]}\n")).readKeys();

        assertWarned("takes keys in the clear");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
    void shouldNotWarnOnThisMachine(final String host)
    {
        new ClientAccess(config(host, "")).readKeys();

        assertEquals(List.of(), lines.list);
    }

    private void assertWarned(final String words)
    {
        assertEquals(1, lines.list.size(), lines.list.toString());
        assertEquals(Level.WARN, lines.list.get(0).getLevel());
        assertTrue(lines.list.get(0).getFormattedMessage().contains(words), lines.list.toString());
    }

    private static RelayConfig config(final String host, final String more)
    {
        return RelayConfigYaml.builder("network: {upstreams: [\"ws://127.0.0.1:1\"]}\n" + more)
            .listen(new HostPort(host, 1)).build();
    }
}
