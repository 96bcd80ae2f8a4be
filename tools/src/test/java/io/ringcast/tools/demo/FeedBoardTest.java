package io.ringcast.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.lane.LaneMark;
import io.ringcast.lane.LaneStatus;
import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
final class FeedBoardTest
{
    @Test
    void shouldShowWhatAFeedDoesInOneLine()
    {
        assertEquals("  feed-2  13-26 ms   live       21,000,001 1,204 (50 %)    7.4 ms   21.4 ms     3        7",
            FeedBoard.row(status(true, true, false), "13-26 ms", false, 2_400));
    }

    @Test
    void shouldNameTheStateOfAFeed()
    {
        assertState("cut off", status(false, false, false), true);
        assertState("away", status(false, false, false), false);
        assertState("connected", status(true, false, false), false);
        assertState("left out", status(true, true, true), false);
        assertState("live", status(true, true, false), false);
    }

    @Test
    void shouldShowDashesWhenNothingHasBeenSaid()
    {
        final LaneStatus silent =
            new LaneStatus(
                "feed-1", true, false, false, LaneMark.NONE, false, false, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 5);

        assertEquals("  feed-1  0-0 ms     connected           -      0 (0 %)         -         -     0        0",
            FeedBoard.row(silent, "0-0 ms", false, 0));
    }

    @Test
    void shouldAlignTheHeadWithTheRows()
    {
        final String row = FeedBoard.row(status(true, true, false), "13-26 ms", false, 2_400);

        assertEquals(row.length(), FeedBoard.head().length());
        assertTrue(FeedBoard.head().length() < 100);
    }

    private static void assertState(final String state, final LaneStatus status, final boolean isCut)
    {
        assertTrue(FeedBoard.row(status, "1-2 ms", isCut, 1).contains(" " + state + "  "), state);
    }

    private static LaneStatus status(final boolean isUp, final boolean isLive, final boolean isLeftOut)
    {
        return new LaneStatus(
            "feed-2", isUp, isLive, isLeftOut, LaneMark.NONE, false, false, 21_000_001, 1_204, 9, 7_400, 21_400,
            30_000, 3, 7, 0, 0, 2, 60_000);
    }
}
