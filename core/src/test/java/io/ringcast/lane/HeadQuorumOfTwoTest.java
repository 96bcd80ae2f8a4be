package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.RelayCounter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits until a second of three upstreams says it. Confined to the test's thread. */
class HeadQuorumOfTwoTest extends HeadArbiterBed
{
    @Test
    void shouldWaitForTheSecondLaneGivenAQuorumOfTwo()
    {
        arbiter = arbiter(2);
        say(0, 'a', 1);
        assertEquals(List.of(), output);

        say(1, 'a', 1);
        assertEquals(List.of("a1"), output);
        say(2, 'a', 1);
        assertEquals(List.of("a1"), output);
    }

    @Test
    void shouldCountADescendantForItsParentsGivenAQuorumOfTwo()
    {
        begin(1);
        say(0, 'a', 2);
        say(0, 'a', 3);
        say(1, 'a', 3);

        assertEquals(List.of("a1", "a2", "a3"), output);
    }

    @Test
    void shouldSetAHeadAsideThatNobodyElseSaysGivenAQuorumOfTwo()
    {
        begin(1);
        say(0, 'x', 2, 'a');
        say(0, 'a', 2);
        assertEquals(List.of("a1"), output);

        say(1, 'a', 2);
        assertEquals(List.of("a1", "a2"), output);
        assertEquals(1, counters.get(RelayCounter.HEADS_SET_ASIDE));
    }

    @Test
    void shouldGoOnWithTheOtherTwoGivenAQuorumOfTwoAndALaneThatIsGone()
    {
        begin(1);
        arbiter.onLaneDown(0, nowNs);
        say(2, 'a', 2);
        say(1, 'a', 2);

        assertEquals(List.of("a1", "a2"), output);
    }

    @Test
    void shouldHoldAHeadBehindAHoleUntilTheSecondLaneSaysItGivenAQuorumOfTwo()
    {
        begin(1);
        arbiter.onLaneDown(1, nowNs);
        arbiter.onLaneDown(2, nowNs);
        say(0, 'a', 5);
        pass(3 * DEADLINE_NS);
        assertEquals(List.of("a1"), output);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));

        arbiter.onLaneLive(1, nowNs);
        say(1, 'a', 6);
        assertEquals(List.of("a1"), output);
        pass(2 * DEADLINE_NS);
        assertEquals(List.of("a1", "a5"), output);
        assertEquals(1, counters.get(RelayCounter.HEAD_GAPS));
        say(0, 'a', 6);
        assertEquals(List.of("a1", "a5", "a6"), output);
    }

    @Test
    void shouldHoldAHeadTooFarAheadUntilTheSecondLaneSaysItGivenAQuorumOfTwo()
    {
        begin(1);
        arbiter.onLaneDown(1, nowNs);
        say(0, 'a', 2_000);
        pass(2 * DEADLINE_NS);
        assertEquals(List.of("a1"), output);

        arbiter.onLaneLive(1, nowNs);
        say(1, 'a', 2_000);
        assertEquals(List.of("a1", "a2000"), output);
    }

    @Test
    void shouldHoldAChainThatIsBegunAnewUntilTheSecondLaneSaysItGivenAQuorumOfTwo()
    {
        begin(1_000);
        arbiter.onLaneDown(1, nowNs);
        say(0, 'b', 1);
        assertEquals(List.of("a1000"), output);

        arbiter.onLaneLive(1, nowNs);
        say(1, 'b', 1);
        assertEquals(List.of("a1000", "b1"), output);
    }

    /** Two of the three have said a first block. */
    private void begin(final int number)
    {
        arbiter = arbiter(2);
        say(0, 'a', number);
        say(1, 'a', number);
    }
}
