package io.ringcast.tools.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringcast.tools.load.SelfSigned;
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
    @TempDir
    private static Path directory;

    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    static void requirePackages() throws Exception
    {
        ClientPackages.require();
        SelfSigned.write(directory);
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
}
