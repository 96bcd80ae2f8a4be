package io.ringcast.match;

import org.agrona.collections.Long2ObjectHashMap;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which feeds have the same subscription at an upstream: a node may give one id to what it takes for equal.
 * Confined to the pipeline thread that runs match.
 *
 * <p>To the relay {@code [key]} and {@code [key,{"commitment":"finalized"}]} are two feeds, to a Solana validator they
 * are one subscription. Correlate knows it by the call that was answered last.
 */
final class SharedTokens
{
    /** What {@link #leave} gives while another feed has the subscription. */
    static final long NONE = -1;

    /** One subscription at an upstream. */
    private static final class Shared
    {
        private final List<Feed> feeds = new ArrayList<>(1);
        private long callId;
    }

    private final List<Map<String, Shared>> byToken = new ArrayList<>();
    private final Long2ObjectHashMap<Shared> byCall = new Long2ObjectHashMap<>();

    SharedTokens(final int laneCount)
    {
        for (int lane = 0; lane < laneCount; lane++)
        {
            byToken.add(new LinkedHashMap<>());
        }
    }

    void onAccepted(final Feed feed, final int laneIndex, final long callId, final byte[] token)
    {
        final Shared shared = byToken.get(laneIndex).computeIfAbsent(text(token), absent -> new Shared());
        shared.feeds.add(feed);
        know(shared, callId);
    }

    /** The feeds whose items come under a call; empty if it is not known. */
    List<Feed> feedsOf(final long callId)
    {
        final Shared shared = byCall.get(callId);
        return shared == null ? List.of() : shared.feeds;
    }

    /**
     * A feed no longer wants its subscription at an upstream.
     *
     * @param feed      which feed; null for one that was released before the upstream had answered.
     * @param laneIndex the upstream.
     * @param callId    its subscribe call.
     * @param token     the upstream's id.
     * @return the call that correlate knows the subscription by, to end it; {@link #NONE} if others want it.
     */
    long leave(final Feed feed, final int laneIndex, final long callId, final byte[] token)
    {
        final Shared shared = byToken.get(laneIndex).get(text(token));
        if (shared == null)
        {
            return callId;
        }
        if (feed == null)
        {
            know(shared, callId);
            return NONE;
        }
        shared.feeds.remove(feed);
        if (!shared.feeds.isEmpty())
        {
            return NONE;
        }
        byToken.get(laneIndex).remove(text(token));
        byCall.remove(shared.callId);
        return shared.callId;
    }

    void onLaneDown(final int laneIndex)
    {
        byToken.get(laneIndex).values().forEach(shared -> byCall.remove(shared.callId));
        byToken.get(laneIndex).clear();
    }

    private void know(final Shared shared, final long callId)
    {
        byCall.remove(shared.callId);
        shared.callId = callId;
        byCall.put(callId, shared);
    }

    private static String text(final byte[] token)
    {
        return new String(token, StandardCharsets.UTF_8);
    }
}
