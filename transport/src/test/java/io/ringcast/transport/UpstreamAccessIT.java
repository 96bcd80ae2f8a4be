package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.ConfigException;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.UpstreamConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Who is let in where: certificates and credentials, and that the latter are never shown. */
class UpstreamAccessIT
{
    private static final String SECRET = "5ecret";

    @RegisterExtension
    final LoggedLines log = new LoggedLines("io.ringcast");

    @Test
    void shouldRefuseACertificateThatNobodyTrusted() throws IOException
    {
        try (TestBed bed = bed(FakeUpstream.Door.WSS, upstream -> UpstreamConfig.of(upstream.url().toString())))
        {
            bed.awaitCount(RelayCounter.UPSTREAM_CONNECT_FAILURES, 2);

            assertEquals(0, bed.count(RelayCounter.UPSTREAM_CONNECTS));
            assertTrue(texts().anyMatch(line -> line.contains("unable to find valid certification path")), log());
        }
    }

    @Test
    void shouldRefuseACertificateForAnotherHost() throws IOException
    {
        try (TestBed bed = bed(FakeUpstream.Door.WSS_ELSEWHERE, UnaryOperator.identity()))
        {
            bed.awaitCount(RelayCounter.UPSTREAM_CONNECT_FAILURES, 2);

            assertEquals(0, bed.count(RelayCounter.UPSTREAM_CONNECTS));
            assertTrue(texts().anyMatch(line -> line.contains("No subject alternative DNS name matching localhost")),
                log());
        }
    }

    @Test
    void shouldTakeACertificateForAnAddress() throws IOException
    {
        try (TestBed bed = bed(FakeUpstream.Door.WSS, upstream ->
            upstream.withUrl(URI.create(upstream.url().toString().replace("localhost", "127.0.0.1")))))
        {
            bed.awaitUpstream();
        }
    }

    @Test
    void shouldSendHeadersAndBasicCredentialsWithoutShowingThem() throws IOException
    {
        try (TestBed bed = bed(FakeUpstream.Door.WS, upstream ->
            UpstreamConfig.of(upstream.url().toString().replace("//", "//user:" + SECRET + "@"))
                .withHeader("X-Api-Key", SECRET)))
        {
            bed.awaitUpstream();
            refuseAndReconnect(bed);

            assertEquals(SECRET, bed.upstream().lastHandshake().get("X-Api-Key"));
            assertEquals("Basic dXNlcjo1ZWNyZXQ=", bed.upstream().lastHandshake().get("Authorization"));
        }
        assertShowsNoSecret();
    }

    @Test
    void shouldReadTheTokenAnewBeforeEachConnection(@TempDir final Path directory) throws IOException
    {
        final Path file = Files.writeString(directory.resolve("token"), SECRET + "1\nsecond line\n");
        try (TestBed bed = bed(FakeUpstream.Door.WS, upstream -> upstream.withTokenFile(file)))
        {
            bed.awaitUpstream();
            assertEquals("Bearer " + SECRET + "1", bed.upstream().lastHandshake().get("Authorization"));

            Files.writeString(file, SECRET + "2");
            refuseAndReconnect(bed);
            assertEquals("Bearer " + SECRET + "2", bed.upstream().lastHandshake().get("Authorization"));

            Files.writeString(file, "");
            bed.upstream().session().reset();
            TestBed.await("the log line", () -> texts().anyMatch(line -> line.contains("its first line is no token")));
        }
        assertShowsNoSecret();
    }

