package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ringcast.config.DoorsConfig;
import io.ringcast.config.HostPort;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.ThreadingChoice;
import io.ringcast.config.TransportChoice;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.function.UnaryOperator;

/** Confined to the test thread. */
class WarmUpIT
{
    private static final int WARM_UP_MS = 200;

    private final Logger logger = (Logger)LoggerFactory.getLogger("io.ringcast");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen()
    {
        log.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening()
    {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @ParameterizedTest
    @EnumSource(value = TransportChoice.class, names = {"EPOLL", "IO_URING", "NIO"})
    void shouldLeaveNoTraceWhenTheRelayStarts(final TransportChoice transport) throws IOException
    {
        try (TestBed bed = TestBed.start(new Mode(transport, ThreadingChoice.COMPACT, 1), config ->
            config.warmUpMs(WARM_UP_MS)))
        {
            assertEquals(0, bed.count(RelayCounter.CONNECTIONS_OPENED));
            assertEquals(0, bed.count(RelayCounter.ITEMS_IN));
            bed.assertCount(RelayCounter.UPSTREAM_CONNECTS, 1);
            final RawClient client = bed.client();
            client.subscribe("[\"newHeads\"]");

            bed.upstream().publish("newHeads", "{\"number\":\"0x1\"}");

            assertTrue(client.readText().contains("0x1"));
        }
    }

    /** Two lines that say the same, of which one is of a relay that nobody has asked for, would mislead. */
    @Test
    void shouldSayOnceWhatIsSoForTheRelayItself() throws IOException
    {
        try (TestBed bed = TestBed.start(Mode.USUAL, config -> config.transport(TransportChoice.AUTO)
            .warmUpMs(WARM_UP_MS)))
        {
            bed.assertCount(RelayCounter.UPSTREAM_CONNECTS, 1);
        }
        final List<String> lines = List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
        for (final String words : List.of(" threading, ", "warmed up in ", " is connected"))
        {
            assertEquals(1, lines.stream().filter(line -> line.contains(words)).count(), lines::toString);
        }
        assertEquals(lines.size(), lines.stream().distinct().count(), lines::toString);
    }

    /** Who starts a second relay by mistake is told at once, by the setting's name. */
    @Test
    void shouldRefuseAPortInUseBeforeTheWarmUp() throws IOException
    {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")))
        {
            final HostPort used = new HostPort("127.0.0.1", taken.getLocalPort());
            assertRefused("listen=" + used, config -> config.listen(used.host(), used.port()));
            assertRefused("admin=" + used, config -> config.doors(DoorsConfig.builder().admin(used).build()));
        }
    }

    private void assertRefused(final String start, final UnaryOperator<RelayConfig.Builder> change)
    {
        final RelayBuilder builder = Relay.builder().upstream("ws://127.0.0.1:1").listen("127.0.0.1", 0)
            .configure(config -> change.apply(config.warmUpMs(WARM_UP_MS)));
        final String refusal = assertThrows(IOException.class, builder::start).getMessage();

        assertTrue(refusal.startsWith(start + ": ") && refusal.contains("in use"), refusal);
        assertTrue(log.list.stream().noneMatch(line -> line.getFormattedMessage().startsWith("warmed up")));
    }
}
