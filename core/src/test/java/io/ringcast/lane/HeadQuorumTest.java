package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.util.List;

/** Lanes at different heights, of which two have to agree: what they agree on is published; what waits is said. */
class HeadQuorumTest extends LaneWatchBed
{
    private static final int FAR = 100;

    @Test
    void shouldPublishWhatTheOneBehindComesTo()
    {
        start(2, 2);
        final int first = block;
        for (int i = 0; i < FAR; i++)
        {
            pass(GAP_NS);
            say(0, ++block);
            if (i % 2 == 0)
            {
                say(1, first + 1 + i / 2);
            }
        }
        assertEquals(first + FAR / 2, published);

        for (int number = first + FAR / 2 + 1; number <= block; number++)
        {
            say(1, number);
        }
        assertEquals(block, published);
        assertEquals(List.of(), resets);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));
        assertEquals(List.of(), quorums);
    }

    @Test
    void shouldSayOnceThatHeadsWaitAndOnceThatTheyGoOn()
    {
        start(2, 2);
        arbiter.onLaneDown(1, nowNs);
        final int first = block;
        for (int i = 0; i < FAR; i++)
        {
            pass(GAP_NS);
            say(0, ++block);
        }
        assertEquals(first, published);
        assertEquals(List.of("lost 1"), quorums);
        assertEquals(1, counters.get(RelayCounter.QUORUMS_LOST));
        assertEquals(FAR - HeadLane.QUEUE_LIMIT, counters.get(RelayCounter.HEADS_CROWDED_OUT));

        arbiter.onLaneLive(1, nowNs);
        say(1, block);
        pass(TICK_NS);
        assertEquals(block, published);
        assertEquals(List.of("lost 1", "met 2"), quorums);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));
    }

    @Test
    void shouldSayThatTwoWhoNeverAgreeAreNoQuorum()
    {
        start(3, 2);
        arbiter.onLaneDown(2, nowNs);
        arbiter.onLaneDown(1, nowNs);
        arbiter.onLaneLive(1, nowNs);
        for (int i = 1; i <= FAR; i++)
        {
            pass(GAP_NS);
            say(0, ++block);
            say(1, "b", i);
        }

        assertEquals(1, quorums.size(), quorums::toString);
        assertEquals(List.of(), resets);
    }

    /** A head behind a hole, and one too far ahead, that only one of them tells: time alone changes nothing. */
    @Test
    void shouldNotJudgeAgainWhatWaitsForOthersAsTimePasses()
    {
        start(2, 2);
        arbiter.onLaneDown(1, nowNs);
        say(0, block + 5);
        pass(30 * GAP_NS);
        final long judged = arbiter.judgements();
        pass(100 * GAP_NS);
        assertEquals(judged, arbiter.judgements());

        say(0, block + 2_000);
        pass(30 * GAP_NS);
        final long judgedFar = arbiter.judgements();
        pass(100 * GAP_NS);
        assertEquals(judgedFar, arbiter.judgements());
        assertEquals(block, published);
    }

    /** The head that was missing comes when there is no room to wait: the first that waited is judged, once. */
    @Test
    void shouldCountAHeadOnceGivenItIsJudgedToMakeRoom()
    {
        start(1);
        for (int i = 0; i < HeadLane.QUEUE_LIMIT; i++)
        {
            say(0, block + 2 + i);
        }
        say(0, block + 1);

        assertEquals(block + 1 + HeadLane.QUEUE_LIMIT, published);
        assertEquals(1, counters.get(RelayCounter.ITEMS_DUPLICATE), "the one that came last");
    }
}
