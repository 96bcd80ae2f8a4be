package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A client leaves what it is behind in and subscribes to the same thing, in texts that are in the ring before its loop
 * asks for the one that it has left: the answer to that question is nobody's, and must not use up what the new one is
 * owed. Confined to the test thread.
 */
class LateQuestionTest
{
    private static final int BLOCKS = 2_000;
    private static final long TICK_NS = 50_000_000L;

    private final PastChain chain = new PastChain(new Random(1));
    private final FakeRelay relay = FakeRelay.recorded(RelayConfig.builder(), NetworkConfig.builder());

    @AfterEach
    void close()
    {
        relay.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadTheWholePastForTheSubscriptionThatFollows(final boolean isAsked)
    {
        for (int i = 0; i < BLOCKS; i++)
        {
            chain.grow();
        }
        relay.nodeUp();
        final FakeOutlet alice = relay.connect();
        final String call = ",\"method\":\"eth_subscribe\",\"params\":[\"logs\",{\"fromBlock\":\"0x0\"}," +
            "{\"relay\":{\"history\":true}}]}";
        relay.says(alice, "{\"jsonrpc\":\"2.0\",\"id\":1" + call);
        answerAll();
        relay.pongs(alice);
        relay.parts.loops[0].onCongested(alice);
        answerAll();

        changeOver(alice, call, isAsked);
        answerAll();
        passTime(5);
        relay.pongs(alice);
        passTime(50);

        final List<String> logs = alice.received.stream().filter(text -> text.contains("logIndex"))
            .map(text -> text.replaceAll(".*\"result\":(\\{.*?}).*", "$1")).toList();
        assertEquals(chain.logs(0, Long.MAX_VALUE, true), logs);
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldResumeTheSubscriptionThatFollowsWithoutLeavingAnythingOut(final boolean isAsked)
    {
        ResumeTest.subscribe(relay, "");
        ResumeTest.heads(relay, 1, 9);
        final FakeOutlet alice = relay.connect();
        final String call = ",\"method\":\"eth_subscribe\",\"params\":[\"newHeads\",{\"relay\":{\"stamps\":true," +
            "\"lag\":{\"policy\":\"conflate\"},\"resume\":{\"e\":\"" + relay.parts.epoch() + "\",\"q\":2}}}]}";
        relay.says(alice, "{\"jsonrpc\":\"2.0\",\"id\":1" + call);
        relay.run();
        relay.pongs(alice);
        relay.parts.loops[0].onCongested(alice);
        relay.run();

        changeOver(alice, call, isAsked);
        relay.tick(TICK_NS);
        relay.run();
        relay.pongs(alice);
        relay.run();

        assertTrue(alice.received.stream().noneMatch(text -> text.contains("merged")), alice.received::toString);
        assertEquals(List.of(3, 4, 5, 6, 7, 8, 9), ResumeTest.numbers(alice));
    }

    /** The loop may ask for the one that is being left before it sees that it is. */
    private void changeOver(final FakeOutlet client, final String call, final boolean isAsked)
    {
        final String id = client.received.stream().filter(text -> text.contains("\"result\":\"0x")).findFirst()
            .orElseThrow().replaceAll(".*\"result\":\"|\".*", "");
        client.received.clear();
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_unsubscribe\",\"params\":[\"" + id + "\"]}");
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":3" + call);
        relay.parts.loops[0].onDrained(client, relay.nowNs);
        if (isAsked)
        {
            final long asked = relay.count(RelayCounter.CATCH_UPS_ASKED);
            relay.pipeline.poller(0).poll();
            assertEquals(asked + 1, relay.count(RelayCounter.CATCH_UPS_ASKED));
        }
        relay.run();
    }

    private void passTime(final int ticks)
    {
        for (int i = 0; i < ticks; i++)
        {
            relay.tick(TICK_NS);
            answerAll();
        }
    }

    private void answerAll()
    {
        chain.answerAll(relay);
    }
}
