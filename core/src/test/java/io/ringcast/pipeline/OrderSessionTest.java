package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Clients of sessions that are told whole blocks, where not all goes as it should. */
class OrderSessionTest
{
    private static final String TOKEN = "relay.session=0123456789abcdef";
    private static final String HEADS = "\"newHeads\"";
    private static final String LOGS = "\"logs\",{}";
    private static final long MS = 1_000_000L;
    /** How many blocks are known with what was told of each, and some more. */
    private static final int STEPS = 4_096;
    private static final int BEYOND_STEPS = STEPS + 104;

    private final PastChain chain = new PastChain(new Random(11));
    private FakeRelay relay;

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldGoOnWithoutASubscriptionThatDoesNotComeAgain()
    {
        start(RelayConfig.builder());
        final FakeOutlet first = connect();
        subscribe(first, HEADS, "");
        subscribe(first, LOGS, "");
        grow(2);
        prove(first);
        leave(first);
        final long from = chain.tip.number() + 1;
        grow(3);

        final FakeOutlet second = connect();
        subscribe(second, HEADS, "");
        pongAll(second);
        pass(500);
        assertEquals(List.of(), items(second), "it waits for the other one");
        pass(600);
        assertEquals(chain.heads(from), items(second));

        subscribe(second, LOGS, "");
        pongAll(second);
        pass(50);
        assertEquals(chain.logs(from, Long.MAX_VALUE, true), items(second), "it gets what it missed all the same");
        grow(1);
        assertEquals(both(chain.tip.number()), items(second));
    }

    /** Who asks for several in a row reads the answers one after the other, and meanwhile there are blocks. */
    @Test
    void shouldKeepTheOrderGivenBlocksThatComeBeforeTheAnswersAreRead()
    {
        start(RelayConfig.builder());
        final FakeOutlet holder = relay.connect();
        subscribe(holder, HEADS, "");
        subscribe(holder, LOGS, "");
        grow(2);
        final long from = chain.tip.number() + 1;
        final FakeOutlet client = relay.connect();
        subscribe(client, HEADS, "");
        subscribe(client, LOGS, "");
        grow(2);
        pongAll(client);
        grow(2);
        pongAll(client);
        pass(50);
        grow(1);

        assertEquals(bothFrom(from), items(client));
    }

    @Test
    void shouldPassOverWhatIsNotKeptAndTellOfIt()
    {
        final FakeOutlet second = comeBackTooLate(",\"stamps\":true");

        pongAll(second);
        pass(50);
        final String told = second.received.stream().filter(text -> text.contains("blk")).findFirst().orElseThrow();
        assertTrue(told.contains("\"r\":1,\"lost\":{\"n\":36,") && told.contains("\"why\":\"history\"}"), told);
        assertEquals(chain.heads(chain.tip.number() - 63), items(second));
        assertEquals(1, relay.count(RelayCounter.SESSION_GAPS));
    }

    @Test
    void shouldRefuseGivenThatNotAllIsKeptAndAnErrorIsWanted()
    {
        final FakeOutlet second = comeBackTooLate(",\"onGap\":\"error\"");

        assertTrue(second.received.peek().contains("-32071"), second.received::toString);
    }

