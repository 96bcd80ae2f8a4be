package io.ringcast.lane;

import java.util.Arrays;

/**
 * Finds out whether upstreams that refuse {@code newHeads} can be asked for them instead: each is asked for its newest
 * head. One that can't say is not asked again on the connection that it has; it may be of another kind altogether.
 * Confined to the thread that runs match; the time is passed in.
 */
final class RefusingLanes
{
    private static final long NO_CALL = 0;

    private final HeadSink sink;
    private final long[] callIds;
    private final long[] askedAtNs;
    private final boolean[] isUnable;

    RefusingLanes(final int laneCount, final HeadSink sink)
    {
        this.sink = sink;
        callIds = new long[laneCount];
        askedAtNs = new long[laneCount];
        isUnable = new boolean[laneCount];
    }

    /** It has a new connection. */
    void onUp(final int laneIndex)
    {
        callIds[laneIndex] = NO_CALL;
        isUnable[laneIndex] = false;
    }

    /** Its feed of heads is at an end: what it owes is void. */
    void onDown(final int laneIndex)
    {
        callIds[laneIndex] = NO_CALL;
    }

    void onRefused(final int laneIndex, final long nowNs)
    {
        if (callIds[laneIndex] == NO_CALL && !isUnable[laneIndex])
        {
            askedAtNs[laneIndex] = nowNs;
            callIds[laneIndex] = sink.fetch(laneIndex, HeadRepair.NEWEST);
        }
    }

    /** It can say nothing else now. */
    void onBusy(final int laneIndex, final long nowNs)
    {
        askedAtNs[laneIndex] = nowNs;
    }

    boolean isAsked(final int laneIndex, final long callId)
    {
        return callIds[laneIndex] != NO_CALL && callIds[laneIndex] == callId;
    }

    boolean isAnyAsked()
    {
        return Arrays.stream(callIds).anyMatch(callId -> callId != NO_CALL);
    }

    void take(final int laneIndex, final boolean isHead)
    {
        callIds[laneIndex] = NO_CALL;
        isUnable[laneIndex] = !isHead;
    }

    /** Time passes: who does not answer is not waited for. */
    void onTime(final long nowNs)
    {
        for (int lane = 0; lane < callIds.length; lane++)
        {
            if (callIds[lane] != NO_CALL && nowNs - askedAtNs[lane] >= LaggingLanes.ANSWER_NS)
            {
                take(lane, false);
            }
        }
    }
}
