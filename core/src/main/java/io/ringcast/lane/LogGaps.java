package io.ringcast.lane;

import io.ringcast.frame.HexWords;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Declares which logs are missing, or may be: a counter, a line in the log, and word to those who ask for it.
 * Confined to the thread that runs match.
 */
final class LogGaps
{
    private static final Logger LOGGER = LoggerFactory.getLogger(LogGaps.class);

    private final CounterSet counters;
    private final LogSink sink;
    /** True since a gap was declared where there may be none, until an upstream answers: there may be more. */
    private boolean isBlind;

    LogGaps(final CounterSet counters, final LogSink sink)
    {
        this.counters = counters;
        this.sink = sink;
    }

    /** An upstream has answered, or there is one anew that may. */
    void onAnswerable()
    {
        isBlind = false;
    }

    /** Logs of a block could not be had in time. */
    void onLost(final LogBlock block)
    {
        declare(block, "nobody could tell them in time");
    }

    /** Logs of a block came when their place had passed, since who pushes them had left them out. */
    void onLeftOut(final LogBlock block)
    {
        declare(block, "the upstream that pushes them left them out, which was found out too late");
    }

    /**
     * A log of a block came when its place had passed: the lanes that had gone on, or said another behind it, had left
     * it out. Declared once of a block, and not again where it is known that something is missing.
     */
    void onLate(final LogBlock block)
    {
        if (!block.isGapDeclared)
        {
            declare(block, "one came when others had said that there was none, or had gone past it");
        }
    }

    /**
     * A log of a block was dropped, since as many bytes are kept as may be; told once of a block of the chain, or of
     * one that it has left.
     */
    void onNoRoom(final LogBlock block)
    {
        if (block.isOnChain && !block.isCrowded)
        {
            declare(block, "there is no room for them in reorgHistoryBytes");
        }
        else if (block.visits > 0 || block.isVisitOver)
        {
            onVisitCut(block);
        }
        block.isCrowded = true;
    }

    /** There was no room for logs that came before the first head, and their block is on the chain, or may be. */
    void onUnheld(final LogBlock block)
    {
        declareUnplaced(block, "there is no room in reorgHistoryBytes for those that come before the first head");
    }

    /** A block with logs not yet told is kept no longer; of one that is not on the chain they are fetched then. */
    void onEvicted(final LogBlock block)
    {
        if (block.isOnChain && !block.isCrowded)
        {
            declare(block, "they are kept no longer, and what stands before them is still missing");
        }
        else if (!block.isOnChain && block.early != EarlyLogs.Place.SETTLED && block.early != EarlyLogs.Place.LEFT)
        {
            onUnheld(block);
        }
    }

    /** Logs of a block that came before the first head are held no longer, nor told; declared once of a block. */
    void onUnplaced(final LogBlock block)
    {
        declareUnplaced(block, "nobody could say in time whether the block, which came before the first head, is on " +
            "the chain");
    }

    /** Logs of a block that came before the first head are behind what was told of higher ones; declared once. */
    void onPassed(final LogBlock block)
    {
        declareUnplaced(block, "those of a higher block went out before the first head said where they belong");
    }

    private void declareUnplaced(final LogBlock block, final String why)
    {
        if (!block.isPlaceLost)
        {
            block.isPlaceLost = true;
            declare(block, why);
        }
    }

    /** What was only looked after need not have been there: that it is not known is declared once. */
    void onUnknown(final LogBlock block)
    {
        if (!isBlind)
        {
            isBlind = true;
            declare(block, "none was pushed, and nobody could say whether there are any; so for those behind it");
        }
    }

    /** The chain has left a block before all its logs could be told, and then told as removed; declared once of it. */
    void onVisitCut(final LogBlock block)
    {
        if (!block.isGapDeclared && !block.isVisitCut)
        {
            block.isVisitCut = true;
            counters.increment(RelayCounter.LOG_VISITS_CUT);
            LOGGER.warn("block {} {} was left before all its logs had come", block.number,
                HexWords.toText(block.hash, 0));
            sink.onGap(block.number);
        }
    }

    private void declare(final LogBlock block, final String why)
    {
        block.isGapDeclared = true;
        counters.increment(RelayCounter.LOG_GAPS);
        LOGGER.warn("a gap in the logs of block {} {}: {}", block.number, HexWords.toText(block.hash, 0), why);
        sink.onGap(block.number);
    }
}
