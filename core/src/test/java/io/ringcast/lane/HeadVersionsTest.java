package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

/** Lanes that tell another parent or number of a head than others: whose version stands, and who is left out. */
class HeadVersionsTest extends HeadArbiterBed
{
    private static final int SEEDS = 500;

    private int laneCount;

    @Test
    void shouldPublishTheParentThatEnoughLanesTell()
    {
        start(3, 2);
        tellAll("b2", 2, "1");
        // The liar hides that the chain has left b2 for a2.
        tell(0, "a3", 3, "b2");
        tell(1, "a2", 2, "1");
        tell(1, "a3", 3, "a2");
        assertEquals(List.of("1<0", "b2<1"), output);

        tell(2, "a2", 2, "1");
        tell(2, "a3", 3, "a2");
        assertEquals(List.of("1<0", "b2<1", "a2<1", "a3<a2"), output);
        assertLeftOut(0);
        assertEquals(1, counters.get(RelayCounter.HEADS_CONTESTED));
    }

    @Test
    void shouldPublishTheNumberThatEnoughLanesTell()
    {
        start(3, 2);
        tell(0, "2", 7, "1");
        tell(1, "2", 2, "1");
        tell(1, "3", 3, "2");
        tell(2, "2", 2, "1");
        assertEquals(List.of("1<0", "2<1"), output);
        assertLeftOut(0);

        tell(2, "3", 3, "2");
        assertEquals(List.of("1<0", "2<1", "3<2"), output);
    }

    @Test
    void shouldLeaveOutWhoContradictsWhatWasAgreedOn()
    {
        start(3, 2);
        tell(1, "2", 2, "1");
        tell(2, "2", 2, "1");
        tell(0, "2", 2, "0");

        assertEquals(List.of("1<0", "2<1"), output);
        assertLeftOut(0);
    }

    @Test
    void shouldCountNobodyForAVersionWhoTellsTheOther()
    {
        start(2, 2);
        tellAll("b2", 2, "1");
        tell(0, "a3", 3, "b2");
        tell(1, "a2", 2, "1");
        tell(1, "a3", 3, "a2");
        tell(0, "a4", 4, "a3");
        tell(1, "a4", 4, "a3");
        nowNs += 50 * DEADLINE_NS;
        arbiter.onTime(nowNs);

        assertEquals(List.of("1<0", "b2<1"), output, "nobody can know who is right");
        assertFalse(isLeftOut(0) || isLeftOut(1));
    }

    @Test
    void shouldLeaveOutWhoContradictsItself()
    {
        start(2, 1);
        tell(0, "3", 3, "2");
        tell(0, "3", 3, "x");

        assertLeftOut(0);
        tell(1, "2", 2, "1");
        tell(1, "3", 3, "2");
        assertEquals(List.of("1<0", "2<1", "3<2"), output);
    }

    /** Else one upstream could have the relay keep versions without end. */
    @Test
    void shouldLeaveOutWhoTellsAThirdThingOfAHead()
    {
        start(2, 1);
        tell(0, "2", 2, "1");
        tell(1, "2", 2, "x");
        assertFalse(isLeftOut(1));
        tell(1, "2", 2, "y");

        assertLeftOut(1);
        assertEquals(List.of("1<0", "2<1"), output);
    }

    @Test
    void shouldLetALaneTakeBackWhatItTold()
    {
        start(3, 2);
        tell(0, "2", 2, "1");
        tell(1, "2", 2, "x");
        tell(1, "2", 2, "1");
        tell(1, "3", 3, "2");
        assertEquals(List.of("1<0", "2<1"), output);
        tell(2, "2", 2, "x");

        assertLeftOut(2);
    }

    @Test
    void shouldNotLetAVersionStandWhoseTellerHasTakenItBack()
    {
        start(4, 3);
        tell(0, "2", 2, "1");
        tell(1, "2", 2, "x");
        tell(2, "2", 2, "x");
        tell(1, "2", 2, "1");
        tell(3, "2", 2, "x");
        assertEquals(List.of("1<0"), output);
        tell(2, "2", 2, "1");
        tell(2, "3", 3, "2");

        assertEquals(List.of("1<0", "2<1"), output);
        assertLeftOut(3);
    }

