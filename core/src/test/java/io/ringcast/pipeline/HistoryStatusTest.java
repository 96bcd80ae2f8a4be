package io.ringcast.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;

/** Who reads the past hears where it begins, that no node has it, that it has come after all, and that it is over. */
class HistoryStatusTest
{
    private static final int BLOCKS = 200;
    private static final String PRUNED = "\"error\":{\"code\":4444,\"message\":\"pruned history unavailable\"}";

    private final PastChain chain = new PastChain(new Random(3));
    private final FakeRelay relay = new FakeRelay(RelayConfig.builder(), NetworkConfig.builder());
    private final List<String> items = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private FakeOutlet client;
    /** Calls of this method, or with this in their params, are refused; null for none. */
    private String refused;

    @BeforeEach
    void start()
    {
        for (int i = 0; i < BLOCKS; i++)
        {
            chain.grow();
        }
        relay.nodeUp();
        client = relay.connect();
        client.hasBarrier = false;
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"relay_status\"]}");
        answerAll();
    }

    @AfterEach
    void close()
    {
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
        relay.close();
    }

    @ParameterizedTest
    @CsvSource({"earliest,0", "0x64,100", "safe,183", "finalized,119"})
    void shouldBeginWithTheBlockThatIsNamed(final String block, final int number)
    {
        subscribe(block);
        pass(1);

        assertEquals(chain.logs(number, Long.MAX_VALUE, true), items);
        assertEquals(List.of(), events);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"logs | 0x64", "newHeads | 0x64", "logs | safe"})
    void shouldBeginWithTheBlockThatTheOptionsNameGivenNoneInTheFilter(final String kind, final String block)
    {
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_subscribe\",\"params\":[\"" + kind +
            "\",{\"relay\":{\"fromBlock\":\"" + block + "\"}}]}");
        answerAll();
        pass(1);

        final long from = "safe".equals(block) ? BLOCKS - 1 - PastChain.SAFE_DEPTH : 100;
        assertEquals("logs".equals(kind) ? chain.logs(from, Long.MAX_VALUE, true) : chain.heads(from), items);
    }

    @Test
    void shouldPreferTheBlockThatTheFilterNames()
    {
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_subscribe\",\"params\":[\"logs\"," +
            "{\"fromBlock\":\"0x70\"},{\"relay\":{\"fromBlock\":\"earliest\"}}]}");
        answerAll();
        pass(1);

        assertEquals(chain.logs(112, Long.MAX_VALUE, true), items);
    }

    @Test
    void shouldTellOnceThatWhatIsPublishedFollows()
    {
        subscribe("safe");
        pass(1);
        for (int i = 0; i < 3; i++)
        {
            final PastChain.Block block = chain.grow();
            relay.nodeSays(PastChain.item("0xaa", block.head()));
            block.logs().forEach(log -> relay.nodeSays(PastChain.item("0xbb", log)));
            pass(1);
        }

        assertEquals(1, events.size(), events.toString());
        assertTrue(events.get(0).matches("\\{\"event\":\"live\",\"subscription\":\"0x[0-9a-f]{32}\"," +
            "\"at\":\"0x[0-9a-f]+\"}"), events.get(0));
    }

    @Test
    void shouldTellThatNoNodeHasABlockAndThatItHasComeAfterAll()
    {
        refused = "eth_getLogs";
        subscribe("0x5");
        pass(8);

        assertEquals(List.of(), items);
        assertEquals(1, events.size(), events.toString());
        final String gap = events.remove(0);
        assertTrue(gap.startsWith("{\"event\":\"gap\",\"of\":\"history\",\"subscription\":\"0x"), gap);
        assertTrue(gap.endsWith("\"from\":\"0x5\",\"to\":\"0x5\",\"repair\":\"pending\"," + PRUNED + '}'), gap);
        final long stalls = relay.count(RelayCounter.HISTORY_STALLS);
        assertTrue(stalls > 0);

        // Who has not asked for the status by then hears of it later.
        pass(40);
        assertTrue(events.size() >= 1 && events.size() <= 3, events.toString());
        assertEquals(gap, events.get(0));
        assertEquals(stalls, relay.count(RelayCounter.HISTORY_STALLS));

        events.clear();
        refused = null;
        pass(20);
        assertEquals(1, events.size(), events.toString());
        assertEquals(gap.replace("gap", "repaired").replaceAll(",\"repair\":.*", "}"), events.get(0));
        assertEquals(chain.logs(5, Long.MAX_VALUE, true), items);
    }

    @Test
    void shouldTellThatNoNodeKnowsWhichBlockToBeginWith()
    {
        refused = "finalized";
        subscribe("finalized");
        pass(2);

        assertEquals(1, events.size(), events.toString());
        assertTrue(events.get(0).matches("\\{\"event\":\"gap\",\"of\":\"history\"," +
            "\"subscription\":\"0x[0-9a-f]{32}\",\"repair\":\"pending\",\"error\":.*}"), events.get(0));

        refused = null;
        pass(8);
        assertEquals(chain.logs(BLOCKS - 1 - PastChain.FINAL_DEPTH, Long.MAX_VALUE, true), items);
    }

    private void subscribe(final String fromBlock)
    {
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_subscribe\",\"params\":[\"logs\"," +
            "{\"fromBlock\":\"" + fromBlock + "\"},{\"relay\":{\"history\":true}}]}");
        answerAll();
    }

    private void pass(final int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            relay.tick(400_000_000L);
            answerAll();
        }
    }

    private void answerAll()
    {
        relay.run();
        for (String call = relay.node.received.poll(); call != null; call = relay.node.received.poll())
        {
            final Matcher parts = PastChain.CALL.matcher(call);
            assertTrue(parts.matches(), call);
            final boolean isRefused = refused != null && call.contains(refused);
            relay.nodeSays("{\"jsonrpc\":\"2.0\",\"id\":" + parts.group(1) + ',' +
                (isRefused ? PRUNED : chain.answer(parts.group(2), parts.group(3))) + '}');
            relay.run();
        }
        for (String text = client.received.poll(); text != null; text = client.received.poll())
        {
            if (text.contains("\"event\":\""))
            {
                final String event = text.replaceAll(".*\"result\":(.*)}}", "$1");
                events.addAll(event.contains("heartbeat") ? List.of() : List.of(event));
            }
            else if (text.contains("eth_subscription"))
            {
                items.add(text.replaceAll(".*\"result\":(.*)}}", "$1"));
            }
        }
    }
}
