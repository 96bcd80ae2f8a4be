package io.ringcast.tools.demo;

import io.ringcast.lane.LaneStatus;
import java.util.ArrayList;
import java.util.List;

/** The scoreboard of the feeds as lines of text, each under 80 columns. Any thread. */
public final class FeedBoard
{
    private static final String ROW = "  %-7s %-10s %-10s %10s %12s %9s %9s %5s %8s";

    private FeedBoard()
    {
    }

    /** What stands above the feeds. */
    public static String head()
    {
        return String.format(ROW.replace("%12s", "%-12s"), "feed", "behind by", "state", "head", "  wins", "later p50",
            "p99", "late", "missing");
    }

    /** One line for each feed. */
    public static List<String> rows(final DemoFeeds feeds, final List<LaneStatus> statuses)
    {
        final List<String> rows = new ArrayList<>();
        final long allWins = statuses.stream().mapToLong(LaneStatus::wins).sum();
        for (int i = 0; i < statuses.size(); i++)
        {
            final int delayMs = feeds.delayMs(i);
            rows.add(row(statuses.get(i), delayMs / 2 + "-" + delayMs + " ms", feeds.isCut(i), allWins));
        }
        return rows;
    }

    static String row(final LaneStatus status, final String behind, final boolean isCut, final long allWins)
    {
        final long share = Math.round(status.wins() * 100.0 / Math.max(1, allWins));
        final String wins = String.format("%,d (%d %%)", status.wins(), share);
        return String.format(ROW, status.feed(), behind, isCut ? "cut off" : state(status),
            status.number() < 0 ? "-" : String.format("%,d", status.number()), wins,
            milliseconds(status, status.marginP50Us()), milliseconds(status, status.marginP99Us()),
            String.format("%,d", status.late()), String.format("%,d", status.missing()));
    }

    private static String state(final LaneStatus status)
    {
        if (!status.isUp())
        {
            return "away";
        }
        if (status.isLeftOut())
        {
            return "left out";
        }
        return status.isLive() ? "live" : "connected";
    }

    private static String milliseconds(final LaneStatus status, final long us)
    {
        return status.seconds() == 0 ? "-" : String.format("%.1f ms", us / 1_000.0);
    }
}
