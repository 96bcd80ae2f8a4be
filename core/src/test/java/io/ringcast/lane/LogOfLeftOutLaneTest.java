package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.CounterSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is left out of the heads goes on, and may be asked for logs. Confined to the test's thread. */
class LogOfLeftOutLaneTest implements HeadSink, LogSink
{
    private static final long DEADLINE_NS = 150_000_000L;
    private static final long TICK_NS = 50_000_000L;
    private static final int TIP = 20;
    private static final int ODD = 9;

    private final CounterSet counters = new CounterSet();
    private final LaneRules rules = new LaneRules(2, 1, DEADLINE_NS, 64, 1_000, 1 << 20, 1, 1, 1);
    private final HeadArbiter heads = new HeadArbiter(rules, counters, this);
    private final LogArbiter logs = new LogArbiter(rules, "{}", () -> 0, counters, this);
    private final List<SimBlock> chain = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private long nowNs;
    private long lastCallId;

    @Test
    void shouldFetchFromItWhatOnlyItCanHave()
    {
        for (int number = 1; number <= TIP; number++)
        {
            chain.add(new SimBlock(number == 1 ? null : chain.get(number - 2), number, number, 2, false));
        }
        for (int lane = 0; lane < 2; lane++)
        {
            heads.onLaneLive(lane, nowNs);
            logs.onLaneLive(lane, nowNs);
        }
        for (int number = 1; number < ODD; number++)
        {
            say(0, chain.get(number - 1));
            say(1, chain.get(number - 1));
        }
        say(1, new SimBlock(new SimBlock(null, ODD - 1, 98, 0, false), ODD, 99, 0, false));
        pass(DEADLINE_NS);
        assertTrue(heads.status(1, "n", nowNs).isLeftOut());

        for (int number = ODD; number <= TIP; number++)
        {
            say(0, chain.get(number - 1));
            say(1, chain.get(number - 1));
        }
        // Lane 0 has told the second log of a block, and not the first, and goes.
        final byte[] second = SimBlock.text(chain.get(TIP - 1).logs.get(1));
        logs.onLog(0, second, 0, second.length, nowNs);
        heads.onLaneDown(0, nowNs);
        logs.onLaneDown(0, nowNs);
        asked.clear();
        pass(DEADLINE_NS);

        assertTrue(heads.status(1, "n", nowNs).isLeftOut());
        assertTrue(asked.stream().anyMatch(call -> call.startsWith("1 ") && call.contains(chain.get(TIP - 1).hash)),
            asked::toString);
    }

    @Test
    void shouldAskOthersFirst()
    {
        for (int lane = 0; lane < 2; lane++)
        {
            heads.onLaneLive(lane, nowNs);
            logs.onLaneLive(lane, nowNs);
        }
        logs.wantWhole();
        logs.setLeftOut(1);
        final SimBlock first = new SimBlock(null, 1, 1, 0, false);
        say(0, first);
        say(0, new SimBlock(first, 2, 2, 2, false));
        assertEquals(1, asked.size(), asked::toString);
        assertTrue(asked.get(0).startsWith("1 "), asked::toString);

        pass(DEADLINE_NS);
        assertTrue(asked.stream().anyMatch(call -> call.startsWith("0 ")), "the other has not answered");
    }

    private void say(final int lane, final SimBlock block)
    {
        final byte[] head = block.header();
        final long before = heads.saidHeads(lane);
        heads.onHead(lane, head, 0, head.length, nowNs);
        if (heads.saidHeads(lane) != before)
        {
            heads.tellLastHead(lane, true, logs);
        }
        logs.onTime(nowNs);
    }

    private void pass(final long passedNs)
    {
        for (final long endNs = nowNs + passedNs; nowNs < endNs; nowNs += TICK_NS)
        {
            heads.onTime(nowNs);
            logs.onTime(nowNs);
        }
        heads.onTime(nowNs);
    }

    @Override
    public void onHead(final Head head, final byte[] bytes, final int offset, final int length)
    {
        logs.onHead(head, nowNs);
    }

    @Override
    public void onLog(
        final long blockNumber, final long hashStart, final int logIndex, final boolean isRemoved,
        final byte[] bytes, final int offset, final int length)
    {
        // What is told is none of this test's matter.
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        asked.add(laneIndex + " " + call);
        return ++lastCallId;
    }

    @Override
    public void reset(final int laneIndex)
    {
        throw new AssertionError("nobody is silent for long");
    }
}
