package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.ConfigException;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.RelayConfigYaml;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A configuration that changes while the relay runs. Confined to the test thread. */
class ReloadIT
{
    private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[1]}";
    private static final String ANSWER = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[1]}";
    private static final String ALICE = "alice-secret-0001";
    private static final String BOB = "bob-secret-000001";
    private static final String CAROL = "carol-secret-0001";

    @TempDir
    private Path directory;
    private FakeUpstream upstream;
    private Relay relay;
    private Path file;

    @BeforeEach
    void start() throws IOException
    {
        upstream = FakeUpstream.start();
        for (final String secret : List.of(ALICE, BOB, CAROL))
        {
            Files.writeString(directory.resolve(secret.substring(0, 3)), secret);
        }
        file = directory.resolve("relay.yaml");
        write("", key("ali", "requestsPerSecond: 1000"), key("bob", ""));
        relay = Relay.start(read(), error -> { }, null, this::read);
        TestBed.await("the upstream", () -> relay.status().upstreamConnected());
    }

    @AfterEach
    void stop()
    {
        relay.close();
        upstream.close();
    }

    @Test
    void shouldTakeNewRightsForThoseWhoAreInAndCloseWhoseKeyIsGone() throws IOException
    {
        try (RawClient alice = RawClient.connect(relay.address(), "/" + ALICE);
            RawClient bob = RawClient.connect(relay.address(), "/" + BOB))
        {
            assertEquals(ANSWER, alice.call(CALL));
            assertEquals(ANSWER, bob.call(CALL));
            assertEquals(401, status(CAROL));

            write("", key("ali", "deny: [echo]"), key("car", ""));
            assertEquals(List.of("access.keys"), relay.reload(read()));

            assertTrue(alice.call(CALL).contains("-32601"));
            assertEquals(1008, bob.readClose());
            assertEquals(401, status(BOB));
            assertEquals(200, status(CAROL));
            write("", key("ali", ""), key("car", ""));
            relay.reload(read());
            assertEquals(ANSWER, alice.call(CALL));
        }
        awaitCount(RelayCounter.KEYS_REVOKED, 1);
        awaitCount(RelayCounter.CONFIG_RELOADS, 2);
    }

    /** A key keeps what its connections have taken. */
    @Test
    void shouldCountConnectionsFromBeforeAgainstANewLimit() throws IOException
    {
        try (RawClient first = RawClient.connect(relay.address(), "/" + ALICE);
            RawClient second = RawClient.connect(relay.address(), "/" + ALICE))
        {
            write("", key("ali", "connections: 2"), key("bob", ""));
            relay.reload(read());
            assertEquals(429, status(ALICE));
            assertEquals(ANSWER, first.call(CALL));
            assertEquals(ANSWER, second.call(CALL));
        }
        TestBed.await("their end", () -> relay.status().connections() == 0);
        assertEquals(200, status(ALICE));
    }

    @Test
    void shouldTakeNothingGivenSomethingThatCannotChange() throws IOException
    {
        write("ringSlots: 128\nlimits: {connections: 7, batchItems: 5}\n", key("car", ""));
        final String refusal = assertThrows(ConfigException.class, () -> relay.reload(read())).getMessage();
        assertTrue(refusal.startsWith("reload=ringSlots, limits.batchItems: can't change while the relay runs"),
            refusal);
        assertEquals(200, status(ALICE));
        assertEquals(401, status(CAROL));

        write("", key("car", ""), key("ali", ""), key("dave", ""));
        final String secret = assertThrows(ConfigException.class, () -> relay.reload(read())).getMessage();
        assertTrue(secret.contains("access.keys[2].secret"), secret);
        assertEquals(401, status(CAROL));

        write("", key("car", ""), key("ali", ""), "  jwt: {secretFile: " + directory.resolve("ali") + "}\n");
        final String tokens = assertThrows(ConfigException.class, () -> relay.reload(read())).getMessage();
        assertTrue(tokens.contains("access.jwt.secretFile"), tokens);
        assertEquals(401, status(CAROL));
        awaitCount(RelayCounter.CONFIG_RELOADS_REFUSED, 3);
    }

    @Test
    void shouldReloadOnRequestAtTheAdminPortFromThisMachineOnly() throws IOException
    {
        assertEquals("nothing has changed\n", post("").text());
        write("limits: {connections: 1}\ntiming: {drainMs: 77}\n", key("bob", ""));
        assertEquals("changed: limits.connections, timing.drainMs, access.keys\n", post("").text());
        try (RawClient bob = RawClient.connect(relay.address(), "/" + BOB))
        {
            assertEquals(503, status(BOB));
            assertEquals(ANSWER, bob.call(CALL));
        }
        write("ioThreads: 3\n", key("bob", ""));
        final HttpTalk.Response refused = post("");
        assertEquals(409, refused.status());
        assertTrue(refused.text().startsWith("reload=ioThreads"), refused.text());
        Files.writeString(file, "nonsense: 1");
        assertEquals(409, post("").status());
        awaitCount(RelayCounter.CONFIG_RELOADS_REFUSED, 2);
        assertEquals(403, post("Origin: http://a.example\r\n").status());
        assertEquals(405, HttpTalk.get(relay.adminAddress(), "/reload").status());
    }

    private HttpTalk.Response post(final String headers) throws IOException
    {
        return HttpTalk.ask(relay.adminAddress(), "POST", "/reload", headers);
    }

    private int status(final String secret) throws IOException
    {
        try (HttpTalk talk = HttpTalk.open(relay.address()))
        {
            talk.sendAsFarAsTaken("GET / HTTP/1.1\r\nHost: a\r\nX-Api-Key: " + secret + "\r\n\r\n");
            return talk.read().status();
        }
    }

    private void awaitCount(final RelayCounter counter, final long expected)
    {
        TestBed.await(counter + " = " + expected, () ->
            relay.status().counters().get(counter.name().toLowerCase(Locale.ROOT)) == expected);
    }

    private RelayConfig read()
    {
        return RelayConfigYaml.builder(file).build();
    }

    private String key(final String name, final String rights)
    {
        return "    - {name: " + name + ", secretFile: " + directory.resolve(name) +
            (rights.isEmpty() ? "" : ", " + rights) + "}\n";
    }

    private void write(final String more, final String... keys) throws IOException
    {
        Files.writeString(file, "network:\n  upstreams: [\"" + upstream.config().url() + "\"]\n" +
            "  topics: {publish: [\"room.*\"]}\n  options: {stamps: true}\n" +
            "listen: \"127.0.0.1:0\"\nadmin: \"127.0.0.1:0\"\nwarmUpMs: 0\n" + more +
            "access:\n  keys:\n" + String.join("", keys));
    }
}
