package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Only so many subscribers read the past at once, also if all of them have waited for the same upstream. */
class HistoryBoundTest
{
    private static final int LIMIT_READERS = 1_024;

    private final FakeRelay relay = new FakeRelay(RelayConfig.builder(), NetworkConfig.builder());

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldRefuseThoseBeyondTheBoundWhenTheUpstreamAcceptsWhatAllWaitFor()
    {
        relay.nodeUp();
        final FakeOutlet alice = relay.connect();
        final FakeOutlet bob = relay.connect();
        for (int i = 0; i < LIMIT_READERS + 6; i++)
        {
            relay.says(i % 2 == 0 ? alice : bob, "{\"jsonrpc\":\"2.0\",\"id\":" + i +
                ",\"method\":\"eth_subscribe\",\"params\":[\"logs\",{\"fromBlock\":\"0x1\"}," +
                "{\"relay\":{\"history\":true}}]}");
            relay.run();
        }
        for (String asked = relay.node.received.poll(); asked != null; asked = relay.node.received.poll())
        {
            relay.nodeSays(asked.replaceAll(",\"method\".*", ",\"result\":\"0xa1\"}"));
            relay.run();
        }
        for (int i = 0; i < 4; i++)
        {
            relay.tick(50_000_000L);
            relay.run();
        }

        assertEquals(LIMIT_READERS, relay.count(RelayCounter.SUBSCRIBES_WITH_HISTORY));
        assertEquals(6, relay.count(RelayCounter.LIMIT_REFUSALS));
        assertEquals(6, bob.received.stream().filter(text -> text.contains("-32005")).count() +
            alice.received.stream().filter(text -> text.contains("-32005")).count());
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }
}
