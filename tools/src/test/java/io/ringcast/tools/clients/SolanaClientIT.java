package io.ringcast.tools.clients;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringcast.config.Dialect;
import io.ringcast.config.NetworkConfig;
import io.ringcast.tools.sim.DialectNode;
import io.ringcast.tools.sim.NodeSettings;
import io.ringcast.transport.Relay;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The client library of another dialect, on a simulated node behind the relay. Confined to the test thread. */
@Tag("clients")
final class SolanaClientIT
{
    private static final long TIMEOUT_MS = 10_000;

    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    static void requirePackages()
    {
        ClientPackages.require();
    }

    @Test
    @Timeout(120)
    void shouldServeTheLibraryOfSolanaAsAValidatorDoes() throws Exception
    {
        final String seen;
        try (DialectNode node = DialectNode.start(NodeSettings.quiet(), Dialect.SOLANA);
            Relay relay = Relay.builder()
                .listen("127.0.0.1", 0)
                .configure(config -> config
                    .network(NetworkConfig.builder().dialect(Dialect.SOLANA).upstream(node.url().toString()))
                    .warmUpMs(0))
                .start())
        {
            assertTrue(relay.awaitUpstreams(TIMEOUT_MS));
            final String url = "ws://127.0.0.1:" + relay.address().getPort();
            try (NodeScript script = new NodeScript("solana.mjs", url, node.url().toString()))
            {
                seen = script.lines().next();
            }
        }

        final String program = "\"11111111111111111111111111111111\"";
        assertEquals(new ObjectMapper().readTree("{\"slots\":[1,1,1,1],\"accounts\":[" + program + "," + program +
            "],\"logs\":[[null,2],[null,2]],\"signatures\":[null],\"hasBalance\":true}"),
            new ObjectMapper().readTree(seen));
    }
}
