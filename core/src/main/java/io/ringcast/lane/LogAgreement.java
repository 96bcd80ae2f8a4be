package io.ringcast.lane;

/**
 * Whether the lanes that push the logs of a block agree that it has no more of them.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>Who has gone on to a later block has said by that what it has of this one. One that is in the middle of the block
 * has not: if the one in front has left out the last logs, they are about to come. So it is waited for as long as it
 * may still be telling; on chains whose blocks are further apart than that nobody waits, since by the time that the
 * first lane goes on the others have long told all.
 */
final class LogAgreement
{
    /** What there is to be done about a block. */
    enum Verdict
    {
        /** It has no more logs. */
        DONE,
        /** It has none as far as is known, but a lane may be about to tell more. */
        HELD,
        /** Lanes differ, or nobody has gone on. */
        OPEN
    }

    private final LogLane[] lanes;
    private final LogBlocks blocks;
    private final RepairDeadline deadline;

    LogAgreement(final LogLane[] lanes, final LogBlocks blocks, final RepairDeadline deadline)
    {
        this.lanes = lanes;
        this.blocks = blocks;
        this.deadline = deadline;
    }

    /**
     * Judges a block by what was pushed.
     *
     * @param atNs the time on the clock that {@link LogLane#onLog} is given.
     */
    Verdict judge(final LogBlock block, final long atNs)
    {
        int covering = 0;
        int agreeing = 0;
        int movedOn = 0;
        int telling = 0;
        for (int i = 0; i < lanes.length; i++)
        {
            final boolean isCovering = lanes[i].covers(block.number);
            final boolean isAllSaid = block.isAllSaidBy(i);
            final boolean isTelling = lanes[i].isTelling(block, blocks, atNs, deadline.ns());
            covering += isCovering ? 1 : 0;
            telling += isTelling && isAllSaid ? 1 : 0;
            if (isCovering && isAllSaid)
            {
                final boolean hasMovedOn = lanes[i].hasMovedOn(block, blocks);
                movedOn += hasMovedOn ? 1 : 0;
                // Who has said nothing yet has not said that there is nothing.
                agreeing += hasMovedOn || block.count > 0 && !isTelling ? 1 : 0;
            }
        }
        if (movedOn == 0)
        {
            return Verdict.OPEN;
        }
        if (agreeing >= 2 || movedOn == covering && telling == 0)
        {
            return Verdict.DONE;
        }
        return telling > 0 ? Verdict.HELD : Verdict.OPEN;
    }

    /** Whether a lane was there from the block's beginning, and tells its logs. */
    boolean isCovered(final LogBlock block)
    {
        for (final LogLane lane : lanes)
        {
            if (lane.covers(block.number))
            {
                return true;
            }
        }
        return false;
    }

    /** Whether a lane has told a log that has told of its block from the beginning, so that it left out none before. */
    boolean isToldFromBeginning(final LogBlock block, final int place)
    {
        for (int i = 0; i < lanes.length; i++)
        {
            if (lanes[i].covers(block.number) && block.isSaid(place, i))
            {
                return true;
            }
        }
        return false;
    }
}
