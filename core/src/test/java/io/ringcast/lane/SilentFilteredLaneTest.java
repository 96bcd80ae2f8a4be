package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * An upstream that is given a filter tells few logs, or none: only what is fetched shows which.
 * Confined to the test's thread.
 */
class SilentFilteredLaneTest implements LogSink
{
    private static final String FILTER = "{\"address\":[\"0x" + "a".repeat(40) + "\"]}";
    private static final int BLOCKS_PER_LOOK = 16;
    private static final long MS = 1_000_000L;

    private final List<Long> fetched = new ArrayList<>();
    /** First and last block of each question that is after several. */
    private final List<String> looks = new ArrayList<>();
    private final List<Long> gaps = new ArrayList<>();
    private final List<Long> late = new ArrayList<>();
    private final List<Long> told = new ArrayList<>();
    private final CounterSet counters = new CounterSet();
    private LogArbiter arbiter = arbiter(1);
    private boolean isExcluded;
    private long nowNs;

    private LogArbiter arbiter(final int laneCount)
    {
        return new LogArbiter(
            new LaneRules(laneCount, 1, 150 * MS, 64, 8, 1 << 20, 1, 1, 1), FILTER, () -> 0, counters, this);
    }

    @Override
    public void onLog(
        final long blockNumber, final long hashStart, final int logIndex, final boolean isRemoved,
        final byte[] bytes, final int offset, final int length)
    {
        told.add(blockNumber);
    }

    @Override
    public void onGap(final long blockNumber)
    {
        gaps.add(blockNumber);
    }

    @Override
    public void onLate(final long blockNumber, final byte[] bytes, final int offset, final int length)
    {
        late.add(blockNumber);
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        assertTrue(call.contains(FILTER.substring(1, FILTER.length() - 1)), call);
        if (call.contains("fromBlock"))
        {
            looks.add(bound(call, "fromBlock") + "-" + bound(call, "toBlock"));
            return -looks.size();
        }
        fetched.add(Long.parseLong(call.replaceAll(".*\"blockHash\":\"0x0*([0-9a-f]+?)0{48}\".*", "$1"), 16));
        return fetched.size();
    }

    @Test
    void shouldLookAfterEachBlockThatMayHaveLogsUntilItTellsOne()
    {
        begin();
        heads(10, 14);
        assertEquals(numbers(9, 13), fetched, "the newest may still be told");

        answerAll(false);
        log(14);
        heads(15, 15 + BLOCKS_PER_LOOK);
        assertEquals(numbers(9, 13), fetched);
        assertEquals(List.of(14L), told);
        assertEquals(0, counters.get(RelayCounter.LOG_LANES_SILENT));
    }

    @Test
    void shouldLookAfterEachBlockWithOneQuestionInSixteenBlocksGivenThatItHasTold()
    {
        begin();
        log(9);
        heads(10, 11);
        assertEquals(List.of("10-10"), looks, "the newest may still be told");

        answerLook("");
        heads(12, 11 + 2 * BLOCKS_PER_LOOK);
        assertEquals(List.of("10-10", "11-26"), looks, "one at a time");

        answerLook("");
        heads(12 + 2 * BLOCKS_PER_LOOK, 12 + 2 * BLOCKS_PER_LOOK);
        assertEquals(List.of("10-10", "11-26", "27-42"), looks);
        assertEquals(List.of(), fetched);
    }

    @Test
    void shouldTellAllLogsInOrderAndFindItOutGivenThatItTellsNone()
    {
        begin();
        for (long number = 10; number < 30; number++)
        {
            heads(number, number);
            answerAll(true);
        }

        assertEquals(numbers(9, 29), told);
        assertEquals(1, counters.get(RelayCounter.LOG_LANES_SILENT));
        assertFalse(arbiter.isPushed(0));
        assertEquals(0, counters.get(RelayCounter.LOGS_LATE));
    }

