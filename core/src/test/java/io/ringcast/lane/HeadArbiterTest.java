package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is left out, who is believed, and what a quorum waits for. Confined to the test's thread. */
class HeadArbiterTest implements HeadSink
{
    private static final int LANES = 3;
    private static final long DEADLINE_NS = 150_000_000L;
    private static final long TICK_NS = 50_000_000L;
    private static final long LEFT_OUT_NS = 30_000_000_000L;
    private static final int MAJORITY_BLOCKS = 16;

    private final CounterSet counters = new CounterSet();
    private final List<String> output = new ArrayList<>();
    private final List<Integer> asked = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final List<String> late = new ArrayList<>();
    private HeadArbiter arbiter = arbiter(1);
    private long nowNs = -DEADLINE_NS;
    private long lastCallId;

    private HeadArbiter arbiter(final int quorum)
    {
        final HeadArbiter created = new HeadArbiter(
            new LaneRules(LANES, quorum, DEADLINE_NS, 256, 1_000, 1 << 20, TICK_NS, 10 * TICK_NS, 1_024),
            counters, this);
        for (int lane = 0; lane < LANES; lane++)
        {
            created.onLaneUp(lane, nowNs);
            created.onLaneLive(lane, nowNs);
        }
        return created;
    }

    @Override
    public void onHead(final Head head, final byte[] bytes, final int offset, final int length)
    {
        final String text = new String(bytes, offset, length, StandardCharsets.US_ASCII);
        output.add(text.replaceAll(".*\"extraData\":\"|\".*", ""));
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        asked.add(laneIndex);
        calls.add(call);
        return ++lastCallId;
    }

    @Override
    public void onLate(final Head head, final byte[] bytes, final int length)
    {
        late.add(head.number() + "");
    }

    @Override
    public void reset(final int laneIndex)
    {
        throw new AssertionError("nobody is silent for long");
    }

    /** A branch is a letter; its blocks are named like {@code b17}. */
    private void say(final int lane, final char branch, final int number, final char parentBranch)
    {
        final byte[] head = head(branch, number, parentBranch);
        assertTrue(arbiter.onHead(lane, head, 0, head.length, ++nowNs));
    }

    private static byte[] head(final char branch, final int number, final char parentBranch)
    {
        return ("{\"parentHash\":\"" + hash(parentBranch, number - 1) + "\",\"number\":\"0x" +
            Integer.toHexString(number) + "\",\"hash\":\"" + hash(branch, number) + "\",\"extraData\":\"" + branch +
            number + "\"}").getBytes(StandardCharsets.US_ASCII);
    }

    private void say(final int lane, final char branch, final int number)
    {
        say(lane, branch, number, branch);
    }

    private static String hash(final char branch, final int number)
    {
        return "0x" + String.format("%014x%02x", number, (int)branch) + "0".repeat(48);
    }

    private boolean isLeftOut(final int lane)
    {
        return arbiter.status(lane, "n", nowNs).isLeftOut();
    }

    @Test
    void shouldPublishHeadsWhoseHashesBeginAlike()
    {
        for (int number = 1; number <= 3; number++)
        {
            final byte[] head = new String(head('a', number, 'a'), StandardCharsets.US_ASCII)
                .replaceAll("0x([0-9a-f]{16})0{48}", "0x" + "0".repeat(48) + "$1").getBytes(StandardCharsets.US_ASCII);
            assertTrue(arbiter.onHead(number % LANES, head, 0, head.length, ++nowNs));
        }

        assertEquals(List.of("a1", "a2", "a3"), output);
        assertEquals(0, arbiter.status(1, "n", nowNs).wrong());
    }

