package io.ringcast.tools.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real clients poll filters of the relay, and the filters outlive the node: its own would end with it. Confined to the
 * test thread.
 */
@Tag("clients")
final class FilterClientsIT
{
    private static final Duration ROUND = Duration.ofMillis(500);
    private static final int ROUNDS = 60;
    private static final long KEY = 7;

    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    static void requirePackages()
    {
        ClientPackages.require();
    }

    @ParameterizedTest
    @CsvSource({"viem, http", "viem, ws", "ethers, http"})
    @Timeout(180)
    void shouldKeepItsFiltersWhenTheNodeIsKilledAndRestarted(final String library, final String scheme)
        throws Exception
    {
        try (AnvilNode node = AnvilNode.start(); RelayUnderTest relay = RelayUnderTest.start(node))
        {
            final String contract = NotedContract.deploy(node);
            final URI url = URI.create(relay.url().toString().replaceFirst("^ws", scheme));
            try (NodeScript script = new NodeScript("filters.mjs", library, url.toString(), contract))
            {
                final Arrivals<String> lines = script.lines();
                assertEquals("ready", lines.next());
                final boolean isViem = "viem".equals(library);

                note(node, contract, lines, 11, isViem);
                if (isViem)
                {
                    // The block of the second note is left. Before the node is restarted: then it no longer has the
                    // state to go back to.
                    node.call("anvil_reorg", 1, List.of());
                    await(lines, List.of("removed 11"), node::mine);
                }
                node.killAndRestart();
                note(node, contract, lines, 22, isViem);

                script.say("quit");
                assertEquals(
                    isViem ? "done {\"all\":[\"11\",\"22\",\"22\"],\"uninstalled\":[true,true,true,false]}" :
                    "done {\"filters\":2,\"known\":[true,true]}", last(lines));
            }
        }
    }

    /** Sends a transaction and mines it, until the polls have told of it, its log and its block. */
    private static void note(
        final AnvilNode node, final String contract, final Arrivals<String> lines, final long value,
        final boolean isViem)
    {
        final String hash = NotedContract.send(node, contract, KEY, value);
        node.mine();
        final String block = node.call("eth_getTransactionReceipt", hash).get("blockHash").asText();
        final List<String> wanted = new ArrayList<>(List.of("log " + value));
        if (isViem)
        {
            wanted.addAll(List.of("head " + block, "watched " + value));
        }
        await(lines, wanted, node::mine);
        // Right behind a restart the relay may not be subscribed yet, and nobody can say what was pending then.
        final String later = NotedContract.send(node, contract, KEY + 1, value);
        node.mine();
        await(lines, List.of("pending " + later), node::mine);
    }

    /** Waits for lines, in any order, each once; acts now and then, for ethers polls with each new block. */
    private static void await(final Arrivals<String> lines, final List<String> wanted, final Runnable act)
    {
        final List<String> open = new ArrayList<>(wanted);
        for (int round = 0; round < ROUNDS && !open.isEmpty(); round++)
        {
            for (String line = lines.poll(ROUND); line != null && !open.isEmpty(); line = lines.poll(ROUND))
            {
                assertFalse(line.startsWith("error") || line.equals(NodeScript.ENDED), line);
                open.remove(line);
            }
            if (!open.isEmpty())
            {
                act.run();
            }
        }
        assertEquals(List.of(), open, "not told");
    }

    private static String last(final Arrivals<String> lines)
    {
        String line = lines.next();
        while (!line.startsWith("done ") && !line.equals(NodeScript.ENDED))
        {
            line = lines.next();
        }
        return line;
    }
}