    @Test
    void shouldTellAllLogsInOrderGivenThatOneThatHasToldDoesNoLonger()
    {
        begin();
        log(9);
        heads(10, 11);
        answerLook("");
        for (long number = 12; number < 40; number++)
        {
            heads(number, number);
            if (looks.size() == 2)
            {
                answerLook(logOf(12) + ',' + logOf(20));
            }
            answerAll(true);
        }

        assertEquals(List.of("10-10", "11-26"), looks);
        final List<Long> expected = new ArrayList<>(List.of(9L));
        expected.addAll(numbers(11, 39));
        assertEquals(expected, told);
        assertEquals(1, counters.get(RelayCounter.LOG_LANES_SILENT));
        assertFalse(arbiter.isPushed(0));
        assertEquals(List.of(), late);
        assertEquals(List.of(), gaps);
    }

    @Test
    void shouldDeclareAGapAndTellItAsLateGivenThatItHasLeftOneOutAndToldALaterOne()
    {
        begin();
        log(9);
        heads(10, 11);
        answerLook("");
        heads(12, 20);
        log(20);
        heads(21, 11 + BLOCKS_PER_LOOK);
        answerLook(logOf(15) + ',' + logOf(20));
        for (int i = 0; i < fetched.size(); i++)
        {
            answer(i + 1, fetched.get(i) == 15 ? logOf(15) : "");
        }

        assertEquals(List.of(9L, 20L), told);
        assertEquals(List.of(15L), gaps);
        assertEquals(List.of(15L), late);
        assertEquals(1, counters.get(RelayCounter.LOG_GAPS));
    }

    @Test
    void shouldFetchEachBlockInOrderGivenThatALookIsRefused()
    {
        begin();
        log(9);
        heads(10, 11);
        arbiter.onFetched(0, -looks.size(), true, SimBlock.text("{}"), 0, 2, nowNs);
        assertEquals(List.of(10L), fetched);

        answerAll(true);
        assertEquals(List.of(9L, 10L), told);
        assertEquals(List.of(), gaps);
    }

    @Test
    void shouldDeclareOneGapGivenThatNeitherLooksNorFetchesAreAnswered()
    {
        begin();
        log(9);
        for (long number = 10; number < 60; number++)
        {
            heads(number, number);
            pass(1_000 * MS);
        }
        pass(10_000 * MS);

        assertEquals(List.of(10L), gaps);
        assertEquals(1, counters.get(RelayCounter.LOG_GAPS));
    }

    /** A later log has gone out by then: nobody waits for those blocks, and yet they are looked after. */
    @Test
    void shouldDeclareOneGapGivenThatNeitherALookNorFetchesAreAnsweredOfBlocksThatArePassed()
    {
        begin();
        log(9);
        heads(10, 13);
        log(13);
        assertEquals(List.of(9L, 13L), told);
        arbiter.onFetched(0, -looks.size(), true, SimBlock.text("{}"), 0, 2, nowNs);
        assertEquals(numbers(10, 12), fetched);
        assertTimeoutPreemptively(
            Duration.ofSeconds(5), () -> pass(2 * LaneRules.LONGEST_REPAIR_DEADLINES * 150 * MS));

        assertEquals(List.of(10L), gaps);
        fetched.clear();
        pass(2 * LaneRules.LONGEST_REPAIR_DEADLINES * 150 * MS);
        assertEquals(List.of(), fetched);
    }

    @Test
    void shouldFetchWhatItWasTrustedWithGivenThatItsConnectionEnds()
    {
        begin();
        log(9);
        heads(10, 14);
        answerLook("");
        arbiter.onLaneDown(0, nowNs);
        arbiter.onLaneLive(0, nowNs);
        answerAll(true);

        assertEquals(List.of(9L, 11L, 12L, 13L, 14L), told);
        assertEquals(List.of(), gaps);
    }

    @Test
    void shouldLookAgainGivenThatTheChainLeavesABlockMeanwhile()
    {
        begin();
        log(9);
        heads(10, 11);
        arbiter.onHead(head(10, 1), nowNs);
        answerLook("");
        arbiter.onHead(head(11, 1), nowNs);
        arbiter.onLaneHead(0, true, head(11, 1).hash, 11);
        arbiter.onTime(nowNs);
        heads(12, 11 + BLOCKS_PER_LOOK);

        assertEquals(List.of("10-10", "10-26"), looks);
    }

