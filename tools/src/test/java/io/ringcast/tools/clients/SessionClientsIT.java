package io.ringcast.tools.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Unmodified clients with a token in their URL, whose connections are cut. Confined to the test thread. */
@Tag("clients")
final class SessionClientsIT
{
    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    static void requirePackages()
    {
        ClientPackages.require();
    }

    @Test
    @Timeout(180)
    void shouldSeeEachHeadOnceWhetherTheySubscribeAgainOrNot() throws Exception
    {
        final JsonNode seen;
        try (AnvilNode node = AnvilNode.start();
            RelayUnderTest relay = RelayUnderTest.start(node);
            NodeScript script = new NodeScript("session.mjs", relay.url().toString(), node.url().toString()))
        {
            seen = new ObjectMapper().readTree(script.lines().next());
        }

        final String all = "[1,2,3,4,5,6,7,8,9]";
        for (final String client : new String[]{"ws", "listener", "viem", "ethers", "web3"})
        {
            assertEquals(all, seen.get(client).toString(), client);
        }
    }
}
