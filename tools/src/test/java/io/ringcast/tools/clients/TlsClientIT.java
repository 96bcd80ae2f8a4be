package io.ringcast.tools.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients over TLS, which check the relay's certificate. Confined to the test thread. */
@Tag("clients")
final class TlsClientIT
{
    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path directory;

    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    static void requirePackages() throws Exception
    {
        ClientPackages.require();
        makeCertificate();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    @Timeout(180)
    void shouldSubscribeOverWssGivenACertificateThatTheClientTrusts(final String provider) throws Exception
    {
        final String tls = "tls: {certificate: \"" + directory.resolve("certificate.pem") + "\", key: \"" +
            directory.resolve("key.pem") + "\", provider: " + provider + "}\n";
        try (AnvilNode node = AnvilNode.start(); RelayUnderTest relay = RelayUnderTest.startWith(tls, node))
        {
            final JsonNode seen = run(relay.url(), node.url());

            assertEquals(6, seen.get("heads").size(), "heads");
            assertEquals(3, seen.get("logs").size(), "logs");
            assertEquals(6, seen.get("pending").size(), "pending");
            assertEquals("[]", seen.get("violations").toString());
        }
    }

    private static JsonNode run(final URI relay, final URI node) throws IOException
    {
        assertTrue(relay.toString().startsWith("wss:"));
        final Map<String, String> trust =
            Map.of("NODE_EXTRA_CA_CERTS", directory.resolve("certificate.pem").toString());
        try (NodeScript script = new NodeScript(trust, "viem.mjs", "run", relay.toString(), node.toString()))
        {
            return new ObjectMapper().readTree(script.lines().next());
        }
    }

    /** One that signs itself, for 127.0.0.1. */
    private static void makeCertificate() throws IOException, GeneralSecurityException, InterruptedException
    {
        final Path file = directory.resolve("store.p12");
        final String program = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        final Process keytool = new ProcessBuilder(program,
            "-genkeypair", "-alias", "relay", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=relay",
            "-ext", "san=ip:127.0.0.1", "-validity", "2", "-keystore", file.toString(), "-storetype", "PKCS12",
            "-storepass", PASSWORD).redirectErrorStream(true).start();
        final String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
        final KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        write("certificate.pem", "CERTIFICATE", store.getCertificate("relay").getEncoded());
        write("key.pem", "PRIVATE KEY", store.getKey("relay", PASSWORD.toCharArray()).getEncoded());
    }

    private static void write(final String file, final String name, final byte[] bytes) throws IOException
    {
        Files.writeString(directory.resolve(file), "-----BEGIN " + name + "-----\n" +
            Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + name + "-----\n");
    }
}