    @Test
    void shouldAskForNothingGivenBloomsThatRuleItOut()
    {
        isExcluded = true;
        begin();
        heads(10, 40);

        assertEquals(List.of(), fetched);
    }

    @Test
    void shouldNotBeHeldAgainstItThatBloomsMatchAndThereIsNothing()
    {
        begin();
        for (long number = 10; number < 40; number++)
        {
            heads(number, number);
            answerAll(false);
        }

        assertTrue(arbiter.isPushed(0));
        assertEquals(0, counters.get(RelayCounter.LOG_GAPS));
    }

    /** Such a node may still have told all that there was: nobody knows, which is said once. */
    @Test
    void shouldDeclareOneGapGivenThatNobodyCanBeAsked()
    {
        begin();
        heads(10, 12);
        pass(10_000 * MS);
        log(12);

        assertEquals(List.of(12L), told);
        assertEquals(1, gaps.size());
        assertEquals(1, counters.get(RelayCounter.LOG_GAPS));
    }

    @Test
    void shouldBelieveTwoThatAgree()
    {
        arbiter = arbiter(2);
        arbiter.onLaneLive(1, nowNs);
        begin();
        for (long number = 10; number < 20; number++)
        {
            arbiter.onLaneHead(1, true, hash(number), number);
            heads(number, number);
        }
        fetched.removeIf(number -> number < 11);

        assertEquals(List.of(), fetched);
    }

    /** The feed begins; the lane has told the head of block 9. */
    private void begin()
    {
        arbiter.onLaneLive(0, nowNs);
        heads(8, 9);
        answerAll(false);
        fetched.clear();
    }

    private void heads(final long first, final long last)
    {
        for (long number = first; number <= last; number++)
        {
            arbiter.onHead(head(number, 0), nowNs);
            arbiter.onLaneHead(0, true, hash(number), number);
            arbiter.onTime(nowNs);
        }
    }

    private Head head(final long number, final long branch)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = branch << Integer.SIZE | number;
        head.hasBloom = true;
        if (isExcluded)
        {
            head.bytes = SimBlock.text("\"0x1" + "0".repeat(511) + '"');
            head.bloomLength = head.bytes.length;
        }
        return head;
    }

    private void pass(final long timeNs)
    {
        for (long ns = 0; ns < timeNs; ns += 50 * MS)
        {
            arbiter.onTime(nowNs += 50 * MS);
        }
    }

    private void log(final long number)
    {
        final byte[] text = SimBlock.text(logOf(number));
        assertTrue(arbiter.onLog(0, text, 0, text.length, nowNs));
    }

    /** Answers all that was asked for, with one log in each block, or with none. */
    private void answerAll(final boolean hasLogs)
    {
        for (int i = 0; i < fetched.size(); i++)
        {
            answer(i + 1, hasLogs ? logOf(fetched.get(i)) : "");
        }
    }

    private void answerLook(final String logs)
    {
        answer(-looks.size(), logs);
    }

    private void answer(final long callId, final String logs)
    {
        final byte[] answer = SimBlock.text('[' + logs + ']');
        arbiter.onFetched(0, callId, false, answer, 0, answer.length, nowNs);
    }

    private static long bound(final String call, final String name)
    {
        return Long.decode(call.replaceAll(".*" + name + "\":\"|\".*", ""));
    }

    private static String logOf(final long number)
    {
        return "{\"blockNumber\":\"0x" + Long.toHexString(number) + "\",\"blockHash\":\"0x" +
            String.format("%016x", number) + "0".repeat(48) + "\",\"logIndex\":\"0x3\"}";
    }

    private static List<Long> numbers(final long first, final long last)
    {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private static long[] hash(final long number)
    {
        return new long[]{number, 0, 0, 0};
    }
}
