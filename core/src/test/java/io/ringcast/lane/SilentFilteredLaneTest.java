package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
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
    private static final int TRUSTED_BLOCKS = 16;
    private static final long MS = 1_000_000L;

    private final List<Long> fetched = new ArrayList<>();
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
    public long fetch(final int laneIndex, final String call)
    {
        assertTrue(call.contains(FILTER.substring(1, FILTER.length() - 1)), call);
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
        heads(15, 15 + TRUSTED_BLOCKS);
        assertEquals(numbers(9, 13), fetched);
        assertEquals(List.of(14L), told);
        assertEquals(0, counters.get(RelayCounter.LOG_LANES_SILENT));
    }

    @Test
    void shouldLookNowAndThenWhetherOneThatHasToldStillDoes()
    {
        begin();
        log(9);
        heads(10, 9 + 2 * (TRUSTED_BLOCKS + 1) + 1);

        assertEquals(List.of(10L + TRUSTED_BLOCKS, 10L + 2 * TRUSTED_BLOCKS + 1), fetched);
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

    /** What was lost before it was looked after is lost; from the first that shows on nothing is. */
    @Test
    void shouldFindOutOneThatHasToldAndDoesNoLonger()
    {
        begin();
        log(9);
        for (long number = 10; number < 40; number++)
        {
            heads(number, number);
            answerAll(true);
        }

        assertEquals(1, counters.get(RelayCounter.LOG_LANES_SILENT));
        assertFalse(arbiter.isPushed(0));
        assertEquals(39L, told.get(told.size() - 1));
        final List<Long> sinceFound = told.subList(told.indexOf(10L + TRUSTED_BLOCKS + 4), told.size());
        assertEquals(numbers(sinceFound.get(0), 39), sinceFound);
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

    /** A node that can't be asked may still have told all that there was. */
    @Test
    void shouldDeclareNoGapGivenThatNobodyCanBeAsked()
    {
        begin();
        heads(10, 12);
        for (int i = 0; i < 100; i++)
        {
            arbiter.onTime(nowNs += 100 * MS);
        }
        log(12);

        assertEquals(List.of(12L), told);
        assertEquals(0, counters.get(RelayCounter.LOG_GAPS));
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
            final Head head = new Head();
            head.number = number;
            head.hash[0] = number;
            head.hasBloom = true;
            if (isExcluded)
            {
                head.bytes = SimBlock.text("\"0x1" + "0".repeat(511) + '"');
                head.bloomLength = head.bytes.length;
            }
            arbiter.onHead(head);
            arbiter.onLaneHead(0, true, hash(number), number);
            arbiter.onTime(nowNs);
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
            final byte[] answer = SimBlock.text(hasLogs ? "[" + logOf(fetched.get(i)) + "]" : "[]");
            arbiter.onFetched(0, i + 1, false, answer, 0, answer.length, nowNs);
        }
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
