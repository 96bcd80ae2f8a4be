package io.ringcast.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.HostPort;
import io.ringcast.tools.load.ChildProcess;
import io.ringcast.tools.load.LoadKind;
import io.ringcast.tools.load.LoadPlan;
import io.ringcast.tools.load.SelfSigned;
import io.ringcast.tools.load.StampingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The process that {@code ringcast serve} is, told to read its configuration again. Confined to the test thread. */
@Timeout(120)
final class ServeReloadIT
{
    private static final long WAIT_SECONDS = 30;
    private static final String ALICE = "alice-secret-0001";
    private static final String BOB = "bob-secret-000001";
    private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"web3_clientVersion\"}";

    /** How it is told. */
    private enum Way
    {
        SIGHUP, POST
    }

    @TempDir
    private Path directory;
    private StampingNode node;
    private ChildProcess process;
    private int port;
    private String admin;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception
    {
        node = StampingNode.start(
            LoadPlan.of(LoadKind.HEADS, 1, 1).withSeconds(0, 1), new HostPort("127.0.0.1", 0));
        Files.writeString(directory.resolve("alice"), ALICE);
        Files.writeString(directory.resolve("bob"), BOB);
        SelfSigned.write(directory);
        write("http://a.example", "", "alice", "bob");
        // The log, too, is looked at line by line.
        final List<String> command = ChildProcess.ringcast(List.of(
            "serve", "--config", file().toString(), "--upstream", node.url().toString(), "--warm-up-ms", "0"));
        // As the command logs, not as tests do.
        command.add(1, "-Dlogback.configurationFile=logback.xml");
        command.addAll(0, List.of("sh", "-c", "exec \"$@\" 2>&1", "sh"));
        process = ChildProcess.start(Path.of("").toAbsolutePath(), Map.of(), command);
        port = Integer.parseInt(await("^wss://127.0.0.1:(\\d+)/? relays ").trim());
        admin = "http://127.0.0.1:" + await("^http://127.0.0.1:(\\d+)/metrics");
        awaitReady();
    }

