package io.ringcast.lane;

import io.ringcast.config.UpstreamConfig;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The bounds that arbitration keeps to.
 * Immutable.
 *
 * @param laneNames        what the upstreams are called, by lane; for the log.
 * @param quorum           how many of them must have said a head, or one that descends from it.
 * @param repairDeadlineNs how long what came is held for what is missing before it, in nanoseconds since the last
 *                         missing part arrived.
 * @param repairBlocks     how many missing blocks are fetched for one hole.
 * @param staleGaps        how many mean gaps between heads an upstream may be silent or behind.
 * @param reorgBytes       how many bytes of logs a feed keeps, to tell them as removed at a reorg.
 * @param pollMinNs        shortest time between two polls of an upstream that does not push, in nanoseconds.
 * @param pollMaxNs        longest such time while nothing fails.
 * @param ringSlots        how many slots behind this stage the bytes that it handed on may still be read.
 */
public record LaneRules(
    List<String> laneNames, int quorum, long repairDeadlineNs, int repairBlocks, int staleGaps, long reorgBytes,
    long pollMinNs, long pollMaxNs, int ringSlots)
{
    /** A hole whose missing parts keep arriving is given up after so many deadlines all the same. */
    static final int LONGEST_REPAIR_DEADLINES = 20;
    /** A fetch that is not answered goes to another upstream after this part of the deadline. */
    static final int ATTEMPTS_PER_DEADLINE = 4;

    /** The same for lanes that have the names of upstreams without a name. */
    public LaneRules(
        final int laneCount, final int quorum, final long repairDeadlineNs, final int repairBlocks,
        final int staleGaps, final long reorgBytes, final long pollMinNs, final long pollMaxNs, final int ringSlots)
    {
        this(IntStream.range(0, laneCount).mapToObj(UpstreamConfig::defaultName).toList(), quorum, repairDeadlineNs,
            repairBlocks, staleGaps, reorgBytes, pollMinNs, pollMaxNs, ringSlots);
    }

    /** How many upstreams there are. */
    public int laneCount()
    {
        return laneNames.size();
    }

    String name(final int laneIndex)
    {
        return laneNames.get(laneIndex);
    }

    long attemptNs()
    {
        return repairDeadlineNs / ATTEMPTS_PER_DEADLINE;
    }
}
