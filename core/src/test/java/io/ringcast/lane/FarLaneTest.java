package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An upstream that is farther away than the repair deadline closes holes, too. Confined to the test thread. */
class FarLaneTest extends LaneWatchBed
{
    private static final long DEADLINE_NS = 150 * MS;

    private final RepairDeadline deadline = new RepairDeadline(new LaneRules(2, 1, DEADLINE_NS, 1, 1, 1, 1, 1, 1));

    @ParameterizedTest
    @CsvSource({"1, 200", "20, 200", "1, 400", "20, 400", "1, 900"})
    void shouldCloseAHoleGivenAnswersThatTakeLongerThanTheDeadline(final int missed, final long roundTripMs)
    {
        start(1);
        reconnectBehind(missed);
        pass(roundTripMs * MS);
        // It has been asked again meanwhile.
        final int asked = calls.size();
        answer(calls.get(0), block(block));
        say(0, ++block);
        answerAll(asked, roundTripMs);

        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));
        assertEquals(block, arbiter.tipNumber());
        assertEquals(block, published);
    }

    @Test
    void shouldGiveUpAsBeforeGivenThatTheUpstreamAnsweredSoonBefore()
    {
        start(1);
        reconnectBehind(1);
        answer(last(), block(block));
        say(0, ++block);
        pass(DEADLINE_NS - TICK_NS);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));
        pass(TICK_NS);

        assertEquals(1, counters.get(RelayCounter.HEAD_GAPS));
    }

    @Test
    void shouldWaitNoLongerThanForTheLongestRepairGivenAnAnswerThatTookAMinute()
    {
        start(1);
        reconnectBehind(1);
        pass(60_000 * MS);
        answer(calls.get(0), block(block));
        say(0, ++block);
        pass(DEADLINE_NS * LaneRules.LONGEST_REPAIR_DEADLINES);

        assertEquals(1, counters.get(RelayCounter.HEAD_GAPS));
    }

    @Test
    void shouldForgetASlowAnswerAfterAMinuteButNotHowFarALaneIsAtLeast()
    {
        deadline.setLive(0, true);
        deadline.onAnswered(0, 400 * MS, nowNs);
        assertEquals(1_200 * MS, deadline.ns());
        deadline.onAnswered(1, 900 * MS, nowNs);
        assertEquals(1_200 * MS, deadline.ns(), "who is not there is not waited for");
        deadline.onTime(nowNs + 1_000 * RepairDeadline.KEPT_NS);
        assertEquals(1_200 * MS, deadline.ns(), "a far node is far away also when it was asked long ago");

        nowNs += 1_000 * RepairDeadline.KEPT_NS;
        deadline.onAnswered(0, 700 * MS, nowNs);
        deadline.onAnswered(0, MS, nowNs);
        assertEquals(2_100 * MS, deadline.ns());
        deadline.onTime(nowNs + RepairDeadline.KEPT_NS - 1);
        assertEquals(2_100 * MS, deadline.ns());
        deadline.onTime(nowNs + RepairDeadline.KEPT_NS);
        assertEquals(DEADLINE_NS, deadline.ns());
        deadline.setOthers(60 * MS);
        assertEquals(180 * MS, deadline.ns());
    }

    @Test
    void shouldMeasureAnewOverEachConnection()
    {
        deadline.setLive(0, true);
        deadline.onAnswered(0, 700 * MS, nowNs);
        deadline.setLive(0, false);
        deadline.setLive(0, true);

        assertEquals(DEADLINE_NS, deadline.ns());
    }

    @Test
    void shouldNotCountTimeInWhichTheRelayItselfStoodStill()
    {
        start(1);
        reconnectBehind(1);
        nowNs += 10_000 * MS;
        answer(last(), block(block));

        assertEquals(WaitClock.LONGEST_STEP_NS, arbiter.roundTripNs());
    }

    @Test
    void shouldGiveUpAsBeforeAMinuteAfterASlowAnswer()
    {
        start(1);
        reconnectBehind(1);
        pass(900 * MS);
        answer(calls.get(0), block(block));
        answer(last(), block(block - 1));
        assertEquals(900 * MS, arbiter.roundTripNs());
        for (long left = RepairDeadline.KEPT_NS; left > 0; left -= GAP_NS)
        {
            say(0, ++block);
            pass(GAP_NS);
        }

        assertEquals(0, arbiter.roundTripNs());
    }

    /** The connection ends, blocks are mined, and it is there again. */
    private void reconnectBehind(final int missed)
    {
        arbiter.onLaneDown(0, nowNs);
        pass(GAP_NS);
        calls.clear();
        block += missed + 1;
        arbiter.onLaneLive(0, nowNs);
    }

    /** Each question from the given one on gets its answer, a round trip after the ones before. */
    private void answerAll(final int first, final long roundTripMs)
    {
        for (int from = first; from < calls.size(); )
        {
            final int until = calls.size();
            pass(roundTripMs * MS);
            for (; from < until; from++)
            {
                answer(calls.get(from), block(numberAskedFor(calls.get(from).text())));
            }
        }
    }

    private int numberAskedFor(final String call)
    {
        for (int number = 0; number <= block; number++)
        {
            final String hash = new String(block(number)).replaceAll(".*\"hash\":\"|\",\"extraData.*", "");
            if (call.contains(hash) || call.contains("\"0x" + Integer.toHexString(number) + "\""))
            {
                return number;
            }
        }
        return block;
    }
}