    @Test
    void shouldReadTheTokenAnewWhenAnUpstreamOverHttpDeniesEverything(@TempDir final Path directory) throws IOException
    {
        final Path file = Files.writeString(directory.resolve("token"), SECRET + "1");
        try (TestBed bed = bed(FakeUpstream.Door.HTTP, upstream -> upstream.withTokenFile(file)))
        {
            bed.awaitUpstream();
            assertEquals("Bearer " + SECRET + "1", bed.upstream().lastHandshake().get("Authorization"));

            Files.writeString(file, SECRET + "2");
            bed.upstream().refuseHandshakes(true);
            final RawClient client = bed.client();
            client.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}");
            assertTrue(client.readText().contains("HTTP 403"));
            bed.awaitCount(RelayCounter.UPSTREAM_DISCONNECTS, 1);
            bed.upstream().refuseHandshakes(false);
            bed.awaitCount(RelayCounter.UPSTREAM_CONNECTS, 2);

            assertEquals("Bearer " + SECRET + "2", bed.upstream().lastHandshake().get("Authorization"));
        }
        assertShowsNoSecret();
    }

    @Test
    void shouldKeepAnUpstreamOverHttpThatDeniesOneMethod() throws IOException
    {
        try (TestBed bed = bed(FakeUpstream.Door.HTTP, UnaryOperator.identity()))
        {
            bed.awaitUpstream();
            bed.upstream().on("eth_x", request -> request.session().sendHttp(403, "no"));
            final BlockingQueue<String> probes = new LinkedBlockingQueue<>();
            bed.upstream().on("eth_blockNumber", request ->
            {
                request.answer("\"0x1\"");
                probes.add(request.method());
            });
            final RawClient client = bed.client();
            client.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_x\"}");
            assertTrue(client.readText().contains("HTTP 403"));
            TestBed.await("a probe", () -> !probes.isEmpty());
            client.sendText("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_chainId\"}");
            assertTrue(client.readText().contains("\"id\":2,\"result\""));

            assertEquals(0, bed.count(RelayCounter.UPSTREAM_DISCONNECTS));
        }
    }

    @Test
    void shouldRefuseToStartWhenAFileCannotBeUsed(@TempDir final Path directory) throws IOException
    {
        final Path garbage = Files.writeString(directory.resolve("garbage"), SECRET + " with blanks");
        for (final UpstreamConfig upstream : List.of(
            UpstreamConfig.of("wss://node").withTrust(directory.resolve("none")),
            UpstreamConfig.of("wss://node").withTrust(garbage),
            UpstreamConfig.of("ws://node").withTokenFile(directory.resolve("none")),
            UpstreamConfig.of("ws://node").withTokenFile(garbage)))
        {
            final ConfigException refused = assertThrows(ConfigException.class, () -> start(upstream));

            assertTrue(refused.getMessage().startsWith("upstream upstream-1 t"), refused.getMessage());
            assertFalse(refused.getMessage().contains(SECRET), refused.getMessage());
        }
    }

    private static void start(final UpstreamConfig upstream) throws IOException
    {
        Relay.builder().listen("127.0.0.1", 0).configure(replace(upstream)).start().close();
    }

    private static Consumer<RelayConfig.Builder> replace(final UpstreamConfig upstream)
    {
        return config -> (config.networks().isEmpty() ? config.upstream("ws://unused") : config)
            .networks().get(0).clearUpstreams().upstream(upstream);
    }

    private static TestBed bed(final FakeUpstream.Door door, final UnaryOperator<UpstreamConfig> change)
        throws IOException
    {
        final FakeUpstream upstream = FakeUpstream.start(door);
        return TestBed.start(Mode.USUAL, upstream, replace(change.apply(upstream.config())));
    }

    private static void refuseAndReconnect(final TestBed bed)
    {
        bed.upstream().refuseHandshakes(true);
        bed.upstream().session().reset();
        bed.awaitCount(RelayCounter.UPSTREAM_CONNECT_FAILURES, 1);
        bed.upstream().refuseHandshakes(false);
        bed.awaitCount(RelayCounter.UPSTREAM_CONNECTS, 2);
    }

    private Stream<String> texts()
    {
        return log.texts().stream();
    }

    private String log()
    {
        return String.join("\n", texts().toList());
    }

    private void assertShowsNoSecret()
    {
        assertFalse(log().contains(SECRET), log());
        assertFalse(log().contains("dXNlcjo1ZWNyZXQ="), log());
    }
}
