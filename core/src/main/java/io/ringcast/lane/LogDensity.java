package io.ringcast.lane;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a block's logs are counted from 0 without a hole, so that an index tells how many stand before it: in a feed
 * of all logs, until two upstreams show that the network counts otherwise.
 * Confined to the thread that runs match.
 */
final class LogDensity
{
    private static final Logger LOGGER = LoggerFactory.getLogger(LogDensity.class);

    private final LogLane[] lanes;
    private boolean isDense;

    LogDensity(final LogLane[] lanes, final boolean isDense)
    {
        this.lanes = lanes;
        this.isDense = isDense;
    }

    boolean isDense()
    {
        return isDense;
    }

    /** Whether a block has logs, as its head tells, and there are none here. */
    boolean isUntold(final LogBlock block, final int count)
    {
        return isDense && count == 0 && block.hasBloom && !block.isBloomZero;
    }

    /**
     * Whether a lane's answer lacks logs of a block, so that another lane is to be asked. An answer with a hole does;
     * unless a second lane answers so, or there is none: then the network can't be held to it.
     *
     * @param answered how many logs it has.
     * @param largest  the largest index in it.
     */
    boolean isShort(final LogBlock block, final int laneIndex, final int answered, final int largest)
    {
        if (!isDense || answered == 0 || largest == answered - 1)
        {
            return isUntold(block, answered);
        }
        block.sparseMask |= 1 << laneIndex;
        isDense = Integer.bitCount(block.sparseMask) < Math.min(2, LogLane.countAskable(lanes, block.number));
        if (!isDense)
        {
            LOGGER.warn("upstreams don't count the logs of a block from 0, as of {}: what one of them leaves out " +
                "within a block is no longer seen", block.number);
        }
        return isDense;
    }
}
