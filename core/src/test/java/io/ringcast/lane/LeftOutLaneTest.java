package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is left out since it contradicts the others, and for how long. Confined to the test thread. */
class LeftOutLaneTest extends LaneWatchBed
{
    private static final int FAR = 300;

    @ParameterizedTest
    @CsvSource({"2, 1", "2, 2", "3, 1", "3, 2"})
    void shouldLeaveNobodyOutGivenThatAllWereAwayForLongerThanCanBeRepaired(final int laneCount, final int quorum)
    {
        start(laneCount, quorum);
        for (int lane = 0; lane < laneCount; lane++)
        {
            arbiter.onLaneDown(lane, nowNs);
        }
        pass(60_000 * MS);
        calls.clear();
        for (int lane = 0; lane < laneCount; lane++)
        {
            arbiter.onLaneLive(lane, nowNs);
        }
        block += FAR;
        for (int lane = 0; lane < laneCount; lane++)
        {
            answer(calls.get(lane), block(block));
        }

        for (int i = 0; i < 20; i++)
        {
            pass(GAP_NS);
            block++;
            for (int lane = 0; lane < laneCount; lane++)
            {
                say(lane, block);
            }
            assertEquals(block, arbiter.tipNumber());
        }
        assertEquals(0, counters.get(RelayCounter.LANES_LEFT_OUT));
        assertEquals(1, counters.get(RelayCounter.HEAD_GAPS));
    }

    @Test
    void shouldHearTheOneThatIsLeftOutGivenThatNoOtherIsThere()
    {
        start(2);
        say(1, block - 5);
        assertTrue(status(1).isLeftOut());
        pass(GAP_NS);
        arbiter.onLaneDown(0, nowNs);

        say(1, block + 1);
        assertEquals(block, arbiter.tipNumber(), "the other may be back at once");
        pass(20 * 150 * MS);
        say(1, block + 2);

        assertFalse(status(1).isLeftOut());
        assertEquals(block + 2, arbiter.tipNumber());
    }

    @Test
    void shouldStillLeaveItOutGivenThatAnotherCameBack()
    {
        start(2);
        say(1, block - 5);
        arbiter.onLaneDown(0, nowNs);
        pass(GAP_NS);
        arbiter.onLaneLive(0, nowNs);
        pass(20 * 150 * MS);

        say(1, block + 1);

        assertTrue(status(1).isLeftOut());
        assertEquals(block, arbiter.tipNumber());
    }

    @Test
    void shouldTakeTheHeadThatWasSaidMeanwhileGivenThatItIsSaidAgain()
    {
        start(2);
        say(1, block - 5);
        say(1, block + 1);
        assertEquals(block, arbiter.tipNumber());
        pass(31_000 * MS);

        say(1, block + 1);

        assertEquals(block + 1, arbiter.tipNumber());
    }
}
