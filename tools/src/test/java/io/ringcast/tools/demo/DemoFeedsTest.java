package io.ringcast.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.lane.LaneMark;
import io.ringcast.lane.LaneStatus;
import io.ringcast.tools.sim.NodeSettings;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
final class DemoFeedsTest
{
    @Test
    void shouldBeOneNodeAsToldWhenThereIsOneFeed() throws IOException
    {
        try (DemoFeeds feeds = DemoFeeds.start(NodeSettings.quiet().withDelayMs(7), 1))
        {
            assertEquals(7, feeds.delayMs(0));
            assertEquals(List.of(feeds.first().url().toString()), feeds.upstreams());
        }
    }

    @Test
    void shouldBeEachLaterThanTheOneBeforeWhenThereAreSeveral() throws IOException
    {
        try (DemoFeeds feeds = DemoFeeds.start(NodeSettings.quiet(), 3))
        {
            assertEquals(3, feeds.count());
            assertTrue(feeds.delayMs(0) < feeds.delayMs(1) && feeds.delayMs(1) < feeds.delayMs(2));
            assertTrue(feeds.upstreams().get(2).startsWith("feed-3=ws://"));
        }
    }

    @Test
    void shouldCutTheLiveFeedThatHasWonMostSinceTheLastCut() throws IOException
    {
        try (DemoFeeds feeds = DemoFeeds.start(NodeSettings.quiet(), 3))
        {
            assertEquals(1, feeds.cutBest(List.of(status(4, true), status(5, true), status(9, false))));
            assertTrue(feeds.isCut(1));
            assertEquals(0, feeds.cutBest(List.of(status(8, true), status(7, true), status(9, true))));
            assertFalse(feeds.isCut(1));
            feeds.comeBack();
            assertFalse(feeds.isCut(0));
        }
    }

    @Test
    void shouldAnswerNobodyUntilItComesBackWhenAFeedIsCut() throws IOException
    {
        try (DemoFeeds feeds = DemoFeeds.start(NodeSettings.quiet(), 1);
            DemoSubscribers subscribers = DemoSubscribers.connect(feeds.first().url(), 1))
        {
            while (subscribers.received() == 0)
            {
                feeds.first().mine(1);
            }
            feeds.cutBest(List.of(status(1, true)));
            final long told = feeds.first().notifications();
            feeds.first().mine(3);

            assertEquals(told, feeds.first().notifications());
        }
    }

    private static LaneStatus status(final long wins, final boolean isLive)
    {
        return new LaneStatus(
            "f", isLive, isLive, false, LaneMark.NONE, false, false, 1, wins, 0, 0, 0, 0, 0, 0, 0, 0, 1, 5);
    }
}
