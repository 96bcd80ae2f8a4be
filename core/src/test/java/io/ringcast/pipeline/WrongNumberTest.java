package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a node says of a block under a wrong number keeps nobody from being told of the block. */
class WrongNumberTest
{
    private final FakeRelay relay = FakeRelay.recorded(RelayConfig.builder(),
        NetworkConfig.builder().upstream("ws://127.0.0.1:8546").upstream("ws://127.0.0.1:8547"));

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldTellTheLogsOfABlockGivenThatANodeHasSaidItsHashWithAnotherNumberBefore()
    {
        relay.nodeUp(0);
        relay.nodeUp(1);
        final FakeOutlet alice = relay.connect();
        relay.says(alice, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"logs\",{}]}");
        acceptAll();
        relay.pongs(alice);
        for (int lane = 0; lane < 2; lane++)
        {
            say(lane, ResumeTest.head(1));
            say(lane, log(1, 1));
        }
        alice.received.clear();

        say(1, log(2, 9));
        say(0, ResumeTest.head(2));
        say(0, log(2, 2));

        assertEquals(1, alice.received.size(), alice.received::toString);
        assertEquals(List.of("0x2"), alice.received.stream()
            .map(text -> text.replaceAll(".*\"blockNumber\":\"|\".*", "")).toList());
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    private void say(final int lane, final String text)
    {
        relay.nodeSays(lane, text);
        relay.run();
    }

    private static String log(final int block, final int number)
    {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"0xbb\"," +
            "\"result\":{\"address\":\"0x" + "a".repeat(40) + "\",\"topics\":[],\"blockNumber\":\"0x" + number +
            "\",\"blockHash\":\"" + ResumeTest.hash(block) + "\",\"logIndex\":\"0x0\",\"removed\":false}}}";
    }

    private void acceptAll()
    {
        relay.run();
        relay.nodes.forEach(node ->
        {
            for (String asked = node.received.poll(); asked != null; asked = node.received.poll())
            {
                say(relay.nodes.indexOf(node), asked.replaceAll(",\"method\".*",
                    !asked.contains("eth_subscribe") ? ",\"result\":null}" :
                        asked.contains("newHeads") ? ",\"result\":\"0xaa\"}" : ",\"result\":\"0xbb\"}"));
            }
        });
    }
}