    @AfterEach
    void stop()
    {
        if (process != null)
        {
            process.close();
        }
        node.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeKeysLimitsAndOriginsForAll(final Way way) throws Exception
    {
        assertEquals(200, status(ALICE, "http://a.example"));
        assertEquals(403, status(ALICE, "http://b.example"));
        assertEquals(200, status(BOB, "http://a.example"));
        assertEquals("0", metric("config_reloads"));

        write("http://b.example", "limits: {connections: 77}\n", "alice");
        reload(way, "limits.connections, doors.httpOrigins, access.keys");

        assertEquals(403, status(ALICE, "http://a.example"));
        assertEquals(200, status(ALICE, "http://b.example"));
        assertEquals(401, status(BOB, "http://b.example"));
        assertEquals("1", metric("config_reloads"));

        write("http://b.example", "limits: {connections: 1}\n", "alice");
        reload(way, "limits.connections");
        try (SSLSocket first = connect())
        {
            assertEquals(200, status(first, ALICE, "http://b.example"));
            assertEquals(0, status(ALICE, "http://b.example"), "hung up on");
            assertEquals(200, status(first, ALICE, "http://b.example"));
        }
    }

    @Test
    void shouldSayInOneLineWhatCannotChangeAndChangeNothing() throws Exception
    {
        final List<Way> ways = ways();
        for (final Way way : ways)
        {
            write("http://a.example", "ringSlots: 128\nlimits: {batchItems: 5}\nlisten: \"127.0.0.1:1\"\n", "alice");
            refuse(way, "reload=listen, ringSlots, limits.batchItems: can't change while the relay runs; nothing was " +
                "changed; allowed: access, doors: httpOrigins");
            Files.writeString(file(), "nonsense: 1\n");
            refuse(way, "nonsense=1: unknown key");
            Files.delete(file());
            refuse(way, "config=" + file() + ": no such file");
        }

        assertEquals(200, status(BOB, "http://a.example"));
        assertEquals("0", metric("config_reloads"));
        assertEquals(Integer.toString(3 * ways.size()), metric("config_reloads_refused"));
    }

    @Test
    void shouldTakeNewFilesOfTheCertificateByThemselvesAndALogLevelByRequest() throws Exception
    {
        final X509Certificate next = SelfSigned.write(directory);
        final long endNs = System.nanoTime() + Duration.ofSeconds(WAIT_SECONDS).toNanos();
        while (!next.equals(shown()))
        {
            assertTrue(System.nanoTime() - endNs < 0, "the old certificate is still shown");
        }

        assertEquals("io.ringcast.connections info\n", get("/loglevel?logger=io.ringcast.connections"));
        assertEquals("io.ringcast.connections debug\n", post("/loglevel?logger=io.ringcast.connections&level=debug"));
        assertEquals(200, status(ALICE, "http://a.example"));
        await("(DEBUG) connections - ");
        for (final Way way : ways())
        {
            reload(way, "nothing has changed");
            assertEquals("io.ringcast.connections debug\n", get("/loglevel?logger=io.ringcast.connections"));
        }
    }

    /** One process is told in each way that there is: to start one takes seconds. */
    private static List<Way> ways()
    {
        return hasHangup() ? List.of(Way.values()) : List.of(Way.POST);
    }

    /** A process started by nohup hands on to its children that they ignore it. */
    private static boolean hasHangup()
    {
        return HangupSignal.tryListen(() -> { });
    }

    private void reload(final Way way, final String changed) throws Exception
    {
        if (way == Way.POST)
        {
            assertEquals(("nothing has changed".equals(changed) ? "" : "changed: ") + changed + '\n', post("/reload"));
        }
        else
        {
            hangUp();
        }
        await("(Relay) - reloaded: " + Pattern.quote(changed) + " *$");
    }

    private void refuse(final Way way, final String why) throws Exception
    {
        if (way == Way.POST)
        {
            final String answer = post("/reload");
            assertTrue(answer.startsWith(why), answer);
            assertEquals(1, answer.lines().count());
        }
        else
        {
            hangUp();
        }
        await("(Relay) - the configuration stays what it was: " + Pattern.quote(why));
    }

    private void hangUp() throws Exception
    {
        Assumptions.assumeTrue(hasHangup(), "no SIGHUP comes through here");
        assertEquals(0, new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor());
    }

    private void awaitReady() throws Exception
    {
        final long endNs = System.nanoTime() + Duration.ofSeconds(WAIT_SECONDS).toNanos();
        while (!get("/readyz").contains("1 of 1 upstreams up"))
        {
            assertTrue(System.nanoTime() - endNs < 0, "it does not get ready");
        }
    }

    private String metric(final String name) throws Exception
    {
        return get("/metrics").lines().filter(line -> line.startsWith("ringcast_" + name + "_total{"))
            .map(line -> line.substring(line.lastIndexOf(' ') + 1).replace(".0", "")).findFirst().orElse("missing");
    }

    private String get(final String path) throws Exception
    {
        return http.send(HttpRequest.newBuilder(URI.create(admin + path)).build(),
            HttpResponse.BodyHandlers.ofString()).body();
    }

    private String post(final String path) throws Exception
    {
        return http.send(HttpRequest.newBuilder(URI.create(admin + path))
            .POST(HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    private X509Certificate shown() throws Exception
    {
        try (SSLSocket socket = connect())
        {
            socket.startHandshake();
            return (X509Certificate)socket.getSession().getPeerCertificates()[0];
        }
    }

    private int status(final String secret, final String origin) throws Exception
    {
        try (SSLSocket socket = connect())
        {
            return status(socket, secret, origin);
        }
        catch (final IOException e)
        {
            return 0;
        }
    }

    private static int status(final SSLSocket socket, final String secret, final String origin) throws IOException
    {
        socket.getOutputStream().write(("POST / HTTP/1.1\r\nHost: relay\r\nContent-Type: application/json\r\n" +
            "X-Api-Key: " + secret + "\r\nOrigin: " + origin + "\r\nContent-Length: " + CALL.length() + "\r\n\r\n" +
            CALL).getBytes(StandardCharsets.US_ASCII));
        final byte[] answer = new byte[4_096];
        final int length = socket.getInputStream().read(answer);
        return length < 12 ? 0 : Integer.parseInt(new String(answer, 9, 3, StandardCharsets.US_ASCII));
    }

    private SSLSocket connect() throws Exception
    {
        final SSLContext trustful = SSLContext.getInstance("TLS");
        trustful.init(null, new TrustManager[]{new AnyCertificate()}, new SecureRandom());
        final SSLSocket socket = (SSLSocket)trustful.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout((int)Duration.ofSeconds(WAIT_SECONDS).toMillis());
        return socket;
    }

    private String await(final String pattern) throws Exception
    {
        return process.awaitLine(Pattern.compile(pattern), WAIT_SECONDS).group(1);
    }

    private Path file()
    {
        return directory.resolve("relay.yaml");
    }

    private void write(final String origin, final String more, final String... keys) throws IOException
    {
        final StringBuilder access = new StringBuilder("access:\n  keys:\n");
        for (final String key : keys)
        {
            access.append("    - {name: ").append(key).append(", secretFile: \"").append(directory.resolve(key))
                .append("\"}\n");
        }
        Files.writeString(file(), (more.contains("listen") ? "" : "listen: \"127.0.0.1:0\"\n") +
            "admin: \"127.0.0.1:0\"\ndoors: {fileCheckMs: 10, httpOrigins: [\"" + origin + "\"]}\n" +
            "tls: {certificate: \"" + directory.resolve("certificate.pem") + "\", key: \"" +
            directory.resolve("key.pem") + "\"}\n" + more + access);
    }

    /** Whom the relay is does not matter here. */
    private static final class AnyCertificate implements X509TrustManager
    {
        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String type)
        {
            // Nobody asks.
        }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String type)
        {
            // Anybody.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers()
        {
            return new X509Certificate[0];
        }
    }
}
