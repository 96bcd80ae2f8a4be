package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Logs that come before their heads, and the first of all heads, take no more room than they may: what had to go is
 * fetched or declared, and nothing waits for it. Confined to the test's thread.
 */
class EarlyRoomTest implements LogSink
{
    private static final int ROOM_BYTES = 16_000;
    private static final int MANY_LOGS = 300;
    private static final long DEADLINE_NS = 1_000;

    private final List<String> told = new ArrayList<>();
    private final List<Long> gaps = new ArrayList<>();
    private final List<String> logsAsked = new ArrayList<>();
    private final CounterSet counters = new CounterSet();
    private LogArbiter arbiter = begin("{}");
    private long calls;
    private long nowNs;

    private LogArbiter begin(final String filter)
    {
        final LogArbiter begun = new LogArbiter(
            new LaneRules(1, 1, DEADLINE_NS, 64, 8, ROOM_BYTES, 1, 1, 1), filter, () -> 0, counters, this);
        begun.onLaneLive(0, 0);
        return begun;
    }

    @Test
    void shouldHoldNoMoreOfOneBlockThanThereIsRoomForAndFetchTheRestWithTheFirstHead()
    {
        sayMany(10);
        assertTrue(counters.get(RelayCounter.LOGS_DROPPED) > 0);
        assertEquals(List.of(), gaps, "it may never be on the chain");
        head(10);

        assertEquals(List.of("a"), logsAsked);
        assertEquals(MANY_LOGS, told.size() + counters.get(RelayCounter.LOGS_DROPPED));
    }

    @Test
    void shouldDeclareOneGapGivenThatABlockThatTheFirstHeadStandsOnHadToGoAndIsToldOfAgain()
    {
        say(9, 0);
        sayMany(8);
        say(9, 1);
        head(10);
        sayMany(9);

        assertEquals(List.of(9L, 8L), gaps);
        assertEquals(2, counters.get(RelayCounter.LOG_GAPS));
        assertTrue(told.contains("9:1"));
    }

    @Test
    void shouldDeclareAGapGivenNoRoomAndNoHeads()
    {
        sayMany(10);
        passDeadline();
        assertEquals(List.of(10L), gaps);
        say(10, MANY_LOGS);
        sayMany(11);

        assertEquals(List.of(10L, 11L), gaps);
        assertEquals(2 * MANY_LOGS + 1, told.size() + counters.get(RelayCounter.LOGS_DROPPED));
    }

    @Test
    void shouldDeclareOneGapGivenThatABlockHadToGoAndIsToldOfAgainAndNoHeads()
    {
        say(9, 0);
        sayMany(8);
        say(9, 1);
        passDeadline();

        assertEquals(List.of(9L, 8L), gaps);
    }

    @Test
    void shouldDeclareAGapGivenThatHeldLogsHadToGo()
    {
        say(5, 0);
        sayMany(6);

        assertEquals(List.of(5L), gaps);
    }

    @Test
    void shouldNotDeclareAGapGivenThatLogsHadToGoThatWerePassedOn()
    {
        say(5, 0);
        passDeadline();
        IntStream.range(0, 60).forEach(i -> say(6, i));
        say(7, 0);

        assertEquals(List.of(), gaps);
        assertEquals(0, counters.get(RelayCounter.LOGS_DROPPED));
    }

    @Test
    void shouldDeclareAGapGivenThatLogsOfTheChainHadToGo()
    {
        head(9);
        head(10);
        say(11, 0);
        head(11);
        assertEquals(List.of("a"), logsAsked, "what is newer waits for the answer");
        head(12);
        sayMany(12);

        assertEquals(List.of(), told);
        assertEquals(List.of(11L, 12L), gaps);
    }

    @Test
    void shouldFetchLogsThatHadToGoBeforeTheirHeadCame()
    {
        arbiter = begin("{\"address\":\"0x00\"}");
        head(9);
        say(10, 0);
        sayMany(11);
        assertEquals(List.of(), gaps);
        head(10);

        assertEquals(List.of("a"), logsAsked);
    }

    @Test
    void shouldNotWaitForTheDeadlineGivenThatWhatWasAskedForIsTooOld()
    {
        say(5, 0);
        say(8, 0);
        head(10);
        head(10 + LogBlocks.CHAIN_BLOCKS);
        say(10 + LogBlocks.CHAIN_BLOCKS, 0);

        assertEquals(List.of("266:0"), told);
        assertEquals(List.of(5L, 8L), gaps);
    }

