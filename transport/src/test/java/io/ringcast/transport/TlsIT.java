package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.OpenSsl;
import io.ringcast.config.ConfigException;
import io.ringcast.config.TlsChoice;
import io.ringcast.config.TlsConfig;
import io.ringcast.config.TransportChoice;
import io.ringcast.config.ThreadingChoice;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** The port of clients with TLS, by both providers. Confined to the test thread. */
@ParameterizedClass
@EnumSource(value = TlsChoice.class, names = {"OPENSSL", "JDK"})
class TlsIT
{
    @Parameter
    private TlsChoice provider;

    @TempDir
    private Path directory;
    private Path certificate;
    private Path key;
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
    void shouldServeCallsAndSharedItemsGivenManySubscribers() throws IOException
    {
        start(Mode.USUAL, tls -> tls);
        final String block = "{\"number\":\"0x1\",\"extraData\":\"0x" + "ab".repeat(900) + "\"}";
        final List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++)
        {
            clients.add(bed.add(connect("TLSv1.3").shakeHands()));
            clients.get(i).subscribe("[\"newPendingTransactions\",true]");
        }

        for (int i = 0; i < 50; i++)
        {
            bed.upstream().publish("newPendingTransactions", block);
        }

        String expected = null;
        for (final RawClient client : clients)
        {
            for (int i = 0; i < 50; i++)
            {
                final String text = client.readText();
                expected = expected == null ? text : expected;
                assertEquals(expected, text);
            }
            assertEquals(echo(1), client.call(call(1)));
        }
        assertTrue(expected.contains(block), expected);
        bed.awaitCount(RelayCounter.DELIVERIES, 400);
        bed.assertCount(RelayCounter.TLS_HANDSHAKES, 8);
    }

    @Test
    void shouldSpeakBothVersionsAndServeHttpAndEvents() throws IOException
    {
        start(Mode.USUAL, tls -> tls);
        for (final String version : List.of("TLSv1.2", "TLSv1.3"))
        {
            try (HttpTalk talk = HttpTalk.over(socket(version, null)))
            {
                talk.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
                    call(1).length() + "\r\n\r\n" + call(1));
                assertEquals(echo(1), talk.read().text());
            }
            try (HttpTalk talk = HttpTalk.over(socket(version, null)))
            {
                talk.send("GET /sse?sub=newPendingTransactions HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertEquals(200, talk.readHead().status());
                assertTrue(new String(talk.readChunk()).startsWith("retry: 1000\n"));
                bed.upstream().publish("newPendingTransactions", "\"0x1234\"");
                assertTrue(new String(talk.readChunk()).contains("0x1234"));
            }
        }
    }

    @Test
    void shouldAgreeOnHttp2WithWhoOffersIt() throws IOException
    {
        start(Mode.USUAL, tls -> tls);
        for (final String version : List.of("TLSv1.2", "TLSv1.3"))
        {
            final SSLSocket socket = socket(version, null, "h2", "http/1.1");
            assertEquals("h2", socket.getApplicationProtocol());
            try (Http2Talk talk = Http2Talk.over(socket, Integer.MAX_VALUE))
            {
                assertEquals(echo(1), talk.readResponse(talk.post("/", call(1))).text());
                final int stream = talk.get("/sse?sub=newPendingTransactions");
                talk.readUntil(stream, "\nid: ");
                bed.upstream().publish("newPendingTransactions", "\"0x1234\"");
                talk.readUntil(stream, "0x1234");
                assertEquals(echo(2), talk.readResponse(talk.post("/", call(2))).text());
            }
            final SSLSocket old = socket(version, null, "http/1.1");
            assertEquals("http/1.1", old.getApplicationProtocol());
            assertEquals(echo(3), RawClient.over(old).shakeHands().call(call(3)));
            old.close();
        }
        bed.assertCount(RelayCounter.HTTP2_CONNECTIONS, 2);
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        assertEquals(0, bed.count(RelayCounter.HTTP2_VIOLATIONS));
        assertEquals(0, bed.count(RelayCounter.EGRESS_FAILURES));
    }

    @Test
    void shouldServeLargeAnswersToASlowReaderOnEveryTransport() throws IOException
    {
        for (final TransportChoice transport :
            List.of(TransportChoice.EPOLL, TransportChoice.NIO, TransportChoice.IO_URING))
        {
            try
            {
                start(new Mode(transport, ThreadingChoice.SHARED, 2), tls -> tls);
            }
            catch (final TestAbortedException e)
            {
                continue;
            }
            final String large = "[\"" + "x".repeat(700_000) + "\"]";
            final RawClient client = bed.add(connect("TLSv1.3").shakeHands());

            for (int i = 0; i < 4; i++)
            {
                client.sendText("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"echo\",\"params\":" + large + "}");
            }
            for (int i = 0; i < 4; i++)
            {
                assertEquals("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"result\":" + large + "}", client.readText());
            }
            bed.close();
            bed = null;
        }
    }

    @Test
    void shouldTellTheEndInWordsWhenTheRelayStops() throws IOException
    {
        start(Mode.USUAL, tls -> tls);
        final RawClient client = bed.add(connect("TLSv1.3").shakeHands());

        bed.relay().close();

        assertEquals(1012, client.readClose());
    }

    @Test
    void shouldHangUpGivenWhatIsNoTlsOrAnOldVersion() throws IOException
    {
        start(Mode.USUAL, tls -> tls);
        final RawClient plain = bed.add(RawClient.open(bed.address()));
        plain.sendHandshake();
        plain.awaitEnd();

        final SSLSocket old = (SSLSocket)TestCertificates.get().client(null).getSocketFactory().createSocket();
        old.connect(bed.address());
        try (old)
        {
            old.setSoTimeout((int)TestBed.TIMEOUT_MS);
            assertThrows(IOException.class, () ->
            {
                old.setEnabledProtocols(new String[]{"TLSv1.1"});
                old.startHandshake();
            });
        }

        bed.awaitCount(RelayCounter.TLS_FAILURES, 1);
        assertEquals(0, bed.count(RelayCounter.TLS_HANDSHAKES));
        assertEquals(echo(1), bed.add(connect("TLSv1.3").shakeHands()).call(call(1)));
    }

    @Test
    void shouldHangUpGivenASlowHandshake() throws IOException
    {
        write(TestCertificates.LOCAL);
        bed = TestBed.start(Mode.USUAL, config -> config
            .doors(config.doors().toBuilder().tls(tls(UnaryOperator.identity())).build())
            .timing(config.timing().toBuilder().handshakeTimeoutMs(1_500).build()));
        final RawClient silent = bed.add(RawClient.open(bed.address()));
        final RawClient slow = bed.add(RawClient.open(bed.address()));
        slow.send(new byte[]{22, 3, 1, 1, 0, 1});
        final RawClient lazy = bed.add(connect("TLSv1.3"));

        silent.awaitEnd();
        slow.awaitEnd();
        assertTrue(lazy.readHead().startsWith("HTTP/1.1 408 "));
        lazy.awaitEnd();
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        bed.awaitCount(RelayCounter.TLS_FAILURES, 2);
    }

    @Test
    void shouldLetInOnlyKnownClientsGivenAnAuthority() throws IOException
    {
        start(Mode.USUAL, tls -> tls.clientCa(TestCertificates.get().trustFile()));

        assertEquals(echo(1), bed.add(RawClient.over(socket("TLSv1.3", TestCertificates.CLIENT)).shakeHands())
            .call(call(1)));
        for (final String version : List.of("TLSv1.2", "TLSv1.3"))
        {
            for (final String alias : Arrays.asList(null, TestCertificates.STRANGER))
            {
                // With 1.3 the client believes that it is in until it reads.
                assertThrows(IOException.class, () ->
                {
                    try (RawClient client = RawClient.over(socket(version, alias)))
                    {
                        client.shakeHands();
                    }
                });
            }
        }
        bed.awaitCount(RelayCounter.TLS_FAILURES, 4);
        bed.assertCount(RelayCounter.CONNECTIONS_OPENED, 1);
    }

    @Test
    void shouldShowTheNewCertificateAndKeepConnectionsGivenChangedFiles() throws IOException
    {
        start(Mode.USUAL, tls -> tls);
        final RawClient before = bed.add(connect("TLSv1.3").shakeHands());
        assertEquals("CN=local", shown());

        write(TestCertificates.ELSEWHERE);
        bed.awaitCount(RelayCounter.TLS_RELOADS, 1);

        assertEquals("CN=elsewhere", shown());
        assertEquals(echo(1), before.call(call(1)));
    }

    @Test
    void shouldKeepTheOldCertificateAndCountOnceGivenABrokenFile() throws IOException
    {
        start(Mode.USUAL, tls -> tls);

        replace("chain.pem", TestCertificates.get().chainPem(TestCertificates.ELSEWHERE));
        bed.awaitCount(RelayCounter.TLS_RELOADS_FAILED, 1);
        assertEquals("CN=local", shown());
        replace("chain.pem", "nothing");
        bed.awaitCount(RelayCounter.TLS_RELOADS_FAILED, 2);
        Files.delete(certificate);
        bed.awaitCount(RelayCounter.TLS_RELOADS_FAILED, 3);
        assertEquals("CN=local", shown());

        write(TestCertificates.ELSEWHERE);
        bed.awaitCount(RelayCounter.TLS_RELOADS, 1);
        assertEquals("CN=elsewhere", shown());
        bed.assertCount(RelayCounter.TLS_RELOADS_FAILED, 3);
    }

    @Test
    void shouldRefuseToStartGivenFilesThatCannotBeUsed() throws IOException
    {
        write(TestCertificates.LOCAL);
        final Path none = directory.resolve("none");
        final Path other = Files.writeString(directory.resolve("other"),
            TestCertificates.get().keyPem(TestCertificates.ELSEWHERE));
        assertEquals("tls.certificate=" + none + ": cannot be read; allowed: a readable PEM file of at most 1 MiB",
            refusal(tls -> tls.certificate(none)));
        assertRefused("holds no certificate", tls -> tls.certificate(key));
        assertRefused("not a usable private key", tls -> tls.key(certificate));
        assertRefused("not the key of the certificate", tls -> tls.key(other));
        assertRefused("tls.clientCa=", tls -> tls.clientCa(key));
        final String shown = refusal(tls -> tls.key(other));
        assertFalse(shown.contains(Files.readAllLines(other).get(1)), shown);
    }

    private void assertRefused(final String words, final UnaryOperator<TlsConfig.Builder> change)
    {
        final String refusal = refusal(change);
        assertTrue(refusal.contains(words), refusal);
    }

    private String refusal(final UnaryOperator<TlsConfig.Builder> change)
    {
        return assertThrows(ConfigException.class, () -> Relay.builder()
            .upstream("ws://127.0.0.1:1")
            .listen("127.0.0.1", 0)
            .configure(config -> config.warmUpMs(0)
                .doors(config.doors().toBuilder().tls(tls(change)).build()))
            .start().close()).getMessage();
    }

    private void start(final Mode mode, final UnaryOperator<TlsConfig.Builder> change) throws IOException
    {
        write(TestCertificates.LOCAL);
        bed = TestBed.start(mode, config -> config.doors(
            config.doors().toBuilder().fileCheckMs(20).tls(tls(change)).build()));
    }

    private TlsConfig tls(final UnaryOperator<TlsConfig.Builder> change)
    {
        if (provider == TlsChoice.OPENSSL && !OpenSsl.isAvailable())
        {
            throw new TestAbortedException("this machine has no OpenSSL");
        }
        return change.apply(TlsConfig.builder().certificate(certificate).key(key).provider(provider)).build();
    }

    private void write(final String alias) throws IOException
    {
        key = replace("key.pem", TestCertificates.get().keyPem(alias));
        certificate = replace("chain.pem", TestCertificates.get().chainPem(alias));
    }

    /** At once: the relay may look at any time. */
    private Path replace(final String name, final String text) throws IOException
    {
        return Files.move(Files.writeString(directory.resolve(name + ".new"), text), directory.resolve(name),
            StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private RawClient connect(final String version) throws IOException
    {
        return RawClient.over(socket(version, null));
    }

    private SSLSocket socket(final String version, final String alias, final String... protocols) throws IOException
    {
        final SSLSocket socket = (SSLSocket)TestCertificates.get().client(alias).getSocketFactory().createSocket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int)TestBed.TIMEOUT_MS);
        socket.connect(bed.address());
        socket.setEnabledProtocols(new String[]{version});
        final SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        try
        {
            socket.startHandshake();
            assertEquals(version, socket.getSession().getProtocol());
            return socket;
        }
        catch (final SSLException e)
        {
            socket.close();
            throw e;
        }
    }

    private String shown() throws IOException
    {
        try (SSLSocket socket = socket("TLSv1.3", null))
        {
            return ((X509Certificate)socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
        }
    }

    private static String call(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"echo\",\"params\":[" + id + "]}";
    }

    private static String echo(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":[" + id + "]}";
    }
}
