package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
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
    void shouldHoldNoMoreBytesOfOneLaneThanItsPart()
    {
        start(4, 2);
        final int part = HeadStore.queueBytes(4) / HeadStore.LONGEST_HEAD_BYTES;
        assertTrue(part < HeadLane.QUEUE_LIMIT);
        final int first = block;
        for (int i = 0; i < HeadLane.QUEUE_LIMIT; i++)
        {
            sayLong(0, ++block);
        }
        assertEquals(HeadLane.QUEUE_LIMIT - part, counters.get(RelayCounter.HEADS_CROWDED_OUT));

        assertEquals(first, published);
        sayLong(1, block);
        assertEquals(block, published, "what made room is still known, and is on the way");
    }

    @Test
    void shouldAskAnotherForAHeadThatIsTooLong()
    {
        start(2, 1);
        calls.clear();
        say(0, block + 2);
        assertTrue(last().text().contains("eth_getBlockByHash"));
        answer(last(), bytes(new String(block(block + 1), StandardCharsets.US_ASCII)
            .replace("\"extraData\":\"", "\"extraData\":\"" + "0".repeat(HeadStore.LONGEST_HEAD_BYTES))));
        assertEquals(1, counters.get(RelayCounter.REPAIR_FETCHES_FAILED));
        assertEquals(List.of(0, 1), calls.stream().map(Call::laneIndex).toList());

        answer(last(), block(block + 1));
        assertEquals(block + 2, published);
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

    /** An upstream without push is asked for its newest head at half the chain's pace, each 5 s at most. */
    @Test
    void shouldSayNothingGivenThatTheSecondIsAsLateAsOneThatIsPolled()
    {
        create(2, 2);
        for (int i = 0; i < FAR; i++)
        {
            pass(7_000 * MS);
            say(0, ++block);
            pass(5_000 * MS);
            say(1, block);
        }

        assertEquals(block, published);
        assertEquals(List.of(), quorums);
        assertEquals(0, counters.get(RelayCounter.QUORUMS_LOST));
    }

    /** When the chain pauses, the first has been silent for a little longer than it is since anything was published. */
    @Test
    void shouldTakeNobodyForSilentGivenAPauseOfTheChainBehindAHeadThatTheFirstToldLongBeforeTheSecond()
    {
        start(2, 2);
        pass(GAP_NS);
        say(0, ++block);
        pass(GAP_NS);
        say(1, block);
        pass(SILENT_NS / 2);

        assertEquals(block, published);
        assertEquals(List.of(), resets);
        assertEquals(LaneMark.NONE, status(0).mark());
    }

    @Test
    void shouldSayThatHeadsWaitWhenTheSecondIsLaterThanAnyPoll()
    {
        create(2, 2);
        for (int i = 0; i < 20; i++)
        {
            pass(12_000 * MS);
            say(0, ++block);
            say(1, block);
        }
        say(0, ++block);
        pass(11_900 * MS);
        assertEquals(List.of(), quorums);
        pass(200 * MS);

        assertEquals(List.of("lost 2"), quorums);
    }

    @Test
    void shouldCountOneThatIsPolledAsOneThatAgrees()
    {
        start(3, 2);
        for (int i = 0; i < FAR && !status(1).isHeadsPolled(); i++)
        {
            final int asked = calls.size();
            pass(GAP_NS);
            say(0, ++block);
            say(2, block);
            List.copyOf(calls.subList(asked, calls.size())).forEach(call -> answer(call, block(block)));
            reconnectAsReset();
        }
        assertTrue(status(1).isHeadsPolled());
        arbiter.onLaneDown(2, nowNs);
        for (int i = 0; i < FAR; i++)
        {
            say(0, ++block);
            pass(2 * GAP_NS);
            answer(last(), block(block));
        }
        assertEquals(LaneMark.SILENT, status(1).mark());
        assertEquals(block, published);
        assertEquals(List.of(), quorums);

        arbiter.onLaneDown(1, nowNs);
        say(0, ++block);
        pass(2 * GAP_NS);
        assertEquals(List.of("lost 1"), quorums);
    }

    @Test
    void shouldSayNothingWhenNobodyWantsHeads()
    {
        start(2, 2);
        say(0, ++block);
        arbiter.onReleased();
        pass(FAR * GAP_NS);
        assertEquals(List.of(), quorums);

        arbiter.onLaneLive(0, nowNs);
        pass(2 * GAP_NS);
        assertEquals(List.of(), quorums, "somebody does again, and nothing waits");

        say(0, ++block);
        pass(2 * GAP_NS);
        assertEquals(List.of("lost 1"), quorums, "a head waits");
    }

    @Test
    void shouldNotSayThatHeadsGoOnGivenThatNobodyWantsThemAnyMore()
    {
        start(2, 2);
        arbiter.onLaneDown(1, nowNs);
        say(0, ++block);
        pass(GAP_NS);
        assertEquals(List.of("lost 1"), quorums);
        arbiter.onReleased();
        pass(GAP_NS);
        assertEquals(List.of("lost 1"), quorums);

        arbiter.onLaneLive(0, nowNs);
        say(0, ++block);
        pass(GAP_NS);
        assertEquals(List.of("lost 1", "lost 1"), quorums, "they wait again for who wants them now");
    }

    @Test
    void shouldNotSayThatHeadsGoOnGivenThatTheOneThatToldThemIsLeftOut()
    {
        start(3, 3);
        arbiter.onLaneDown(2, nowNs);
        say(0, ++block);
        pass(GAP_NS);
        assertEquals(List.of("lost 2"), quorums);
        say(0, block - 5);
        pass(GAP_NS);
        assertEquals(LaneMark.BACKWARDS, status(0).mark());
        assertEquals(List.of("lost 2"), quorums, "nothing went on");

        arbiter.onLaneLive(2, nowNs);
        pass(30_000 * MS);
        for (int lane = 0; lane < 3; lane++)
        {
            say(lane, block);
        }
        pass(TICK_NS);
        assertEquals(block, published);
        assertEquals(2, quorums.size(), quorums::toString);
        assertEquals("met 3", quorums.get(1));
    }

    private void sayLong(final int laneIndex, final int number)
    {
        say(laneIndex, "", number, HeadStore.LONGEST_HEAD_BYTES);
    }

    private void reconnectAsReset()
    {
        if (!resets.isEmpty())
        {
            reconnect(resets.remove(0));
            answer(last(), block(block));
        }
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