    @Test
    void shouldNotWaitForTheDeadlineGivenThatAHeadTakesThePlaceOfWhatWasAskedFor()
    {
        say(8, 0);
        head(5);
        head(10);
        assertEquals(List.of(), told);
        passDeadline();
        gaps.clear();
        head(8);

        assertEquals(List.of("8:0"), told);
    }

    /** The first head waits for what is missing before it, and its upstream contradicts itself before that comes. */
    @Test
    void shouldRememberTheHighestBlockOfWhichLogsWerePassedOnThoughItHadToGo()
    {
        say(100, 0);
        passDeadline();
        IntStream.range(0, 60).forEach(i -> say(5, i));
        final HeadArbiter heads = new HeadArbiter(
            new LaneRules(2, 1, DEADLINE_NS, 64, 8, ROOM_BYTES, 1, 1, 1), counters, new NoHeads());
        arbiter.beginOn(heads);
        heads.onLaneLive(0, nowNs);
        heads.onTime(nowNs);
        final byte[] anchor = headText(2, 1);
        heads.onFetched(0, 1, false, anchor, 0, anchor.length, nowNs);
        sayHead(heads, 8, 7);
        assertTrue(heads.isFirstFetched());
        say(6, 0);
        passDeadline();
        assertFalse(told.contains("6:0"), "the head is waited for");
        sayHead(heads, 8, 1);
        assertFalse(heads.isFirstFetched());
        passDeadline();
        assertTrue(told.contains("6:0"));
        head(10);

        assertFalse(arbiter.hasOrder(99));
    }

    private void sayHead(final HeadArbiter heads, final int number, final int parent)
    {
        final byte[] head = headText(number, parent);
        heads.onHead(0, head, 0, head.length, nowNs);
    }

    private static byte[] headText(final int number, final int parent)
    {
        return SimBlock.text("{\"number\":\"0x" + Integer.toHexString(number) + "\",\"hash\":\"" + hash(number) +
            "\",\"parentHash\":\"" + hash(parent) + "\"}");
    }

    private static String hash(final int number)
    {
        return "0x" + String.format("%016x", number) + "0".repeat(48);
    }

    private void head(final long number)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = number;
        head.parentHash[0] = number - 1;
        head.hasBloom = true;
        arbiter.onLaneHead(0, true, head.hash, number);
        arbiter.onHead(head, nowNs);
        arbiter.onTime(nowNs);
    }

    private void passDeadline()
    {
        for (int i = 0; i < 30; i++)
        {
            nowNs += DEADLINE_NS / 10;
            arbiter.onTime(nowNs);
        }
    }

    private void sayMany(final int number)
    {
        IntStream.range(0, MANY_LOGS).forEach(i -> say(number, i));
    }

    private void say(final int number, final int logIndex)
    {
        final byte[] log = SimBlock.text("{\"blockNumber\":\"0x" + Integer.toHexString(number) +
            "\",\"blockHash\":\"" + hash(number) + "\",\"logIndex\":\"0x" +
            Integer.toHexString(logIndex) + "\"}");
        arbiter.onLog(0, log, 0, log.length, nowNs);
    }

    @Override
    public void onLog(
        final long blockNumber, final long hashStart, final int logIndex, final boolean isRemoved,
        final byte[] bytes, final int offset, final int length)
    {
        told.add((isRemoved ? "-" : "") + blockNumber + ":" + logIndex);
    }

    @Override
    public void onGap(final long blockNumber)
    {
        gaps.add(blockNumber);
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        if (call.contains("eth_getLogs"))
        {
            logsAsked.add(call.replaceAll(".*\"blockHash\":\"0x0*([0-9a-f]+?)0{48}\".*", "$1"));
        }
        return ++calls;
    }

    private static final class NoHeads implements HeadSink
    {
        private long calls;

        @Override
        public void onHead(final Head head, final byte[] bytes, final int offset, final int length)
        {
            throw new AssertionError("what is missing before it has not come");
        }

        @Override
        public long fetch(final int laneIndex, final String call)
        {
            return ++calls;
        }

        @Override
        public void reset(final int laneIndex)
        {
            throw new AssertionError("nobody is silent for long");
        }
    }
}
