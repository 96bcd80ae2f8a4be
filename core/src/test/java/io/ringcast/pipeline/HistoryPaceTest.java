package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** However far back a subscription begins, no more is read ahead than its socket will soon take. */
class HistoryPaceTest
{
    private static final int BLOCKS = 20_000;
    /** What may be read ahead, and one answer more for each call that is under way then. */
    private static final int LIMIT_AHEAD_CALLS = 16;

    private final PastChain chain = new PastChain(new Random(1));
    private final FakeRelay relay = new FakeRelay(RelayConfig.builder(), NetworkConfig.builder());
    private FakeOutlet client;
    private int logCalls;
    private final List<String> methods = new ArrayList<>();

    @BeforeEach
    void start()
    {
        for (int i = 0; i < BLOCKS; i++)
        {
            chain.grow();
        }
        relay.nodeUp();
        client = relay.connect();
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"logs\"," +
            "{\"fromBlock\":\"0x0\"},{\"relay\":{\"history\":true}}]}");
        answerAll();
    }

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldAskNothingBeforeTheClientHasReadTheAnswer()
    {
        assertEquals(0, logCalls, methods.toString());
        relay.pongs(client);
        answerAll();
        assertTrue(logCalls > 0);
    }

    @Test
    void shouldStopReadingWhileTheSocketIsFullAndGoOnWhereItWas()
    {
        relay.pongs(client);
        relay.parts.loops[0].onCongested(client);
        answerAll();
        final int asked = logCalls;
        assertTrue(asked <= LIMIT_AHEAD_CALLS, asked + " calls");
        final int sent = items();
        for (int i = 0; i < 20; i++)
        {
            relay.tick(400_000_000L);
            answerAll();
        }
        assertEquals(asked, logCalls);
        assertEquals(0, items());

        relay.parts.loops[0].onDrained(client, relay.nowNs);
        answerAll();

        assertEquals(chain.logs(0, Long.MAX_VALUE, true).size(), sent + items());
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    @Test
    void shouldReadNothingMoreForAClientThatHasGone()
    {
        relay.pongs(client);
        relay.parts.loops[0].onCongested(client);
        answerAll();
        relay.closes(client);
        relay.tick(400_000_000L);
        answerAll();
        final int asked = logCalls;

        relay.tick(400_000_000L);
        answerAll();

        assertEquals(asked, logCalls);
    }

    private void answerAll()
    {
        relay.run();
        for (String call = relay.node.received.poll(); call != null; call = relay.node.received.poll())
        {
            final Matcher parts = PastChain.CALL.matcher(call);
            assertTrue(parts.matches(), call);
            methods.add(parts.group(2));
            logCalls += "eth_getLogs".equals(parts.group(2)) ? 1 : 0;
            relay.nodeSays("{\"jsonrpc\":\"2.0\",\"id\":" + parts.group(1) + ',' +
                chain.answer(parts.group(2), parts.group(3)) + '}');
            relay.run();
        }
    }

    private int items()
    {
        int items = 0;
        for (String text = client.received.poll(); text != null; text = client.received.poll())
        {
            items += text.contains("eth_subscription") ? 1 : 0;
        }
        return items;
    }
}
