package io.ringcast.transport.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.util.List;

/** The logs of a node that is polled. Confined to the test thread. */
final class PolledLogsTest extends PolledFeedsBed
{
    @Test
    void shouldSayLogsBehindTheirHeadAndAskForNoneWhenTheBloomIsEmpty()
    {
        final Subscriber heads = subscribe("[\"newHeads\"]");
        final Subscriber logs = subscribe("[\"logs\",{\"address\":[\"0xaa\"],\"fromBlock\":\"0x0\",\"topics\":[]}]");
        poll();
        calls.methods.clear();
        chain.mine(0);
        final FakeChain.Block block = chain.mine(2);
        poll();

        assertEquals(List.of(block.log(0), block.log(1)), items.of(logs));
        assertEquals(2, items.of(heads).size());
        assertTrue(items.all.indexOf(block.log(0)) > items.all.indexOf(block.header()));
        assertEquals(1, calls.methods.stream().filter("eth_getLogs"::equals).count());
    }

    @Test
    void shouldTryLogsAgainWhenTheyFail()
    {
        final Subscriber logs = subscribe("[\"logs\"]");
        poll();
        final FakeChain.Block block = chain.mine(1);
        askForLogs();
        calls.failOne();
        poll();

        assertEquals(List.of(block.log(0)), items.of(logs));
        assertEquals(0, counters.get(RelayCounter.POLL_GAPS));
    }

    @Test
    void shouldGiveTheLogsOfABlockUpWhenTheyKeepFailing()
    {
        final Subscriber logs = subscribe("[\"logs\"]");
        poll();
        chain.mine(1);
        askForLogs();
        calls.failOne();
        for (int i = 1; i < 5; i++)
        {
            feeds.onTime(tick());
            calls.failOne();
            calls.answerAll();
        }
        final FakeChain.Block next = chain.mine(1);
        poll();

        assertEquals(List.of(next.log(0)), items.of(logs));
        assertEquals(1, counters.get(RelayCounter.POLL_GAPS));
    }

    /** Answers up to the question for logs, which is left unanswered. */
    private void askForLogs()
    {
        feeds.onTime(tick());
        while (!calls.methods.get(calls.methods.size() - 1).equals("eth_getLogs"))
        {
            calls.answerOne();
        }
    }
}
