package io.ringcast.tools.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ringcast.tools.faults.ChainFollower;
import io.ringcast.tools.faults.WatchingClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that begin in the past of a real node's chain, before and behind a reorg, see it whole. */
@Tag("clients")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class AnvilHistoryIT
{
    private static final int BEFORE = 90;

    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    static void requirePackages()
    {
        ClientPackages.require();
    }

    @Test
    void shouldShowTheChainFromABlockOnAndThenWhatIsNew()
    {
        final HttpClient http = HttpClient.newHttpClient();
        try (AnvilNode node = AnvilNode.start();
            WatchingClient direct = WatchingClient.connected(http, node.url());
            WatchingClient other = WatchingClient.connected(http, node.url()))
        {
            final String contract = NotedContract.deploy(node);
            mineNotes(node, contract, BEFORE);
            final ChainFollower all = new ChainFollower(direct, 0);
            final ChainFollower late = new ChainFollower(other, BEFORE - 20);
            try (RelayUnderTest relay = RelayUnderTest.start(node);
                WatchingClient first = WatchingClient.subscribedFrom(http, relay.url(), 0))
            {
                // Nothing has been published yet, and nothing is going to be before the node mines.
                assertSees(first, all);
                mineNotes(node, contract, 2);
                assertSees(first, all);
                late.follow();
                try (WatchingClient second = WatchingClient.subscribedFrom(http, relay.url(), BEFORE - 20))
                {
                    assertSees(second, late);
                    node.call("anvil_reorg", 5, List.of());
                    assertSees(first, all);
                    assertSees(second, late);
                    mineNotes(node, contract, 1);
                    assertSees(first, all);
                    assertSees(second, late);
                }
            }
        }
    }

    private static void mineNotes(final AnvilNode node, final String contract, final int blocks)
    {
        for (int i = 0; i < blocks; i++)
        {
            NotedContract.send(node, contract, i, i);
            node.mine();
        }
    }

    private static void assertSees(final WatchingClient client, final ChainFollower chain)
    {
        chain.follow();
        client.awaitHeads(chain.expected().heads().size());
        client.awaitLogs(chain.expected().logs().size());
        assertEquals(chain.expected().heads(), client.heads());
        assertEquals(chain.expected().logs(), client.logs());
        assertEquals(List.of(), client.surprises());
    }
}
