package io.ringcast.lane;

/**
 * Finds where the chain stands before any head is published, so that what is mined from then on is missed if it is not
 * told: each upstream that has pushed nothing by the first tick after it accepted the feed is asked, once, for its
 * newest head. That head is the anchor: it is not published, and the first one that is has to connect to it.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>What is pushed before anything else is published is published all the same, be it the anchor itself, lower, or on
 * another branch: who answers may be ahead of who pushes. Of several answers to questions that were asked before the
 * first answer, one that is far above it takes its place: so much is not mined meanwhile, the other upstream is behind.
 */
final class HeadAnchor
{
    private final HeadLane[] lanes;
    private final HeadLog log;
    private final HeadSink sink;
    private final HeadKeys keys = new HeadKeys();

    HeadAnchor(final HeadLane[] lanes, final HeadLog log, final HeadSink sink)
    {
        this.lanes = lanes;
        this.log = log;
        this.sink = sink;
    }

    /** An upstream accepted the feed. */
    void onLaneLive(final HeadLane lane)
    {
        lane.isAnchorDue = !log.hasChain();
    }

    /** An upstream no longer has the feed: it answers nothing any more. */
    static void onLaneDown(final HeadLane lane)
    {
        lane.isAnchorDue = false;
        lane.anchorCallId = HeadLane.NO_CALL;
    }

    void onTime()
    {
        for (final HeadLane lane : lanes)
        {
            if (lane.isAnchorDue)
            {
                lane.isAnchorDue = false;
                if (!lane.hasSpoken && !log.hasChain())
                {
                    lane.anchorCallId = sink.fetch(lane.index, HeadRepair.NEWEST);
                }
            }
        }
    }

    /** Whether an answer is to the question; it ends with that. */
    boolean tryTake(final HeadLane lane, final long callId)
    {
        final boolean isOwn = lane.anchorCallId != HeadLane.NO_CALL && lane.anchorCallId == callId;
        lane.anchorCallId = isOwn ? HeadLane.NO_CALL : lane.anchorCallId;
        return isOwn;
    }

    /** Whether nothing is published, and the chain is known to stand at a head or above it. */
    boolean mayBeFirst(final Head head)
    {
        return log.isEmpty() && head.number <= log.tipNumber();
    }

    /** Whether an upstream's answer is the anchor from now on. */
    boolean trySet(final HeadLane lane, final byte[] bytes, final int offset, final int length)
    {
        final boolean isAnchor = keys.tryRead(bytes, offset, length) &&
            (!log.hasChain() || keys.number - log.tipNumber() >= LaggingLanes.BEHIND_BLOCKS);
        if (isAnchor)
        {
            lane.firstNumber = keys.number;
            log.anchor(keys.number, keys.hash);
        }
        return isAnchor;
    }
}
