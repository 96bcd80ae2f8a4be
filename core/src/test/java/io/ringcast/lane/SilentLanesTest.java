package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

/** Which blocks a lane that tells no logs is held to. Confined to the test's thread. */
class SilentLanesTest
{
    private static final long HIGH = 1_000_000;

    private final LaneRules rules = new LaneRules(2, 1, 1, 256, 1_000, 1 << 20, 1, 1, 8);
    private final CounterSet counters = new CounterSet();
    private final LogBlocks blocks = LogBlocksTest.blocks(1 << 20);
    private final LogLane[] lanes = {new LogLane(), new LogLane()};
    private final SilentLanes silent = new SilentLanes(rules, counters, lanes, blocks);

    /** As a node that says an absurd number makes it, or one that has begun its chain anew. */
    @Test
    void shouldFindASilentLaneGivenThatTheChainHasGoneBackFarBelow()
    {
        grow(HIGH, HIGH + 4);
        while (blocks.tipNumber() >= 10)
        {
            blocks.takeTip(10);
        }
        grow(10, 20);

        assertEquals(1, counters.get(RelayCounter.LOG_LANES_SILENT));
    }

    private void grow(final long first, final long last)
    {
        for (final LogLane lane : lanes)
        {
            lane.onLive();
        }
        for (long number = first; number <= last; number++)
        {
            final LogBlock block = blocks.get(new long[]{number, 0, 0, 0}, number);
            blocks.insert(block, 0, 0, new byte[1], 0, 1);
            block.noteSaid(0, 0);
            blocks.append(block);
            lanes[0].onLog(block, blocks, 0);
            for (final LogLane lane : lanes)
            {
                lane.onHead(true, block.hash, number, blocks);
            }
            silent.onHead(number);
        }
    }
}
