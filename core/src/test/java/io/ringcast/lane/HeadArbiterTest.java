package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is left out, and who is believed. Confined to the test's thread. */
class HeadArbiterTest extends HeadArbiterBed
{
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
