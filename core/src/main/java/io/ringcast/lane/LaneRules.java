package io.ringcast.lane;

/**
 * The bounds that arbitration keeps to.
 * Immutable.
 *
 * @param laneCount        how many upstreams there are.
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
    int laneCount, int quorum, long repairDeadlineNs, int repairBlocks, int staleGaps, long reorgBytes,
    long pollMinNs, long pollMaxNs, int ringSlots)
{
    /** A hole whose missing parts keep arriving is given up after so many deadlines all the same. */
    static final int LONGEST_REPAIR_DEADLINES = 20;
    /** A fetch that is not answered goes to another upstream after this part of the deadline. */
    static final int ATTEMPTS_PER_DEADLINE = 4;

    long attemptNs()
    {
        return repairDeadlineNs / ATTEMPTS_PER_DEADLINE;
    }
}
