package io.ringcast.lane;

import io.ringcast.frame.HexWords;

/**
 * Finds upstreams that are silent or behind for too long, without waiting for TCP to notice.
 * Confined to the thread that runs match.
 *
 * <p>How long is too long follows the chain's own pace. If all are silent the chain itself may stand still: then the
 * pause is longer, and an upstream is asked for its newest head first. One that answers with the head that it pushed
 * last is in order. One that does not answer in time, or shows a head that it still has not pushed a while later, is
 * not; the pause doubles with each reset that did not help.
 */
final class LaneWatch
{
    static final int NONE = -1;

    private static final int BEHIND_BLOCKS = 3;
    private static final int HEADS_FOR_A_PACE = 8;
    private static final int SMOOTHING = 8;
    private static final long SHORTEST_NS = 1_000_000_000L;
    private static final long SHORTEST_ALL_SILENT_NS = 10_000_000_000L;
    private static final long ANSWER_NS = 5_000_000_000L;
    /** An answer may overtake the push of what it shows. */
    private static final long PUSH_NS = 1_000_000_000L;
    private static final int MOST_DOUBLINGS = 6;
    private static final String NEWEST = "\"method\":\"eth_getBlockByNumber\",\"params\":[\"latest\",false]";

    private final int staleGaps;
    private final HeadSink sink;
    private final HeadKeys keys = new HeadKeys();
    private long lastPublishedAtNs;
    private long meanGapNs;
    private int gaps;
    private int silentResets;

    LaneWatch(final int staleGaps, final HeadSink sink)
    {
        this.staleGaps = staleGaps;
        this.sink = sink;
    }

    void onPublished(final long nowNs)
    {
        final long gapNs = nowNs - lastPublishedAtNs;
        if (gaps > 0)
        {
            meanGapNs = gaps == 1 ? gapNs : meanGapNs + (gapNs - meanGapNs) / SMOOTHING;
        }
        gaps = Math.min(gaps + 1, HEADS_FOR_A_PACE + 1);
        lastPublishedAtNs = nowNs;
        silentResets = 0;
    }

    /**
     * Looks for an upstream to reset, and asks those of which that can't be told yet.
     *
     * @return its index, or {@link #NONE}.
     */
    int findStale(final HeadLane[] lanes, final long tipNumber, final long nowNs)
    {
        if (gaps <= HEADS_FOR_A_PACE)
        {
            return NONE;
        }
        final long limitNs = Math.max(SHORTEST_NS, meanGapNs * staleGaps);
        final boolean isAllSilent = nowNs - lastPublishedAtNs >= limitNs;
        final long silentNs = isAllSilent ?
            Math.max(SHORTEST_ALL_SILENT_NS, limitNs) << Math.min(silentResets, MOST_DOUBLINGS) : limitNs;
        for (final HeadLane lane : lanes)
        {
            if (!lane.isLive)
            {
                continue;
            }
            noteBehind(lane, tipNumber, nowNs);
            final boolean isSilent = nowNs - lane.lastHeadAtNs >= silentNs;
            if (isSilent && isAllSilent && lane.newestCallId == 0)
            {
                lane.newestAskedAtNs = nowNs;
                lane.newestCallId = sink.fetch(lane.index, NEWEST);
            }
            else if (isSilent && (!isAllSilent || isOverdue(lane, nowNs)) ||
                lane.isBehind && nowNs - lane.behindSinceNs >= limitNs)
            {
                silentResets += isAllSilent ? 1 : 0;
                return lane.index;
            }
        }
        return NONE;
    }

    /**
     * Takes the answer of an upstream that was asked.
     *
     * @return false if it is an answer to something else.
     */
    boolean tryTakeAnswer(
        final HeadLane[] lanes, final long callId, final boolean isError, final byte[] bytes, final int offset,
        final int length, final long nowNs)
    {
        for (final HeadLane lane : lanes)
        {
            if (lane.newestCallId == callId)
            {
                lane.hasHiddenHead = !isError && keys.tryRead(bytes, offset, length) &&
                    !HexWords.equal(keys.hash, 0, lane.lastHash, 0);
                if (lane.hasHiddenHead)
                {
                    lane.newestAskedAtNs = nowNs;
                }
                else
                {
                    // It lives, and the chain stands still; or it can't say how far it is, which is no fault.
                    lane.noteLife(nowNs);
                }
                return true;
            }
        }
        return false;
    }

    private static boolean isOverdue(final HeadLane lane, final long nowNs)
    {
        return nowNs - lane.newestAskedAtNs >= (lane.hasHiddenHead ? PUSH_NS : ANSWER_NS);
    }

    private static void noteBehind(final HeadLane lane, final long tipNumber, final long nowNs)
    {
        final boolean isBehind = lane.hasSpoken && tipNumber - lane.lastNumber >= BEHIND_BLOCKS;
        if (isBehind && !lane.isBehind)
        {
            lane.behindSinceNs = nowNs;
        }
        lane.isBehind = isBehind;
    }
}
