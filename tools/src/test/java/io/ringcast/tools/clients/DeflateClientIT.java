package io.ringcast.tools.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ws library with compression, which keeps a context of its own for what it reads. Confined to the test thread. */
@Tag("clients")
final class DeflateClientIT
{
    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    static void requirePackages()
    {
        ClientPackages.require();
    }

    @Test
    @Timeout(120)
    void shouldSeeTheSameHeadsInFewerBytesWhenWsCompresses() throws Exception
    {
        final JsonNode seen = run("doors: {deflateMinBytes: 200}\n");

        assertEquals("[\"\",\"permessage-deflate\",\"\"]", seen.get("extensions").toString());
        assertEquals(21, seen.get("texts").asInt());
        assertEquals("[true,true,true]", seen.get("equal").toString());
        final int plainBytes = seen.get("bytes").get(0).asInt();
        final int packedBytes = seen.get("bytes").get(1).asInt();
        assertTrue(packedBytes < plainBytes * 2 / 3, packedBytes + " of " + plainBytes + " bytes");
    }

    @Test
    @Timeout(120)
    void shouldServeWithoutCompressionByDefault() throws Exception
    {
        final JsonNode seen = run("");

        assertEquals("[\"\",\"\",\"\"]", seen.get("extensions").toString());
        assertEquals("[true,true,true]", seen.get("equal").toString());
    }

    private static JsonNode run(final String moreYaml) throws Exception
    {
        try (AnvilNode node = AnvilNode.start();
            RelayUnderTest relay = RelayUnderTest.startWith(moreYaml, node);
            NodeScript script = new NodeScript("deflate.mjs", relay.url().toString(), node.url().toString()))
        {
            return new ObjectMapper().readTree(script.lines().next());
        }
    }
}