    @Test
    void shouldLeaveOutALaneWhoseHeadDoesNotConnectGivenAnotherThatFollowsTheChain()
    {
        leaveOutLaneTwo();

        assertTrue(isLeftOut(2));
        assertEquals(LaneMark.CONTRADICTS, arbiter.status(2, "n", nowNs).mark());
        assertFalse(isLeftOut(0));
        assertEquals(List.of("a1", "a2", "a3"), output);
        assertEquals(1, counters.get(RelayCounter.LANES_LEFT_OUT));
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));
    }

    /** Another lane's hole keeps the repair at work; what has come from elsewhere must not be asked for beside it. */
    @Test
    void shouldNotAskAgainForAHeadThatAnotherLaneHasSaid()
    {
        say(0, 'a', 1);
        say(0, 'a', 3);
        say(2, 'x', 9);
        assertTrue(calls.stream().anyMatch(call -> call.contains(hash('a', 2))), calls::toString);

        say(1, 'a', 2);
        calls.clear();
        for (int i = 0; i < 2; i++)
        {
            arbiter.onTime(nowNs += TICK_NS);
        }

        assertEquals(List.of("a1", "a2", "a3"), output);
        assertTrue(calls.stream().anyMatch(call -> call.contains(hash('x', 8))), calls::toString);
        assertFalse(calls.stream().anyMatch(call -> call.contains(hash('a', 2))), calls::toString);
    }

    @Test
    void shouldLeaveOutALaneThatGoesBackwardsAndTryItAgain()
    {
        for (int number = 1; number <= 9; number++)
        {
            say(0, 'a', number);
            say(1, 'a', number);
        }
        say(0, 'a', 4);

        assertTrue(isLeftOut(0));
        assertEquals(LaneMark.BACKWARDS, arbiter.status(0, "n", nowNs).mark());
        assertEquals(1, arbiter.status(0, "n", nowNs).wrong());
        say(0, 'x', 10, 'a');
        assertEquals("a9", output.get(output.size() - 1));

        nowNs += LEFT_OUT_NS;
        say(0, 'a', 10);
        assertEquals("a10", output.get(output.size() - 1));
        assertEquals(LaneMark.NONE, arbiter.status(0, "n", nowNs).mark());
    }

    @Test
    void shouldNotLeaveOutTheOnlyLaneThatIsThereForGoingBackwards()
    {
        for (int number = 1; number <= 9; number++)
        {
            say(0, 'a', number);
        }
        say(0, 'a', 4);

        assertFalse(isLeftOut(0));
        assertEquals(9, output.size());
    }

    /** All tell of the new branch block by block, one after the other, and of the way back. */
    @Test
    void shouldNotLeaveOutWhoFollowsADeepReorgAfterAnother()
    {
        for (int lane = 0; lane < 2; lane++)
        {
            for (int number = 1; number <= 9; number++)
            {
                say(lane, 'a', number);
            }
        }
        for (int lane = 0; lane < 2; lane++)
        {
            say(lane, 'b', 3, 'a');
            for (int number = 4; number <= 10; number++)
            {
                say(lane, 'b', number);
            }
        }
        for (int lane = 0; lane < 2; lane++)
        {
            for (int number = 3; number <= 11; number++)
            {
                say(lane, 'a', number);
            }
        }

        assertFalse(isLeftOut(1));
        assertEquals(0, arbiter.status(1, "n", nowNs).wrong());
        assertEquals(9 + 8 + 9, output.size());
    }

    @Test
    void shouldNotListenToALaneThatIsLeftOut()
    {
        leaveOutLaneTwo();
        say(2, 'a', 4);

        assertEquals(List.of("a1", "a2", "a3"), output);
        assertEquals(2, arbiter.status(2, "n", nowNs).wrong());
    }

    @Test
    void shouldTryALaneAgainThatWasLeftOut()
    {
        leaveOutLaneTwo();
        nowNs += LEFT_OUT_NS;
        say(2, 'a', 4);

        assertFalse(isLeftOut(2));
        assertEquals(List.of("a1", "a2", "a3", "a4"), output);
    }

    @Test
    void shouldDeclareAGapGivenNobodyWhoFollowsTheChain()
    {
        say(0, 'a', 1);
        arbiter.onLaneDown(0, nowNs);
        arbiter.onLaneDown(1, nowNs);
        say(2, 'x', 9);
        expire();

        assertEquals(List.of("a1", "x9"), output);
        assertEquals(1, counters.get(RelayCounter.HEAD_GAPS));
    }

    @Test
    void shouldFollowTwoLanesAgainstOneThatIsAloneWithItsBranch()
    {
        sayForkedChains(MAJORITY_BLOCKS);
        say(2, 'b', 2 + MAJORITY_BLOCKS - 1);

        assertTrue(isLeftOut(0));
        assertEquals("b17", output.get(output.size() - 1));
        assertEquals("b2", output.get(output.size() - MAJORITY_BLOCKS));
        assertEquals(1, counters.get(RelayCounter.REORGS));
    }

    @Test
    void shouldStayWithTheHigherBranchGivenOneLaneAgainstIt()
    {
        sayForkedChains(MAJORITY_BLOCKS);

        assertFalse(isLeftOut(0));
        assertEquals("a40", output.get(output.size() - 1));
    }

    @Test
    void shouldStayWithTheHigherBranchGivenAShortOneAgainstIt()
    {
        sayForkedChains(MAJORITY_BLOCKS - 1);
        say(2, 'b', 2 + MAJORITY_BLOCKS - 2);

        assertFalse(isLeftOut(0));
        assertEquals("a40", output.get(output.size() - 1));
    }

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
        arbiter = arbiter(2);
        say(0, 'a', 1);
        say(1, 'a', 1);
        say(0, 'a', 2);
        say(0, 'a', 3);
        say(1, 'a', 3);

        assertEquals(List.of("a1", "a2", "a3"), output);
    }

    @Test
    void shouldSetAHeadAsideThatNobodyElseSaysGivenAQuorumOfTwo()
    {
        arbiter = arbiter(2);
        say(0, 'a', 1);
        say(1, 'a', 1);
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
        arbiter = arbiter(2);
        say(0, 'a', 1);
        say(1, 'a', 1);
        arbiter.onLaneDown(0, nowNs);
        say(2, 'a', 2);
        say(1, 'a', 2);

        assertEquals(List.of("a1", "a2"), output);
    }

    @Test
    void shouldHoldAHeadBehindAHoleUntilTheSecondLaneSaysItGivenAQuorumOfTwo()
    {
        arbiter = arbiter(2);
        say(0, 'a', 1);
        say(1, 'a', 1);
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
        arbiter = arbiter(2);
        say(0, 'a', 1);
        say(1, 'a', 1);
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
        arbiter = arbiter(2);
        say(0, 'a', 1_000);
        say(1, 'a', 1_000);
        arbiter.onLaneDown(1, nowNs);
        say(0, 'b', 1);
        assertEquals(List.of("a1000"), output);

        arbiter.onLaneLive(1, nowNs);
        say(1, 'b', 1);
        assertEquals(List.of("a1000", "b1"), output);
    }

    @Test
    void shouldAskEachLaneForWhatIsMissingUntilTheDeadline()
    {
        say(0, 'a', 1);
        say(1, 'a', 4);
        assertEquals(List.of(1, 1), asked);
        for (long step = 0; step < LaneRules.ATTEMPTS_PER_DEADLINE - 1; step++)
        {
            nowNs += DEADLINE_NS / LaneRules.ATTEMPTS_PER_DEADLINE;
            arbiter.onTime(nowNs);
        }

        assertEquals(List.of(1, 1, 0, 2), asked.subList(0, 4));
    }

    @Test
    void shouldTakeTheAnswerOfWhomItAskedFirstThoughItHasAskedOthersSince()
    {
        say(0, 'a', 1);
        say(1, 'a', 3);
        final long firstCall = lastCallId;
        pass(2 * TICK_NS);
        assertTrue(lastCallId > firstCall);
        answer(1, firstCall, 'a', 2);

        assertEquals(List.of("a1", "a2", "a3"), output);
    }

    @Test
    void shouldNotDeclareAGapBecauseOfAPauseInWhichItDidNothing()
    {
        say(0, 'a', 1);
        arbiter.onLaneDown(1, nowNs);
        arbiter.onLaneDown(2, nowNs);
        say(0, 'a', 3);
        final long call = lastCallId;
        nowNs += 100 * DEADLINE_NS;
        arbiter.onTime(nowNs);
        answer(0, call, 'a', 2);

        assertEquals(List.of("a1", "a2", "a3"), output);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));
    }

    @Test
    void shouldHavePatienceAfterAReconnectUntilSomethingIsPushed()
    {
        reconnectAndTellNewest(20);
        pass(10 * DEADLINE_NS);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));

        say(0, 'a', 21);
        pass(DEADLINE_NS - TICK_NS);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));
        pass(TICK_NS);
        assertEquals(1, counters.get(RelayCounter.HEAD_GAPS));
        assertEquals(List.of("a1", "a20", "a21"), output);
    }

    @Test
    void shouldNotWaitForEverAfterAReconnect()
    {
        reconnectAndTellNewest(20);
        pass(LaneRules.LONGEST_REPAIR_DEADLINES * DEADLINE_NS);

        assertEquals(List.of("a1", "a20"), output);
    }

    @Test
    void shouldTellWhatWasFetchedAsLateGivenThatItsGapWasDeclared()
    {
        say(0, 'a', 1);
        arbiter.onLaneDown(0, nowNs);
        arbiter.onLaneDown(1, nowNs);
        asked.clear();
        say(2, 'a', 4);
        final long call = lastCallId;
        expire();
        assertEquals(List.of("a1", "a4"), output);
        assertEquals(List.of(), late);

        answer(2, call, 'a', 2);
        answer(2, call, 'a', 2);
        answer(2, call - 1, 'a', 3);
        say(2, 'a', 2);

        assertEquals(List.of("2", "3"), late);
        assertEquals(List.of("a1", "a4"), output);
    }

    private void reconnectAndTellNewest(final int number)
    {
        say(0, 'a', 1);
        for (int lane = 0; lane < LANES; lane++)
        {
            arbiter.onLaneDown(lane, nowNs);
        }
        calls.clear();
        arbiter.onLaneLive(0, nowNs);
        assertTrue(calls.get(0).contains("latest"), calls.toString());
        answer(0, lastCallId, 'a', number);
    }

    private void answer(final int lane, final long callId, final char branch, final int number)
    {
        final byte[] head = head(branch, number, branch);
        arbiter.onFetched(lane, callId, false, head, 0, head.length, ++nowNs);
    }

    /** Lane 2 says what follows nothing; nobody answers what it may follow. */
    private void leaveOutLaneTwo()
    {
        for (int number = 1; number <= 3; number++)
        {
            say(0, 'a', number);
            say(1, 'a', number);
        }
        say(2, 'x', 9);
        assertFalse(isLeftOut(2));
        expire();
    }

    private void expire()
    {
        pass(DEADLINE_NS);
    }

    private void pass(final long passedNs)
    {
        for (long leftNs = passedNs; leftNs > 0; leftNs -= TICK_NS)
        {
            nowNs += TICK_NS;
            arbiter.onTime(nowNs);
        }
    }

    /** Lane 0 is alone with 39 blocks of its branch, lanes 1 and 2 tell of a lower one, all but the last of lane 2. */
    private void sayForkedChains(final int blocks)
    {
        say(0, 'a', 1);
        say(1, 'a', 1);
        say(2, 'a', 1);
        for (int number = 2; number <= 40; number++)
        {
            say(0, 'a', number);
        }
        for (int i = 0; i < blocks; i++)
        {
            say(1, 'b', 2 + i, i == 0 ? 'a' : 'b');
            if (i < blocks - 1)
            {
                say(2, 'b', 2 + i, i == 0 ? 'a' : 'b');
            }
        }
    }
}
