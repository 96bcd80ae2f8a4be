package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A relay that starts again where its last process left off closes the hole in between, however long the node takes
 * for each answer: longer than it takes until the next one is asked, and than what is pushed may be held.
 */
class RestartTest
{
    private static final long MS = 1_000_000L;
    private static final long TICK_NS = 25 * MS;
    private static final int BLOCKS_BEFORE = 5;
    private static final int BLOCKS_BETWEEN = 30;
    private static final Pattern ITEM =
        Pattern.compile("\\{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",.*\"result\":(\\{.*})}}");

    private record Answer(long dueNs, String text)
    {
    }

    private final PastChain chain = new PastChain(new Random(3));
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final List<String> heads = new ArrayList<>();
    private final List<String> logs = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "0, 1000, false", "30, 100000, false", "100, 0, false", "400, 1000, false", "1400, 600000, false",
        "0, 1000, true", "100, 0, true", "100, 600000, true"})
    void shouldTellAllThatTheNodeHasHadMeanwhile(final long answerMs, final long pauseMs, final boolean isHolding)
    {
        final FakeRelay before = FakeRelay.recorded(RelayConfig.builder(), NetworkConfig.builder());
        before.nodeUp();
        subscribe(before);
        pass(before, 0, 2 * TICK_NS);
        for (int i = 0; i < BLOCKS_BEFORE; i++)
        {
            chain.grow();
            push(before);
            pass(before, 0, TICK_NS);
        }
        if (isHolding)
        {
            // The end comes while one is held for the one before it.
            chain.grow();
            chain.grow();
            push(before);
        }
        before.close();
        for (int i = 0; i < BLOCKS_BETWEEN; i++)
        {
            chain.grow();
        }

        try (FakeRelay relay = FakeRelay.restarted(
            before, RelayConfig.builder(), NetworkConfig.builder(), pauseMs * MS))
        {
            relay.tick(0);
            relay.run();
            final FakeOutlet client = subscribe(relay);
            relay.nodeUp();
            // The answer to the subscribe, to what is the newest block, and to what is missing, and its logs.
            pass(relay, answerMs * MS, 6 * answerMs * MS + 10 * TICK_NS);
            read(relay, client);

            final List<String> missedHeads = new ArrayList<>();
            final List<String> missedLogs = new ArrayList<>();
            for (long number = BLOCKS_BEFORE; number <= chain.tip.number(); number++)
            {
                missedHeads.add(chain.at(number).head());
                missedLogs.addAll(chain.at(number).logs());
            }
            assertTrue(missedHeads.size() >= BLOCKS_BETWEEN && missedLogs.size() > BLOCKS_BETWEEN);
            assertEquals(missedHeads, heads);
            assertEquals(missedLogs, logs);
            assertEquals(0, relay.count(RelayCounter.HEAD_GAPS));
            assertEquals(0, relay.count(RelayCounter.LOG_GAPS));
            assertEquals(0, relay.count(RelayCounter.LANES_STALE));
            assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
        }
    }

    private static FakeOutlet subscribe(final FakeRelay relay)
    {
        final FakeOutlet client = relay.connect();
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}");
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_subscribe\",\"params\":[\"logs\"]}");
        relay.run();
        return client;
    }

    private void push(final FakeRelay relay)
    {
        relay.nodeSays(PastChain.item("0xaa", chain.tip.head()));
        chain.tip.logs().forEach(log -> relay.nodeSays(PastChain.item("0xbb", log)));
        relay.run();
    }

    /** Time passes, in which the node answers each call after its time. */
    private void pass(final FakeRelay relay, final long answerNs, final long passedNs)
    {
        relay.run();
        for (final long endNs = relay.nowNs + passedNs; relay.nowNs - endNs < 0; )
        {
            for (String call = relay.node.received.poll(); call != null; call = relay.node.received.poll())
            {
                answers.add(new Answer(relay.nowNs + answerNs, chain.answer(call)));
            }
            while (!answers.isEmpty() && relay.nowNs - answers.peek().dueNs >= 0)
            {
                relay.nodeSays(answers.poll().text);
                relay.run();
            }
            relay.tick(TICK_NS);
            relay.run();
        }
    }

    private void read(final FakeRelay relay, final FakeOutlet client)
    {
        relay.pongs(client);
        relay.run();
        for (String text = client.received.poll(); text != null; text = client.received.poll())
        {
            final Matcher item = ITEM.matcher(text);
            if (item.matches())
            {
                (item.group(1).contains("logIndex") ? logs : heads).add(item.group(1));
            }
        }
    }
}
