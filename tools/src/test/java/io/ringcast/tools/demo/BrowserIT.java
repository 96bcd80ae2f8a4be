package io.ringcast.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.DoorsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.TlsConfig;
import io.ringcast.transport.Relay;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real browser's {@code EventSource}, {@code fetch} and {@code WebSocket}, with TLS and without.
 * Confined to the test thread.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class BrowserIT
{
    private static final String PASSWORD = "changeit";
    private static final String TOPIC = "room";

    @TempDir
    private Path directory;

    @Test
    void shouldFollowEventsOverHttp11AndGoOnBehindACut() throws Exception
    {
        try (Chromium browser = Chromium.start(); Relay relay = start(null))
        {
            assertFollowed(browser, relay, "http", "http/1.1", 3);
        }
    }

    /** More streams than a browser opens sockets of HTTP/1.1, and calls beside them. */
    @Test
    void shouldFollowEventsOverHttp2AndTlsAndGoOnBehindACut() throws Exception
    {
        try (Chromium browser = Chromium.start("--ignore-certificate-errors"); Relay relay = start(certificate()))
        {
            assertFollowed(browser, relay, "https", "h2", 12);
            assertTrue(relay.status().counters().get("http2_connections") >= 1);
            assertEquals(0L, relay.status().counters().get("http2_violations"));
        }
    }

    @Test
    void shouldReadCompressedItemsWithTlsAndWithout() throws Exception
    {
        try (Chromium browser = Chromium.start("--ignore-certificate-errors"); Relay plain = start(null);
            Relay secret = start(certificate()))
        {
            assertInflated(browser, plain, "http");
            assertInflated(browser, secret, "https");
        }
    }

    private static void assertFollowed(
        final Chromium browser, final Relay relay, final String scheme, final String version, final int streams)
        throws Exception
    {
        try (CuttingProxy line = new CuttingProxy(relay.address()))
        {
            final Chromium.Window page = browser.open(URI.create(scheme + "://127.0.0.1:" + line.port() + "/"));
            assertEquals(version, page.run("performance.getEntriesByType('navigation')[0].nextHopProtocol"));
            page.run("window.seen = []; window.gaps = 0; window.sources = []; for (let i = 0; i < " + streams +
                "; i++) { seen.push([]); const source = new EventSource('/sse?sub=topic&name=" + TOPIC + "'); " +
                "sources.push(source); source.addEventListener('gap', () => gaps++); " +
                "source.addEventListener('eth_subscription', event => seen[i].push(" +
                "JSON.parse(event.data).params.result + '@' + event.lastEventId.split('.')[1])); }");
            page.await("sources.every(source => source.readyState === EventSource.OPEN)");
            await(relay, streams);
            publish(relay, 1, 3);
            page.await("seen.every(items => items.join() === '1@1,2@2,3@3')");
            assertEquals("{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32601,\"message\":" +
                "\"notifications not supported\"}}", page.run("fetch('/', {method: 'POST', headers: " +
                "{'content-type': 'application/json'}, body: '{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":" +
                "\"eth_subscribe\",\"params\":[\"newHeads\"]}'}).then(answer => answer.text())"));

            line.cut();
            await(relay, 0);
            publish(relay, 4, 6);
            line.mend();

            page.await("seen.every(items => items.length === 6)");
            await(relay, streams);
            publish(relay, 7, 7);
            page.await("seen.every(items => items.join() === '1@1,2@2,3@3,4@4,5@5,6@6,7@7')");
            assertEquals(0L, ((Number)page.run("gaps")).longValue());
            page.run("sources.forEach(source => source.close())");
        }
        await(relay, 0);
    }

    private static void assertInflated(final Chromium browser, final Relay relay, final String scheme) throws Exception
    {
        final Chromium.Window page =
            browser.open(URI.create(scheme + "://127.0.0.1:" + relay.address().getPort() + "/"));
        page.run("window.seen = []; window.socket = new WebSocket(location.origin.replace('http', 'ws') + '/'); " +
            "socket.onopen = () => socket.send('{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\"," +
            "\"params\":[\"topic\",\"" + TOPIC + "\"]}'); socket.onmessage = message => { " +
            "const text = JSON.parse(message.data); if (text.method) seen.push(text.params.result); }");
        await(relay, 1);
        page.await("socket.extensions.includes('permessage-deflate')");
        final String large = "0123456789abcdef".repeat(200);
        for (int i = 1; i <= 20; i++)
        {
            relay.publish(TOPIC, "\"" + i + large + "\"").toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        page.await("seen.length === 20 && seen.every((item, i) => item === (i + 1) + '" + large + "')");
        assertTrue(relay.status().counters().get("frames_deflated") >= 20);
        page.run("socket.close()");
        await(relay, 0);
    }

    private static void publish(final Relay relay, final int first, final int last) throws Exception
    {
        for (int i = first; i <= last; i++)
        {
            relay.publish(TOPIC, Integer.toString(i)).toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    private static void await(final Relay relay, final long subscriptions) throws InterruptedException
    {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (relay.status().subscriptions() != subscriptions)
        {
            if (System.nanoTime() - endNs > 0)
            {
                throw new AssertionError(relay.status().subscriptions() + " subscriptions, not " + subscriptions);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static Relay start(final TlsConfig tls) throws IOException
    {
        return Relay.start(RelayConfig.builder()
            .listen("127.0.0.1", 0)
            .warmUpMs(0)
            .doors(DoorsConfig.builder().tls(tls).deflateMinBytes(100).build())
            .network(NetworkConfig.builder().upstream("ws://127.0.0.1:1").topics(
                OwnTopicsConfig.builder().publish(List.of(TOPIC)).build()))
            .build());
    }

    /** One that signs itself, for 127.0.0.1. */
    private TlsConfig certificate() throws IOException, GeneralSecurityException, InterruptedException
    {
        final Path file = directory.resolve("store.p12");
        final Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair", "-alias", "relay", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=relay",
            "-ext", "san=ip:127.0.0.1", "-validity", "2", "-keystore", file.toString(), "-storetype", "PKCS12",
            "-storepass", PASSWORD).redirectErrorStream(true).start();
        final String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
        final KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        return TlsConfig.builder()
            .certificate(write("certificate.pem", "CERTIFICATE", store.getCertificate("relay").getEncoded()))
            .key(write("key.pem", "PRIVATE KEY", store.getKey("relay", PASSWORD.toCharArray()).getEncoded()))
            .build();
    }

    private Path write(final String file, final String name, final byte[] bytes) throws IOException
    {
        return Files.writeString(directory.resolve(file), "-----BEGIN " + name + "-----\n" +
            Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + name + "-----\n");
    }
}
