package io.ringcast.tools.demo;

import io.ringcast.lane.LaneStatus;
import io.ringcast.tools.sim.NodeSettings;
import io.ringcast.tools.sim.SimulatedNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Simulated nodes that tell of one chain, each later than the one before, and the one of them that is cut off.
 * Confined to the main thread.
 */
public final class DemoFeeds implements AutoCloseable
{
    /** More feeds than this say nothing that fewer would not. */
    public static final int LIMIT_FEEDS = 8;

    private static final int FIRST_DELAY_MS = 20;
    private static final int NONE = -1;

    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<Integer> delaysMs = new ArrayList<>();
    private long[] winsAtCut;
    private int cutFeed = NONE;

    private DemoFeeds()
    {
    }

    /**
     * Starts the nodes. A single one is as the settings say; several are behind the chain, each a third more than the
     * one before, so that they overtake each other at times.
     *
     * @param settings how the nodes behave.
     * @param count    how many.
     * @return the nodes, listening.
     * @throws IOException when one cannot listen.
     */
    public static DemoFeeds start(final NodeSettings settings, final int count) throws IOException
    {
        final DemoFeeds feeds = new DemoFeeds();
        try
        {
            int delayMs = count == 1 ? 0 : FIRST_DELAY_MS;
            for (int i = 0; i < count; i++)
            {
                final NodeSettings own = settings.withDelayMs(settings.delayMs() + delayMs);
                feeds.nodes.add(i == 0 ? SimulatedNode.start(own) : feeds.nodes.get(0).startBeside(own));
                feeds.delaysMs.add(own.delayMs());
                delayMs += delayMs / 3;
            }
            feeds.winsAtCut = new long[count];
            return feeds;
        }
        catch (final IOException ex)
        {
            feeds.close();
            throw ex;
        }
    }

    /** The node whose chain it is. */
    public SimulatedNode first()
    {
        return nodes.get(0);
    }

    /** How many there are. */
    public int count()
    {
        return nodes.size();
    }

    /** A feed's name. */
    public String name(final int feed)
    {
        return "feed-" + (feed + 1);
    }

    /** How far behind the chain a feed is at the most, in milliseconds; half of it at the least. */
    public int delayMs(final int feed)
    {
        return delaysMs.get(feed);
    }

    /** The relay's upstreams: named if there are several. */
    public List<String> upstreams()
    {
        final List<String> upstreams = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++)
        {
            upstreams.add((nodes.size() > 1 ? name(i) + '=' : "") + nodes.get(i).url());
        }
        return upstreams;
    }

    /**
     * Cuts off the feed that has won most since the last cut; one that is cut off comes back first.
     *
     * @param statuses how the feeds do, in their order.
     * @return its number, or -1 if none is live.
     */
    public int cutBest(final List<LaneStatus> statuses)
    {
        comeBack();
        long mostWins = NONE;
        for (int i = 0; i < statuses.size(); i++)
        {
            final long wins = statuses.get(i).wins() - winsAtCut[i];
            winsAtCut[i] = statuses.get(i).wins();
            if (statuses.get(i).isLive() && wins > mostWins)
            {
                mostWins = wins;
                cutFeed = i;
            }
        }
        if (cutFeed != NONE)
        {
            nodes.get(cutFeed).goAway();
        }
        return cutFeed;
    }

    /** Lets the feed that is cut off, if any, come back. */
    public void comeBack()
    {
        if (cutFeed != NONE)
        {
            nodes.get(cutFeed).comeBack();
            cutFeed = NONE;
        }
    }

    /** Whether a feed is cut off. */
    public boolean isCut(final int feed)
    {
        return feed == cutFeed;
    }

    @Override
    public void close()
    {
        for (int i = nodes.size() - 1; i >= 0; i--)
        {
            nodes.get(i).close();
        }
    }
}
