package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ringcast.config.HostPort;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.admin.AdminPages;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.poll.FakeChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** What the admin port tells, and to whom. */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#some")
class AdminIT
{
    private static final String HEAD = "{\"number\":\"0x1\"}";

    @Parameter
    private Mode mode;
    private TestBed bed;

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
    }

    @Test
    void shouldHaveNoAdminPortWhenNoneIsAskedFor() throws IOException
    {
        bed = TestBed.start(mode);

        assertNull(bed.relay().adminAddress());
    }

    @Test
    void shouldTellWhatFlowsWhenScraped() throws Exception
    {
        start();
        final RawClient client = bed.client();
        final String id = client.subscribe("[\"newHeads\"]");
        client.subscribe("[\"logs\",{}]");
        bed.upstream().publish("newHeads", HEAD);
        assertEquals(FakeUpstream.item(id, HEAD), client.readText());
        client.call("{broken");
        bed.awaitCount(RelayCounter.DELIVERIES, 1);

        final Map<String, Double> values = scrape();

        assertEquals(1, values.get("ringcast_connections{network=\"main\"}"));
        assertEquals(1, values.get("ringcast_subscriptions{kind=\"newHeads\",network=\"main\"}"));
        assertEquals(1, values.get("ringcast_subscriptions{kind=\"logs\",network=\"main\"}"));
        assertEquals(0, values.get("ringcast_subscriptions{kind=\"other\",network=\"main\"}"));
        assertEquals(1, values.get("ringcast_items_in_total{network=\"main\"}"));
        assertEquals(1, values.get("ringcast_deliveries_total{network=\"main\"}"));
        assertEquals(1, values.get("ringcast_refusals_total{network=\"main\",reason=\"invalid_json\"}"));
        assertEquals(1, values.get("ringcast_upstream_up{lane=\"upstream-1\",network=\"main\"}"));
        assertEquals(4096, values.get("ringcast_ring_slots{network=\"main\"}"));
        assertTrue(values.containsKey("ringcast_ring_used_slots{network=\"main\"}"));
        assertTrue(values.containsKey("ringcast_gate_closings_total{network=\"main\"}"));
        assertEquals(1, values.get("ringcast_tick_to_wire_seconds_count{network=\"main\"}"));
        assertEquals(1, values.get("ringcast_tick_to_wire_seconds_bucket{network=\"main\",le=\"+Inf\"}"));
        assertTrue(values.get("ringcast_tick_to_wire_seconds_sum{network=\"main\"}") > 0);
        assertTrue(values.keySet().stream().anyMatch(name -> name.startsWith("jvm_gc_collection_seconds_count{")));
        assertTrue(values.keySet().stream().anyMatch(name -> name.startsWith("jvm_memory_used_bytes{")));

        client.close();
        bed.awaitCount(RelayCounter.SUBSCRIPTIONS_DROPPED, 2);
        assertEquals(0, scrape().get("ringcast_subscriptions{kind=\"logs\",network=\"main\"}"));
    }

    @Test
    void shouldSpeakOpenMetricsWhenAsked() throws IOException
    {
        start();

        final HttpTalk.Response plain = HttpTalk.get(admin(), "/metrics");
        final HttpTalk.Response open =
            HttpTalk.ask(admin(), "GET", "/metrics", "Accept: application/openmetrics-text; version=1.0.0\r\n");

        assertTrue(plain.header("content-type").startsWith("text/plain; version=0.0.4"), plain.toString());
        assertTrue(open.header("content-type").startsWith("application/openmetrics-text"), open.toString());
        assertTrue(open.text().endsWith("# EOF\n"));
    }

    @Test
    void shouldBeReadyOnlyWhileEachNetworkHasALane() throws IOException
    {
        start();
        final HttpTalk.Response ready = HttpTalk.get(admin(), "/readyz");
        assertEquals("main: 1 of 1 upstreams up\n", ready.text());
        assertEquals(200, ready.status());

        bed.upstream().close();
        TestBed.await("the loss", () -> !bed.relay().status().upstreamConnected());

        final HttpTalk.Response alone = HttpTalk.get(admin(), "/readyz");
        assertEquals("main: 0 of 1 upstreams up\n", alone.text());
        assertEquals(503, alone.status());
        assertEquals(200, HttpTalk.get(admin(), "/livez").status());
    }

    /** Nobody asks it anything, its port is open, and it took connections until now. */
    @Test
    void shouldNotBeReadyGivenAnUpstreamThatAnswersNothing() throws IOException
    {
        final FakeUpstream upstream = FakeUpstream.start(FakeUpstream.Door.HTTP);
        upstream.serve(new FakeChain(3, 0));
        bed = TestBed.start(mode, upstream, config -> config
            .doors(config.doors().toBuilder().admin(new HostPort("127.0.0.1", 0)).build())
            .timing(config.timing().toBuilder().pingIdleMs(50).handshakeTimeoutMs(1_500).build()));
        bed.awaitUpstream();
        assertEquals(200, HttpTalk.get(admin(), "/readyz").status());

        upstream.hush();

        TestBed.await("to be found silent", () -> ready().status() == 503);
        assertTrue(bed.relay().status().upstreamConnected());
        assertEquals("main: 0 of 1 upstreams up, 1 connected without an answer\n", ready().text());
        upstream.serve(new FakeChain(3, 0));
        TestBed.await("to be heard again", () -> ready().status() == 200);
    }

    private HttpTalk.Response ready()
    {
        try
        {
            return HttpTalk.get(admin(), "/readyz");
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldNotBeLiveWhenALoopIsStuck()
    {
        start();
        final NetworkLoop loop = bed.relay().networks().get(0).loops()[0];
        final AdminPages pages = new AdminPages(bed.relay().networks(), bed.relay().server(), null, null);

        assertEquals(200, pages.live(loop.tickedAtNs()).status().code());
        assertEquals(503, pages.live(loop.tickedAtNs() + 60_000_000_000L).status().code());
    }

    @Test
    void shouldChangeALogLevelWhenPostedFromThisMachine() throws IOException
    {
        final Map<String, String> levels = new ConcurrentHashMap<>(Map.of("a.b", "info"));
        start(new LogLevels()
        {
            @Override
            public String get(final String logger)
            {
                return levels.get(logger);
            }

            @Override
            public boolean trySet(final String logger, final String level)
            {
                return "debug".equals(level) && levels.put(logger, level) != null;
            }
        });

        assertEquals("a.b info\n", HttpTalk.get(admin(), "/loglevel?logger=a.b").text());
        final HttpTalk.Response changed = HttpTalk.ask(admin(), "POST", "/loglevel?logger=a.b&level=debug", "");
        assertEquals("a.b debug\n", changed.text());
        assertEquals("debug", levels.get("a.b"));
        assertEquals(400, HttpTalk.ask(admin(), "POST", "/loglevel?logger=a.b&level=loud", "").status());
        assertEquals(400, HttpTalk.ask(admin(), "POST", "/loglevel?level=debug", "").status());
        assertEquals(405, HttpTalk.ask(admin(), "PUT", "/loglevel?logger=a.b&level=debug", "").status());
        assertEquals(403, HttpTalk.ask(
            admin(), "POST", "/loglevel?logger=a.b&level=debug", "Origin: http://evil.example\r\n").status());
    }

    @Test
    void shouldSayThatLevelsAreFixedWhenTheProgramGivesNone() throws IOException
    {
        start();

        assertEquals(501, HttpTalk.ask(admin(), "POST", "/loglevel?logger=a&level=debug", "").status());
    }

    @Test
    void shouldRefuseWhatItDoesNotServe() throws IOException
    {
        start();

        assertEquals(404, HttpTalk.get(admin(), "/").status());
        final HttpTalk.Response posted = HttpTalk.ask(admin(), "POST", "/metrics", "");
        assertEquals(405, posted.status());
        assertEquals("GET", posted.header("allow"));
        assertEquals(405, HttpTalk.ask(admin(), "DELETE", "/livez", "").status());
        assertEquals(400, HttpTalk.ask(admin(), "GET", "/" + "x".repeat(3_000), "").status());
        assertEquals(413, HttpTalk.ask(admin(), "POST", "/loglevel", "Content-Length: 5000\r\n").status());
        assertEquals(400, HttpTalk.get(admin(), "/loglevel?logger=%zz").status());
        assertEquals(400, HttpTalk.get(admin(), "/%zz").status());
    }

    /** The second of two requests in one packet finds the connection closed; it must not be answered out of turn. */
    @Test
    void shouldAnswerTheFirstAloneWhenTwoComeAtOnce() throws IOException
    {
        start();
        try (HttpTalk talk = HttpTalk.open(admin()))
        {
            talk.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n");

            assertTrue(talk.read().text().contains("ringcast_connections"));
            assertTrue(talk.isEnded());
        }
    }

    @Test
    void shouldTellEachLineWhichConnectionItIsAbout() throws IOException
    {
        final Logger logger = (Logger)LoggerFactory.getLogger("io.ringcast.connections");
        final ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
        logger.setLevel(Level.DEBUG);
        try
        {
            start();
            final RawClient client = bed.client();
            client.sendFrame(RawClient.FIN | 3, new byte[0]);
            assertEquals(1002, client.readClose());
            bed.awaitCount(RelayCounter.CONNECTIONS_CLOSED, 1);

            TestBed.await("three lines", () -> lines.list.size() >= 3);
            final List<String> told = List.copyOf(lines.list).stream().map(event -> event.getMessage() + ' ' +
                event.getKeyValuePairs().stream().map(pair -> pair.key + '=' + pair.value)
                    .filter(pair -> !pair.startsWith("remote=")).collect(Collectors.joining(" "))).toList();
            final String who = told.get(0).substring("opened ".length());
            assertTrue(who.matches("network=main connection=[0-9a-f]+ door=websocket"), who);
            assertTrue(told.get(1).startsWith("closing " + who + " reason=1002 "), told.get(1));
            assertEquals("closed " + who, told.get(2));
        }
        finally
        {
            logger.setLevel(null);
            logger.setAdditive(true);
            logger.detachAppender(lines);
        }
    }

    @Test
    void shouldNameTheSettingWhenThePortIsTaken() throws IOException
    {
        start();

        final IOException failure = assertThrows(IOException.class, () -> Relay.start(RelayConfig.builder()
            .upstream(bed.upstream().url())
            .listen("127.0.0.1", 0)
            .warmUpMs(0)
            .doors(RelayConfig.builder().doors().toBuilder()
                .admin(new HostPort("127.0.0.1", admin().getPort())).build())
            .build()));

        assertTrue(failure.getMessage().startsWith("admin=127.0.0.1:" + admin().getPort()), failure.getMessage());
    }

    @Test
    void shouldSayThatItStopsWhileClientsAreGoing() throws Exception
    {
        start();
        final RawClient client = bed.client();
        final InetSocketAddress address = admin();
        final CountDownLatch closed = new CountDownLatch(1);
        final Thread closer = new Thread(() ->
        {
            bed.relay().close();
            closed.countDown();
        });

        closer.start();
        assertEquals(1012, client.read().closeCode());
        final HttpTalk.Response stopping = HttpTalk.get(address, "/readyz");
        client.close();
        closed.await();

        assertEquals(503, stopping.status());
        assertTrue(stopping.text().startsWith("stopping\n"), stopping.text());
    }

    private Map<String, Double> scrape() throws IOException
    {
        final HttpTalk.Response response = HttpTalk.get(admin(), "/metrics");
        assertEquals(200, response.status());
        final Map<String, Double> values = new TreeMap<>();
        response.text().lines().filter(line -> !line.startsWith("#")).forEach(line ->
        {
            final int space = line.lastIndexOf(' ');
            values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
        });
        return values;
    }

    private InetSocketAddress admin()
    {
        return bed.relay().adminAddress();
    }

    private void start()
    {
        start(null);
    }

    private void start(final LogLevels levels)
    {
        try
        {
            bed = TestBed.start(mode, levels, config -> config.doors(
                config.doors().toBuilder().admin(new HostPort("127.0.0.1", 0)).build()));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
