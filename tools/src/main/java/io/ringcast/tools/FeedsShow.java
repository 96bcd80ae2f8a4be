package io.ringcast.tools;

import io.ringcast.lane.LaneStatus;
import io.ringcast.tools.demo.DemoFeeds;
import io.ringcast.tools.demo.FeedBoard;
import io.ringcast.tools.demo.HeadWatch;
import io.ringcast.transport.Relay;
import io.ringcast.transport.RelayStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.slf4j.Logger;

/**
 * The live scoreboard of a demo with several feeds, and the failover that it shows when the best of them is cut off.
 * Confined to the main thread.
 */
final class FeedsShow
{
    private static final long LOOK_MS = 100;
    private static final int LONGEST_CUT_SECONDS = 4;

    private final LiveScreen screen;
    private final DemoFeeds feeds;
    private final Relay relay;
    private final int cutEverySeconds;
    private final HeadWatch watch = new HeadWatch();
    private RelayStatus before;
    private int comeBackAtSecond;
    private String cutText = "";
    private boolean isHeadShown;

    FeedsShow(final LiveScreen screen, final DemoFeeds feeds, final Relay relay, final int cutEverySeconds)
    {
        this.screen = screen;
        this.feeds = feeds;
        this.relay = relay;
        this.cutEverySeconds = cutEverySeconds;
    }

    /** Shows the board each second, until told to stop or the time is over; 0 seconds have no end. */
    void run(final StopSignal stop, final int seconds) throws InterruptedException
    {
        if (screen.isRedrawn())
        {
            // The log would be written into the board, which shows the same.
            new LogbackLevels().trySet(Logger.ROOT_LOGGER_NAME, "error");
        }
        relay.subscribe("[\"newHeads\"]", watch);
        final long startNs = System.nanoTime();
        before = relay.status();
        for (int second = 1; seconds == 0 || second <= seconds; second++)
        {
            final long untilNs = startNs + TimeUnit.SECONDS.toNanos(second);
            for (long leftNs = untilNs - System.nanoTime(); leftNs > 0; leftNs = untilNs - System.nanoTime())
            {
                if (stop.awaitMs(Math.min(LOOK_MS, 1 + TimeUnit.NANOSECONDS.toMillis(leftNs))))
                {
                    return;
                }
                if (screen.takeEnter())
                {
                    cut(second - 1);
                }
            }
            onSecond(second);
        }
    }

    private void onSecond(final int second)
    {
        if (comeBackAtSecond > 0 && second >= comeBackAtSecond)
        {
            feeds.comeBack();
            comeBackAtSecond = 0;
        }
        final RelayStatus now = relay.status();
        screen.draw(lines(second, now));
        before = now;
        if (cutEverySeconds > 0 && second % cutEverySeconds == 0)
        {
            // Behind the drawing, which so has shown what became of the cut before.
            cut(second);
        }
    }

    private void cut(final int second)
    {
        watch.mark(System.nanoTime());
        final int feed = feeds.cutBest(statuses(relay.status()));
        if (feed >= 0)
        {
            final int forSeconds = cutEverySeconds == 0 ? LONGEST_CUT_SECONDS :
                Math.max(1, Math.min(LONGEST_CUT_SECONDS, cutEverySeconds / 2));
            comeBackAtSecond = second + forSeconds;
            cutText = String.format(
                "at %d s the best, %s, was cut off for %d s: ", second, feeds.name(feed), forSeconds);
        }
    }

    private List<String> lines(final int second, final RelayStatus now)
    {
        final Histogram latencyNs = now.latencyNs().copy();
        latencyNs.subtract(before.latencyNs());
        final List<String> lines = new ArrayList<>();
        lines.add(String.format(
            "%4d s  %,d heads, one per %,d ms, %,d missing  %,d deliveries/s  p50 %,d µs  p99 %,d µs", second,
            watch.heads(), TimeUnit.NANOSECONDS.toMillis(watch.meanGapNs()), watch.missing(),
            now.deliveries() - before.deliveries(), latencyNs.getValueAtPercentile(50) / 1000,
            latencyNs.getValueAtPercentile(99) / 1000));
        if (screen.isRedrawn() || !isHeadShown)
        {
            lines.add(FeedBoard.head());
            isHeadShown = true;
        }
        lines.addAll(FeedBoard.rows(feeds, statuses(now)));
        final String after = after();
        if (!after.isEmpty())
        {
            lines.add("  " + after);
        }
        return lines;
    }

    /** What became of the last cut; without a terminal it is said once. */
    private String after()
    {
        if (cutText.isEmpty())
        {
            return screen.isRedrawn() ? "Enter cuts off the best feed, Ctrl-C ends" : "";
        }
        final long afterNs = watch.nextAfterNs();
        final String text = cutText + (afterNs < 0 ? "..." :
            String.format("the next head came %,d ms later", TimeUnit.NANOSECONDS.toMillis(afterNs)));
        if (!screen.isRedrawn())
        {
            if (afterNs < 0)
            {
                return "";
            }
            cutText = "";
        }
        return text;
    }

    private static List<LaneStatus> statuses(final RelayStatus status)
    {
        return status.feeds().values().iterator().next();
    }
}