    /** A filter with few items keeps them for longer than it is known in which blocks they were told. */
    @Test
    void shouldPassOverItemsOfWhichTheStepIsNoLongerKnown()
    {
        start(RelayConfig.builder().delivery(DeliveryConfig.builder().historyItems(1 << 14).build()));
        final FakeOutlet holder = relay.connect();
        subscribe(holder, HEADS, "");
        final String wanted = "\"logs\",{\"address\":\"" + PastChain.ADDRESS + "\"}";
        final FakeOutlet first = connect();
        subscribe(first, wanted, ",\"stamps\":true");
        grow(2);
        prove(first);
        leave(first);
        final long from = chain.tip.number() + 1;
        grow(BEYOND_STEPS);

        final FakeOutlet second = connect();
        subscribe(second, wanted, ",\"stamps\":true");
        final List<String> told = readAll(second);
        for (final String text : told)
        {
            assertEquals(PastChain.member(text, "blockNumber"), PastChain.member(text, "blk"));
        }
        final long oldest = chain.tip.number() - STEPS + 1;
        final int lost = chain.logs(from, oldest - 1, false).size();
        assertTrue(lost > 0 && told.get(0).contains("\"lost\":{\"n\":" + lost + ","), told.get(0));
        assertEquals(chain.logs(oldest, Long.MAX_VALUE, false), told.stream().map(OrderSessionTest::itemOf).toList());
        assertEquals(1, relay.count(RelayCounter.SESSION_GAPS));
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"onGap\":\"error\""})
    void shouldSayThatBlocksWithoutAnItemAreNoLongerKnown(final String onGap)
    {
        start(RelayConfig.builder());
        final FakeOutlet holder = relay.connect();
        subscribe(holder, HEADS, "");
        final String wanted = "\"logs\",{\"address\":\"0x" + "cc".repeat(20) + "\"}";
        final FakeOutlet first = connect();
        subscribe(first, wanted, ",\"emptyBlocks\":true" + onGap);
        grow(2);
        prove(first);
        leave(first);
        grow(BEYOND_STEPS);

        final FakeOutlet second = connect();
        subscribe(second, wanted, ",\"emptyBlocks\":true" + onGap);
        if (!onGap.isEmpty())
        {
            assertTrue(second.received.peek().contains("-32071"), second.received::toString);
            return;
        }
        final List<String> told = readAll(second);
        assertEquals(STEPS, told.size());
        assertEquals(chain.tip.number() - STEPS + 1, Long.decode(PastChain.member(told.get(0), "blk")));
        assertEquals(1, relay.count(RelayCounter.SESSION_GAPS));
    }

    /** Who can say where it was begins there, and is a client of its session from there on. */
    @Test
    void shouldGoOnBehindAProvedItemOfAResumption()
    {
        start(RelayConfig.builder());
        final FakeOutlet holder = relay.connect();
        subscribe(holder, LOGS, "");
        grow(8);
        final List<String> logs = chain.logs(6, Long.MAX_VALUE, true);
        final FakeOutlet first = connect();
        subscribe(first, LOGS, ",\"resume\":{\"c\":\"" + place(logs.get(0)) + "\"}");
        prove(first);
        assertEquals(logs.subList(1, logs.size()), items(first));
        leave(first);
        final long from = chain.tip.number() + 1;
        grow(3);

        final FakeOutlet second = connect();
        subscribe(second, LOGS, "");
        pongAll(second);
        pass(50);
        assertEquals(chain.logs(from, Long.MAX_VALUE, true), items(second));
    }

    /** A relay with a journal that was killed knows where its clients were. */
    @Test
    void shouldGoOnWhereItWasGivenARelayThatHasStartedAgain()
    {
        start(RelayConfig.builder());
        final FakeOutlet first = connect();
        subscribe(first, HEADS, "");
        subscribe(first, LOGS, "");
        grow(1);
        prove(first);
        items(first);
        tellsRead(first);
        final long from = chain.tip.number() + 1;
        grow(2);
        final FakeRelay before = relay;
        before.close();

        relay = FakeRelay.restarted(before, RelayConfig.builder(), NetworkConfig.builder(), 1_000 * MS);
        relay.nodeUp();
        settle();
        final FakeOutlet second = connect();
        subscribe(second, HEADS, "");
        subscribe(second, LOGS, "");
        pongAll(second);
        pongAll(second);
        grow(1);
        assertEquals(bothFrom(from), items(second));
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    /** A client of heads goes, and comes back when not all that it has missed is kept. */
    private FakeOutlet comeBackTooLate(final String options)
    {
        start(RelayConfig.builder().delivery(DeliveryConfig.builder().historyItems(64).build()));
        final FakeOutlet first = connect();
        subscribe(first, HEADS, options);
        prove(first);
        leave(first);
        grow(100);
        final FakeOutlet second = connect();
        subscribe(second, HEADS, options);
        return second;
    }

    private void start(final RelayConfig.Builder config)
    {
        relay = FakeRelay.recorded(config, NetworkConfig.builder());
        grow(5);
        relay.nodeUp();
        settle();
    }

    private FakeOutlet connect()
    {
        final FakeOutlet client = relay.connect(TOKEN);
        settle();
        return client;
    }

    private void subscribe(final FakeOutlet client, final String params, final String options)
    {
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[" + params +
            ",{\"relay\":{\"order\":\"block\"" + options + "}}]}");
        settle();
    }

    private void leave(final FakeOutlet client)
    {
        relay.closes(client);
        settle();
    }

    /** What the loops say twice a second with a journal. */
    private void tellsRead(final FakeOutlet client)
    {
        final byte[] text = new byte[client.readPositions().lengthBytes()];
        client.readPositions().writeTo(text);
        relay.publisher.tryPublish(
            EventKind.CLIENT_READ, client.connectionId(), null, null, text, relay.nowNs);
        settle();
    }

    private void grow(final int blocks)
    {
        for (int i = 0; i < blocks; i++)
        {
            chain.grow();
            if (relay.count(RelayCounter.SUBSCRIBES) > 0 || chain.tip.number() > 4)
            {
                relay.nodeSays(PastChain.item("0xaa", chain.tip.head()));
                chain.tip.logs().forEach(log -> relay.nodeSays(PastChain.item("0xbb", log)));
            }
            settle();
        }
    }

    private void pass(final long ms)
    {
        for (long passed = 0; passed < ms; passed += 50)
        {
            relay.tick(50 * MS);
            settle();
        }
    }

    private void prove(final FakeOutlet client)
    {
        for (int i = 0; i < 3; i++)
        {
            pongAll(client);
            pass(100);
        }
    }

    private void pongAll(final FakeOutlet client)
    {
        relay.pongs(client);
        settle();
    }

    private void settle()
    {
        chain.answerAll(relay);
    }

    private List<String> bothFrom(final long from)
    {
        final List<String> items = new ArrayList<>();
        for (long number = from; number <= chain.tip.number(); number++)
        {
            items.addAll(both(number));
        }
        return items;
    }

    private List<String> both(final long number)
    {
        final List<String> items = new ArrayList<>(List.of(chain.at(number).head()));
        items.addAll(chain.at(number).logs());
        return items;
    }

    private static List<String> items(final FakeOutlet client)
    {
        final List<String> items = client.received.stream().filter(text -> text.contains("\"method\""))
            .map(OrderSessionTest::itemOf).toList();
        client.received.clear();
        client.pingTokens.clear();
        return items;
    }

    /** All that a connection is told until nothing comes any more. */
    private List<String> readAll(final FakeOutlet client)
    {
        final List<String> told = new ArrayList<>();
        int before;
        do
        {
            before = told.size();
            pongAll(client);
            pass(50);
            client.received.stream().filter(text -> text.contains("\"blk\"")).forEach(told::add);
            client.received.clear();
        }
        while (told.size() > before);
        return told;
    }

    private static String itemOf(final String text)
    {
        return text.replaceAll(".*\"result\":(\\{.*}),\"relay\".*", "$1");
    }

    private static String place(final String log)
    {
        return Long.decode(PastChain.member(log, "blockNumber")) + ":" +
            PastChain.member(log, "blockHash").substring(2, 18) + ":" +
            Long.decode(PastChain.member(log, "logIndex"));
    }
}
