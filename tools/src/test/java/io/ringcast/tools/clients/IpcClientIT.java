package io.ringcast.tools.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real client on the Unix domain socket, with a real node behind the relay. Confined to the test thread. */
@Tag("clients")
final class IpcClientIT
{
    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    static void requirePackages()
    {
        ClientPackages.require();
    }

    @Test
    @Timeout(120)
    void shouldCallAndSubscribeWhenViemUsesTheSocket(@TempDir final Path directory) throws Exception
    {
        final JsonNode seen;
        try (AnvilNode node = AnvilNode.start();
            RelayUnderTest relay = RelayUnderTest.start(node, directory.resolve("relay.ipc"));
            NodeScript script = new NodeScript("ipc.mjs", relay.ipc().toString()))
        {
            seen = new ObjectMapper().readTree(script.lines().next());
        }

        assertEquals(Collections.nCopies(20, 31337).toString().replace(" ", ""), seen.get("chainIds").toString());
        assertEquals("[\"0x1\",\"0x2\",\"0x3\",\"0x4\"]", seen.get("heads").toString());
        assertEquals("[\"11\",\"22\",\"33\"]", seen.get("logs").toString());
        assertEquals("[66,66,66,66]", seen.get("pending").toString());
        assertEquals("[true,true,true]", seen.get("unsubscribed").toString());
        assertEquals(-32602, seen.get("error").asInt());
    }
}
