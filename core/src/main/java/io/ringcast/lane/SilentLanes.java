package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the lanes that have accepted a feed of logs and tell none.
 * Confined to the thread that runs match.
 */
final class SilentLanes
{
    private static final Logger LOGGER = LoggerFactory.getLogger(SilentLanes.class);
    /** A lane that pushes has told of a block when the chain is so far behind it. */
    private static final int BLOCKS_TO_TELL = 3;

    private final LaneRules rules;
    private final CounterSet counters;
    private final LogLane[] lanes;
    private final LogBlocks blocks;
    /** The highest block that lanes were held to. */
    private long judgedNumber = -1;

    SilentLanes(final LaneRules rules, final CounterSet counters, final LogLane[] lanes, final LogBlocks blocks)
    {
        this.rules = rules;
        this.counters = counters;
        this.lanes = lanes;
        this.blocks = blocks;
    }

    /**
     * The chain has grown: lanes that told nothing of a block that has logs are noted. From then on, until one tells
     * something, nobody waits for it, and what no other lane tells is fetched with each head.
     */
    void onHead(final long tipNumber)
    {
        if (tipNumber < judgedNumber)
        {
            // So deep no reorg of the same blocks goes: the chain was begun anew from below.
            judgedNumber = -1;
        }
        final LogBlock block = blocks.onChain(tipNumber - BLOCKS_TO_TELL);
        if (block == null || block.number <= judgedNumber || block.count == 0)
        {
            return;
        }
        judgedNumber = block.number;
        for (int i = 0; i < lanes.length; i++)
        {
            if (lanes[i].tryConvict(block, i, blocks))
            {
                counters.increment(RelayCounter.LOG_LANES_SILENT);
                LOGGER.warn("upstream {} has accepted logs and tells none of them: they are fetched by block",
                    rules.name(i));
            }
        }
    }

    /** A look has shown logs that were not told: who should have is no longer believed. */
    void distrust()
    {
        for (final LogLane lane : lanes)
        {
            if (lane.covers(blocks.tipNumber()))
            {
                lane.distrust();
            }
        }
    }
}
