package io.ringcast.lane;

import io.ringcast.frame.HexWords;

import java.util.Arrays;

/**
 * Finds where the chain stands before any head is published, so that what is mined from then on is missed if it is not
 * told: each upstream that has pushed nothing by the first tick after it accepted the feed is asked, once, for its
 * newest head. That head is the anchor: it is not published, and the first one that is has to connect to it.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>What is pushed before anything else is published is published all the same, be it the anchor itself, lower, or on
 * another branch: who answers may be ahead of who pushes. Of several answers to questions that were asked before the
 * first answer, one that is far above it takes its place: so much is not mined meanwhile, the other upstream is behind.
 *
 * <p>Nor does an anchor hold for ever that no head comes to, as one that an upstream has made up: if another one, that
 * does not push and is asked again and again, has told of ever other heads for {@link #PATIENCE_NS}, none of them the
 * anchor or above it, then the chain stood where that one stood first.
 */
final class HeadAnchor
{
    static final long PATIENCE_NS = 30_000_000_000L;

    /** Where an upstream stood when it first told, because it was asked, a head that is not above the anchor. */
    private static final class Place
    {
        final long[] hash = new long[HexWords.WORDS];
        long number = UNKNOWN;
        long sinceNs;
    }

    private static final long UNKNOWN = -1;

    private final HeadLane[] lanes;
    private final HeadLog log;
    private final HeadSink sink;
    private final HeadKeys keys = new HeadKeys();
    private final Place[] places;

    HeadAnchor(final HeadLane[] lanes, final HeadLog log, final HeadSink sink)
    {
        this.lanes = lanes;
        this.log = log;
        this.sink = sink;
        places = new Place[lanes.length];
        Arrays.setAll(places, i -> new Place());
    }

    /** An upstream accepted the feed. */
    void onLaneLive(final HeadLane lane)
    {
        lane.isAnchorDue = !log.hasChain();
    }

    /** An upstream no longer has the feed: it answers nothing any more. */
    void onLaneDown(final HeadLane lane)
    {
        lane.isAnchorDue = false;
        lane.anchorCallId = HeadLane.NO_CALL;
        places[lane.index].number = UNKNOWN;
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

    /** Whether a push tells a head that the chain was known to stand at or above, and that nobody has pushed before. */
    boolean isToldBy(final Head head)
    {
        return log.isEmpty() && head.number <= log.tipNumber() && !head.isPushed;
    }

    /**
     * Takes the answer of an upstream: it is the anchor from now on, or of no use any more.
     *
     * @return false if it is a head like others that are asked for, above the anchor or not.
     */
    boolean tryUse(final HeadLane lane, final byte[] bytes, final int offset, final int length)
    {
        if (!log.isEmpty() || lane.hasSpoken || !keys.tryRead(bytes, offset, length))
        {
            return true;
        }
        final boolean isAnchor =
            !log.hasChain() || keys.number - log.tipNumber() >= LaggingLanes.BEHIND_BLOCKS;
        if (isAnchor)
        {
            lane.firstNumber = keys.number;
            log.anchor(keys.number, keys.hash);
        }
        return isAnchor;
    }

    /**
     * An upstream that was asked tells a head that is not above the anchor, and nothing is published yet.
     *
     * @return true if the anchor is now where that upstream stood first, and the head is above it.
     */
    boolean tryYield(final HeadLane lane, final Head head, final long nowNs)
    {
        final Place place = places[lane.index];
        if (log.isOnChain(head.number, head.hash))
        {
            // It was behind the anchor.
            place.number = UNKNOWN;
            return false;
        }
        if (place.number == UNKNOWN)
        {
            place.number = head.number;
            place.sinceNs = nowNs;
            System.arraycopy(head.hash, 0, place.hash, 0, HexWords.WORDS);
        }
        final boolean isYielding = head.number > place.number && nowNs - place.sinceNs >= PATIENCE_NS;
        if (isYielding)
        {
            log.anchor(place.number, place.hash);
        }
        return isYielding;
    }
}
