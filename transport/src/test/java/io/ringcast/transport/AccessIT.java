package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ringcast.config.AccessConfig;
import io.ringcast.config.ConfigException;
import io.ringcast.config.KeyConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RightsConfig;
import io.ringcast.config.SecretSource;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/** Who is let in by the port, for what, and that nobody's secret is ever shown. Confined to the test thread. */
class AccessIT
{
    private static final String ALICE = "alice-5ecret-0123456789";
    private static final String BOB = "bob-5ecret-0123456789ab";
    private static final String UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

    @TempDir
    private Path directory;
    private TestBed bed;
    private final Logger logger = (Logger)LoggerFactory.getLogger("io.ringcast");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen()
    {
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.DEBUG);
    }

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
        logger.setLevel(null);
        logger.detachAppender(log);
        final String all = String.join("\n", List.copyOf(log.list).stream()
            .map(event -> event.getFormattedMessage() + event.getKeyValuePairs()).toList());
        assertFalse(all.contains("5ecret"), all);
    }

    @Test
    void shouldLetInWithAKeyInAnyPlaceThatAClientCanPutItAndNobodyElse() throws IOException
    {
        start(access -> access.keys(List.of(key("alice", ALICE, RightsConfig.defaults()))));
        final String basic = Base64.getEncoder().encodeToString(("user:" + ALICE).getBytes(StandardCharsets.UTF_8));

        for (final String[] way : new String[][]{
            {"/", "Authorization: Bearer " + ALICE + "\r\n"}, {"/", "X-Api-Key: " + ALICE + "\r\n"},
            {"/", "Authorization: Basic " + basic + "\r\n"}, {"/?apikey=" + ALICE, ""},
            {"/" + ALICE, ""}})
        {
            assertEquals(101, upgrade(way[0], way[1]), way[0] + way[1]);
            assertEquals(200, post(way[0], way[1]).status(), way[0] + way[1]);
        }
        assertEquals(200, status("GET /" + ALICE + "/sse?sub=newHeads", ""));
        assertEquals(200, status("GET /sse?sub=newHeads&apikey=" + ALICE, ""));
        assertEquals(200, status("GET /", "X-Api-Key: " + ALICE + "\r\n"));
        for (final String[] way : new String[][]{
            {"/", ""}, {"/", "Authorization: Bearer " + BOB + "\r\n"}, {"/", "Authorization: Basic %%\r\n"},
            {"/?apikey=" + BOB, ""}, {"/" + BOB, ""}, {"/", "X-Api-Key: \r\n"},
            {"/", "Authorization: Bearer " + ALICE.substring(1) + "\r\n"},
            {"/?apikey=" + ALICE, "Authorization: Bearer " + BOB + "\r\n"}})
        {
            assertEquals(401, upgrade(way[0], way[1]), way[0] + way[1]);
            final HttpTalk.Response refused = post(way[0], way[1]);
            assertEquals(401, refused.status(), way[0] + way[1]);
            assertEquals("Bearer", refused.header("www-authenticate"));
        }
        assertEquals(401, status("GET /sse?sub=newHeads", ""));
        assertEquals(401, status("GET /", ""));
        assertEquals(204, status("OPTIONS /", ""));
        assertEquals(404, upgrade("/other/path/x", "X-Api-Key: " + ALICE + "\r\n"));
        bed.awaitCount(RelayCounter.KEYS_REFUSED, 18);
    }

    @Test
    void shouldDenyANodesOwnAffairsUnlessTheListIsOpened() throws IOException
    {
        start(access -> access);
        final String text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"debug_setHead\",\"params\":[1]}";
        final String denied = "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601," +
            "\"message\":\"the method does not exist/is not available\"}}";
        assertEquals(denied, bed.client().call(text));
        assertEquals(denied, post("/", "", text).text());
        assertEquals("[" + denied + "]", post("/", "", "[" + text + "]").text());
        bed.awaitCount(RelayCounter.METHODS_DENIED, 3);
        bed.close();

        start(access -> access.deny(List.of()));
        bed.upstream().on("debug_setHead", request -> request.answer("[1]"));
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[1]}", bed.client().call(text));
    }

    @Test
    void shouldGiveEachKeyItsOwnRights() throws IOException
    {
        start(access -> access
            .keys(List.of(
                key("alice", ALICE, RightsConfig.builder().allow(List.of("echo", "eth_*")).build()),
                key("bob", BOB, RightsConfig.builder().networks(List.of("other")).build())))
            .anonymous(RightsConfig.builder().allow(List.of("eth_chainId")).build()));

        assertTrue(post("/", "", call("echo")).text().contains("-32601"));
        assertEquals(200, post("/", "X-Api-Key: " + ALICE + "\r\n", call("echo")).status());
        assertTrue(post("/", "X-Api-Key: " + ALICE + "\r\n", call("echo")).text().contains("\"result\""));
        assertTrue(post("/", "X-Api-Key: " + ALICE + "\r\n", call("net_version")).text().contains("-32601"));
        assertEquals(403, post("/", "X-Api-Key: " + BOB + "\r\n", call("echo")).status());
        assertEquals(200, post("/other", "X-Api-Key: " + BOB + "\r\n", "[]").status());
        assertEquals(401, post("/", "X-Api-Key: nobody-knows-this-one\r\n", call("echo")).status());
    }

    @Test
    void shouldBoundConnectionsOfAKeyAndTakeThemBack() throws IOException
    {
        final RightsConfig one = RightsConfig.builder().set(RightsConfig.CONNECTIONS, 1).build();
        start(access -> access.keys(List.of(key("alice", ALICE, one))));
        final String header = "X-Api-Key: " + ALICE + "\r\n";
        try (RawClient client = RawClient.open(bed.address()))
        {
            client.send(head("/", header));
            assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
            assertEquals(429, upgrade("/", header));
            assertEquals(429, post("/", header).status());
            assertEquals("1", post("/", header).header("retry-after"));
            assertEquals(429, status("GET /sse?sub=newHeads", header));
        }
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);

        try (HttpTalk talk = HttpTalk.open(bed.address()))
        {
            for (int i = 0; i < 5; i++)
            {
                talk.post("/", header, call("echo"));
                assertEquals(200, talk.read().status());
            }
        }
        assertEquals(200, status("GET /sse?sub=newHeads", header));
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        assertEquals(101, upgrade("/", header));
        bed.awaitCount(RelayCounter.KEY_LIMITS, 4);
    }

    @Test
    void shouldAnswerCallsOverTheRateOfAKeyWithAnError() throws IOException
    {
        final RightsConfig slow = RightsConfig.builder().set(RightsConfig.REQUESTS_PER_SECOND, 1).build();
        start(access -> access.anonymous(slow));
        final RawClient client = bed.client();

        final String first = client.call(call("echo"));
        String refused = client.call(call("echo"));
        for (int i = 0; i < 10 && !refused.contains("-32005"); i++)
        {
            refused = client.call(call("echo"));
        }

        assertTrue(first.contains("\"result\""), first);
        assertTrue(refused.contains("\"code\":-32005,\"message\":\"limit exceeded: too much in a second\""), refused);
        bed.awaitCount(RelayCounter.RATE_REFUSALS, 1);
    }

    @Test
    void shouldRefusePagesOfOtherOriginsAndRequestsForOtherHosts() throws IOException
    {
        start(access -> access.hosts(List.of("relay.example", "localhost")), List.of("https://good.example"));

        for (final String good : List.of("", "Origin: https://good.example\r\n", "Origin: http://localhost:3000\r\n",
            "Origin: http://127.0.0.1\r\n", "Origin: http://[::1]:8080\r\n"))
        {
            assertEquals(101, upgrade("/", good), good);
            assertEquals(200, post("/", good).status(), good);
        }
        for (final String bad : List.of("Origin: https://evil.example\r\n", "Origin: null\r\n",
            "Origin: https://good.example.evil\r\n", "Origin: http://localhost.evil\r\n", "Origin: localhost\r\n",
            "Origin: http://127.0.0.1.evil\r\n"))
        {
            assertEquals(403, upgrade("/", bad), bad);
            final HttpTalk.Response refused = post("/", bad);
            assertEquals(403, refused.status(), bad);
            assertNull(refused.header("access-control-allow-origin"));
        }
        for (final String host : List.of("relay.example", "RELAY.example:9545", "127.0.0.1:1", "[::1]:9545"))
        {
            assertEquals(101, statusOf("GET / HTTP/1.1\r\nHost: " + host + "\r\n" + UPGRADE + "\r\n"), host);
        }
        for (final String host : List.of("evil.example", "relay.example.evil", "relay.exampl"))
        {
            assertEquals(403, statusOf("GET / HTTP/1.1\r\nHost: " + host + "\r\n" + UPGRADE + "\r\n"), host);
            assertEquals(403, statusOf("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"), host);
        }
        bed.awaitCount(RelayCounter.PAGES_REFUSED, 18);
    }

    @Test
    void shouldBoundConnectionsASecondOfAnAddressBehindAProxyByWhatTheProxySays() throws IOException
    {
        start(access -> access.proxies(List.of("127.0.0.1")).set(AccessConfig.ACCEPTS_PER_SECOND, 1));

        int refused = 0;
        for (int i = 0; i < 10; i++)
        {
            refused += upgrade("/", "X-Forwarded-For: 203.0.113.7\r\n") == 429 ? 1 : 0;
            assertEquals(101, upgrade("/", "X-Forwarded-For: 203.0.113.7, 198.51.100." + i + "\r\n"));
        }

        assertTrue(refused >= 5, refused + " of 10");
        bed.awaitCount(RelayCounter.ACCEPTS_REFUSED, refused);
    }

    @Test
    void shouldHangUpOnAnAddressThatConnectsTooOften() throws IOException
    {
        start(access -> access.set(AccessConfig.ACCEPTS_PER_SECOND, 5));
        int letIn = 0;
        for (int i = 0; i < 40; i++)
        {
            try (RawClient client = RawClient.open(bed.address()))
            {
                client.sendHandshake();
                letIn += client.readHead().startsWith("HTTP/1.1 101 ") ? 1 : 0;
            }
            catch (final IOException e)
            {
                continue;
            }
        }

        assertTrue(letIn >= 5 && letIn < 40, letIn + " let in");
        bed.awaitCount(RelayCounter.ACCEPTS_REFUSED, 1);
    }

    @Test
    void shouldTakeAChangedKeyAndKeepTheOldOneGivenABrokenFile() throws IOException
    {
        start(access -> access.keys(List.of(key("alice", ALICE, RightsConfig.defaults()))));
        replace("alice", "short");
        bed.awaitCount(RelayCounter.KEY_RELOADS_FAILED, 1);
        assertEquals(200, post("/", "X-Api-Key: " + ALICE + "\r\n").status());

        replace("alice", BOB + "\nanother line");
        TestBed.await("the new key", () -> statusOrZero("X-Api-Key: " + BOB + "\r\n") == 200);
        assertEquals(401, post("/", "X-Api-Key: " + ALICE + "\r\n").status());
    }

    @Test
    void shouldRefuseToStartGivenASecretThatCannotBeUsedWithoutShowingIt() throws IOException
    {
        for (final SecretSource source : List.of(SecretSource.file(directory.resolve("none")),
            SecretSource.file(replace("short", "5ecret")), SecretSource.file(replace("blanks", "5ecret " + ALICE)),
            SecretSource.variable("RINGCAST_NO_SUCH_VARIABLE")))
        {
            final String refusal = assertThrows(ConfigException.class, () -> start(access -> access.keys(
                List.of(new KeyConfig("alice", source, RightsConfig.defaults()))))).getMessage();
            assertTrue(refusal.startsWith(
                "access.keys[0].secret" + (source.file() == null ? "Env=" : "File=")), refusal);
            assertFalse(refusal.contains("5ecret"), refusal);
        }
    }

    private void start(final UnaryOperator<AccessConfig.Builder> change) throws IOException
    {
        start(change, List.of());
    }

    private void start(final UnaryOperator<AccessConfig.Builder> change, final List<String> origins)
        throws IOException
    {
        bed = TestBed.start(Mode.USUAL, config -> config
            .network(NetworkConfig.builder().name("other").path("/other").upstream(
                config.networks().get(0).build().upstreams().get(0)))
            .doors(config.doors().toBuilder().fileCheckMs(20).httpOrigins(origins).build())
            .access(change.apply(AccessConfig.builder()).build()));
    }

    private KeyConfig key(final String name, final String secret, final RightsConfig rights)
    {
        try
        {
            return new KeyConfig(name, SecretSource.file(replace(name, secret)), rights);
        }
        catch (final IOException e)
        {
            throw new IllegalStateException(e);
        }
    }

    private Path replace(final String name, final String text) throws IOException
    {
        return Files.move(Files.writeString(directory.resolve(name + ".new"), text), directory.resolve(name),
            StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private int upgrade(final String path, final String headers) throws IOException
    {
        return statusOf(head(path, headers));
    }

    private static String head(final String path, final String headers)
    {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + UPGRADE + "\r\n";
    }

    private int status(final String start, final String headers) throws IOException
    {
        return statusOf(start + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
    }

    private int statusOf(final String request) throws IOException
    {
        try (RawClient client = RawClient.open(bed.address()))
        {
            client.send(request);
            return Integer.parseInt(client.readHead().split(" ")[1]);
        }
    }

    private int statusOrZero(final String headers)
    {
        try
        {
            return post("/", headers).status();
        }
        catch (final IOException e)
        {
            return 0;
        }
    }

    private HttpTalk.Response post(final String path, final String headers) throws IOException
    {
        return post(path, headers, call("echo"));
    }

    private HttpTalk.Response post(final String path, final String headers, final String text) throws IOException
    {
        try (HttpTalk talk = HttpTalk.open(bed.address()))
        {
            talk.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + headers +
                "Content-Length: " + text.length() + "\r\n\r\n" + text);
            return talk.read();
        }
    }

    private static String call(final String method)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":[1]}";
    }
}
