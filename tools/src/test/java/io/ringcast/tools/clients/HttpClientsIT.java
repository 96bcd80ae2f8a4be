package io.ringcast.tools.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients that call over HTTP cannot tell the relay from the node behind it. Confined to the test thread. */
@Tag("clients")
final class HttpClientsIT
{
    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    static void requirePackages()
    {
        ClientPackages.require();
    }

    @ParameterizedTest
    @ValueSource(strings = {"viem", "ethers"})
    @Timeout(180)
    void shouldSeeWhatTheNodeShowsWhenTheRelayIsBetween(final String library) throws Exception
    {
        final JsonNode direct;
        try (AnvilNode node = AnvilNode.start())
        {
            direct = run(library, node.url());
        }

        final JsonNode relayed;
        try (AnvilNode node = AnvilNode.start(); RelayUnderTest relay = RelayUnderTest.start(node))
        {
            relayed = run(library, relay.url());
        }

        assertEquals(2, direct.get("logs").size());
        assertEquals(2, direct.get("filtered").size());
        assertEquals(-32602, direct.get("error").asInt());
        assertEquals(direct.toPrettyString(), relayed.toPrettyString());
    }

    private static JsonNode run(final String library, final URI url) throws Exception
    {
        final String httpUrl = url.toString().replaceFirst("^ws:", "http:");
        try (NodeScript script = new NodeScript("http.mjs", library, httpUrl))
        {
            return new ObjectMapper().readTree(script.lines().next());
        }
    }
}