    @Test
    void shouldRefuseAVersionThatIsTooLong()
    {
        start(2, 1);
        tell(0, "2", 2, "1");
        final byte[] head = head("2", 2, "x" + " ".repeat(HeadStore.LONGEST_HEAD_BYTES));

        assertFalse(arbiter.onHead(1, head, 0, head.length, ++nowNs));
        assertEquals(0, counters.get(RelayCounter.HEADS_CONTESTED));
    }

    @Test
    void shouldForgetWhatOnlyOneThatIsLeftOutHasTold()
    {
        start(2, 1);
        tell(0, "3", 3, "2");
        tell(0, "3", 3, "x");
        tell(0, "2", 2, "y");
        tell(1, "2", 2, "1");

        assertEquals(List.of("1<0", "2<1"), output);
    }

    @Test
    void shouldGoOnWithTheFirstOfTwoWhenOneIsEnough()
    {
        start(2, 1);
        tell(0, "2", 2, "1");
        tell(1, "2", 2, "0");
        tell(0, "3", 3, "2");
        tell(1, "3", 3, "2");

        assertEquals(List.of("1<0", "2<1", "3<2"), output);
        assertFalse(isLeftOut(0) || isLeftOut(1));
    }

    /** Whatever the order in which three lanes tell a chain: with two that have to agree, a lie is never told. */
    @Test
    void shouldPublishTheChainWhateverOneOfThreeTells()
    {
        for (int seed = 0; seed < SEEDS; seed++)
        {
            final Random random = new Random(seed);
            output.clear();
            start(3, 2);
            final int liar = random.nextInt(3);
            final List<Integer> turns = new ArrayList<>();
            for (int lane = 0; lane < 3; lane++)
            {
                turns.addAll(Collections.nCopies(8, lane));
            }
            Collections.shuffle(turns, random);
            final int[] told = {1, 1, 1};
            for (final int lane : turns)
            {
                final int number = ++told[lane];
                final boolean isLie = lane == liar && random.nextInt(3) == 0;
                tell(lane, "" + number, isLie && random.nextBoolean() ? number + 1 : number,
                    "" + (isLie ? random.nextInt(number) : number - 1));
            }
            assertEquals(
                List.of("1<0", "2<1", "3<2", "4<3", "5<4", "6<5", "7<6", "8<7", "9<8"), output, "seed " + seed);
            for (int lane = 0; lane < 3; lane++)
            {
                assertTrue(lane == liar || !isLeftOut(lane), "seed " + seed);
            }
        }
    }

    /** So many lanes have told the first head. */
    private void start(final int lanes, final int quorum)
    {
        laneCount = lanes;
        arbiter = arbiter(lanes, quorum);
        tellAll("1", 1, "0");
    }

    private void tellAll(final String name, final int number, final String parent)
    {
        for (int lane = 0; lane < laneCount; lane++)
        {
            tell(lane, name, number, parent);
        }
    }

    private void tell(final int lane, final String name, final int number, final String parent)
    {
        final byte[] head = head(name, number, parent);
        arbiter.onHead(lane, head, 0, head.length, ++nowNs);
    }

    private static byte[] head(final String name, final int number, final String parent)
    {
        return ("{\"parentHash\":\"" + hash(parent) + "\",\"number\":\"0x" + Integer.toHexString(number) +
            "\",\"hash\":\"" + hash(name) + "\",\"extraData\":\"" + name + '<' + parent + "\"}")
            .getBytes(StandardCharsets.US_ASCII);
    }

    private static String hash(final String name)
    {
        return "0x" + String.format("%08x", name.hashCode()).repeat(8);
    }

    private void assertLeftOut(final int lane)
    {
        for (int other = 0; other < laneCount; other++)
        {
            assertEquals(other == lane, isLeftOut(other), "lane " + other);
        }
        assertEquals(LaneMark.CONTRADICTS, arbiter.status(lane, "n", nowNs).mark());
    }
}
