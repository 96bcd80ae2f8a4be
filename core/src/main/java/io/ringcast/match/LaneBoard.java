package io.ringcast.match;

import io.ringcast.lane.LaneStatus;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/**
 * The scoreboard of the upstreams.
 * Single writer: the pipeline thread that runs match; {@link #snapshot()} is readable from any thread.
 */
final class LaneBoard
{
    private static final long SNAPSHOT_NS = 1_000_000_000L;

    private final List<String> names;
    private final FeedItems items;
    private volatile List<LaneStatus> snapshot = List.of();
    private long snapshotAtNs;

    LaneBoard(final List<String> names, final FeedItems items)
    {
        this.names = names;
        this.items = items;
    }

    void onTick(final long nowNs)
    {
        if (snapshot.isEmpty() || nowNs - snapshotAtNs >= SNAPSHOT_NS)
        {
            snapshotAtNs = nowNs;
            snapshot = statuses(nowNs);
        }
    }

    List<LaneStatus> snapshot()
    {
        return snapshot;
    }

    /** What {@code relay_feeds} answers. */
    byte[] toJson(final long nowNs)
    {
        final StringJoiner json = new StringJoiner(",", "[", "]");
        statuses(nowNs).forEach(status -> json.add(status.toJson()));
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private List<LaneStatus> statuses(final long nowNs)
    {
        return IntStream.range(0, names.size()).mapToObj(lane -> items.status(lane, names.get(lane), nowNs)).toList();
    }
}
