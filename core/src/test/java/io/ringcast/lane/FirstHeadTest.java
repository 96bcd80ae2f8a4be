package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.util.List;

/**
 * What is mined from the time on that a feed of heads was accepted is told, also if nothing was told before, and what
 * was there before is not. Confined to the test thread.
 */
class FirstHeadTest extends LaneWatchBed
{
    private static final byte[] ERROR = bytes("{\"code\":-32000,\"message\":\"not ready\"}");

    @Test
    void shouldTellWhatWasMinedWhileTheOnlyNodeWasAway()
    {
        anchorAt(5);
        reconnect(0);
        answer(last(), block(7));
        answer(last(), block(6));

        assertEquals(List.of("6", "7"), output);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));
    }

    @Test
    void shouldTellNothingGivenThatNothingWasMinedMeanwhile()
    {
        anchorAt(5);
        reconnect(0);
        answer(last(), block(5));
        assertEquals(List.of(), output);
        say(0, 6);

        assertEquals(List.of("6"), output);
    }

    @Test
    void shouldTellWhatIsMissingBeforeTheFirstHeadThatIsPushed()
    {
        anchorAt(5);
        say(0, 7);
        answer(last(), block(6));

        assertEquals(List.of("6", "7"), output);
    }

    /** It was mined between the acceptance and the question. */
    @Test
    void shouldTellWhereTheChainStoodOnceGivenThatItIsPushed()
    {
        anchorAt(5);
        say(0, 5);
        say(0, 5);
        say(0, 6);

        assertEquals(List.of("5", "6"), output);
    }

    @Test
    void shouldTellWhereTheChainStoodGivenThatAnUpstreamPushesWhatItHasAnswered()
    {
        create(2);
        pass(TICK_NS);
        answer(calls.get(0), block(5));
        answer(calls.get(1), block(5));
        assertEquals(List.of(), output);
        say(1, 5);

        assertEquals(List.of("5"), output);
    }

    @Test
    void shouldTellALowerHeadThatIsPushedFirst()
    {
        create(2);
        pass(TICK_NS);
        answer(calls.get(0), block(5));
        say(1, 4);
        say(1, 5);
        say(0, 6);

        assertEquals(List.of("4", "5", "6"), output);
    }

    @Test
    void shouldTellTheOtherBranchGivenThatTheChainHasLeftWhereItStood()
    {
        anchorAt(5);
        say(0, "b", 6);
        answer(last(), block("b", 5));

        assertEquals(List.of("b5", "b6"), output);
    }

    @Test
    void shouldDeclareAGapGivenThatTooMuchWasMinedMeanwhile()
    {
        anchorAt(5);
        reconnect(0);
        answer(last(), block(1_000));

        assertEquals(List.of("1000"), output);
        assertEquals(1, counters.get(RelayCounter.HEAD_GAPS));
    }

    @Test
    void shouldNotTellOldHeadsGivenAnUpstreamThatIsBehind()
    {
        create(2);
        pass(TICK_NS);
        answer(calls.get(0), block(5));
        answer(calls.get(1), block(30));
        say(1, 31);

        assertEquals(List.of("31"), output);
        assertEquals(2, calls.size());
    }

    @Test
    void shouldBeginWithTheOtherOneGivenAnUpstreamThatIsFarBehind()
    {
        create(2);
        arbiter.onLaneDown(1, nowNs);
        pass(TICK_NS);
        answer(last(), block(5));
        arbiter.onLaneLive(1, nowNs);
        answer(last(), block(1_000));
        assertEquals(List.of(), output);
        say(1, 1_001);

        assertEquals(List.of("1001"), output);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));
        assertEquals(0, counters.get(RelayCounter.LANES_LEFT_OUT));
    }

    @Test
    void shouldBeginWithTheFirstPushGivenAnUpstreamThatIsFarBehind()
    {
        create(2);
        arbiter.onLaneDown(1, nowNs);
        pass(TICK_NS);
        answer(last(), block(5));
        arbiter.onLaneLive(1, nowNs);
        say(1, 1_001);

        assertEquals(List.of("1001"), output);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));
        assertEquals(0, counters.get(RelayCounter.LANES_LEFT_OUT));
    }

    @Test
    void shouldNotAskWhoHasPushed()
    {
        create(1);
        say(0, 5);
        pass(SILENT_NS / 2);

        assertEquals(List.of(), calls);
    }

    @Test
    void shouldAskOnceOverEachConnectionGivenThatItIsRefused()
    {
        create(1);
        pass(TICK_NS);
        arbiter.onFetched(0, last().id(), true, ERROR, 0, ERROR.length, nowNs);
        pass(SILENT_NS / 2);
        assertEquals(1, calls.size());
        reconnect(0);
        pass(SILENT_NS / 2);
        assertEquals(2, calls.size());
        say(0, 9);

        assertEquals(List.of("9"), output);
    }

    @Test
    void shouldTellOnlyWhatEnoughUpstreamsSay()
    {
        create(2, 2);
        pass(TICK_NS);
        answer(calls.get(0), block(5));
        say(0, 7);
        answer(last(), block(6));
        assertEquals(List.of(), output);
        say(1, 7);

        assertEquals(List.of("6", "7"), output);
    }

    @Test
    void shouldBeginAnewGivenThatNobodyWantedHeadsForAWhile()
    {
        anchorAt(5);
        say(0, 6);
        arbiter.onLaneDown(0, nowNs);
        arbiter.onReleased();
        arbiter.onLaneLive(0, nowNs);
        pass(TICK_NS);
        answer(last(), block(6));
        reconnect(0);
        answer(last(), block(6));
        assertEquals(List.of("6"), output, "it was told before");
        reconnect(0);
        answer(last(), block(7));

        assertEquals(List.of("6", "7"), output);
    }

    private void anchorAt(final int number)
    {
        create(1);
        pass(TICK_NS);
        assertEquals(1, calls.size());
        answer(last(), block(number));
        assertEquals(List.of(), output);
        assertEquals(-1, arbiter.tipNumber());
    }
}
