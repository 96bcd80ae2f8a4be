package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Logs that came before the first head, and that the relay can't put in their place in time, are declared as missing,
 * and told as late when it is known that they belong to the chain. Confined to the test's thread.
 */
class EarlyPlaceTest implements LogSink
{
    private static final long DEADLINE_NS = 1_000;

    private final List<String> told = new ArrayList<>();
    private final List<String> late = new ArrayList<>();
    private final List<Long> gaps = new ArrayList<>();
    private final List<Long> asked = new ArrayList<>();
    private final CounterSet counters = new CounterSet();
    private final LogArbiter arbiter = new LogArbiter(
        new LaneRules(1, 1, DEADLINE_NS, 64, 8, 1 << 20, 1, 1, 1), "{}", () -> 0, counters, this);
    private long nowNs;

    @BeforeEach
    void begin()
    {
        arbiter.onLaneLive(0, nowNs);
    }

    @Test
    void shouldDeclareAGapGivenThatNobodySaysInTimeWhetherTheyAreOnTheChain()
    {
        giveUpTwoLogs();
        head(10);
        say(10, 0);
        passDeadline();

        assertEquals(List.of("8:0", "10:0"), told);
        assertEquals(List.of(6L), gaps);
        assertEquals(1, counters.get(RelayCounter.LOG_GAPS));
        assertEquals(List.of(), late);
    }

    @Test
    void shouldTellThemAsLateGivenThatTheAnswerComesLate()
    {
        giveUpTwoLogs();
        answer(8, 7);
        answer(7, 6);
        passDeadline();

        assertEquals(List.of("8:0"), told);
        assertEquals(List.of("6:0", "6:1"), late);
        assertEquals(2, counters.get(RelayCounter.LOGS_LATE));
        assertEquals(List.of(6L), gaps);
    }

    @Test
    void shouldTellNothingGivenThatTheLateAnswerKnowsAnotherBlock()
    {
        giveUpTwoLogs();
        answer(8, 7);
        answer(7, 0x66);

        assertEquals(List.of("8:0"), told);
        assertEquals(List.of(), late);
    }

    /** The way down that a later head needs finds the block: what stands behind it has long been told. */
    @Test
    void shouldTellThemAsLateGivenThatALaterHeadFindsTheirBlock()
    {
        say(12, 0);
        giveUpTwoLogs();
        head(10);
        say(10, 0);
        head(13);
        for (long number = 12; number > 6; number--)
        {
            answer(number, number - 1);
        }

        assertEquals(List.of("8:0", "10:0", "12:0"), told);
        assertEquals(List.of("6:0", "6:1"), late);
    }

    @Test
    void shouldDeclareAGapGivenALogOfABlockThatWasGivenUp()
    {
        say(6, 0);
        passDeadline();
        head(9);
        passDeadline();
        assertEquals(List.of(), gaps, "all of it was told");
        say(6, 1);
        say(6, 2);
        assertEquals(List.of(6L), gaps);
        answer(8, 7);
        answer(7, 6);

        assertEquals(List.of("6:0"), told);
        assertEquals(List.of("6:1", "6:2"), late);
        assertEquals(List.of(6L), gaps);
    }

    @Test
    void shouldDeclareAGapGivenALogBehindWhatWasPassedOnOfAHigherBlock()
    {
        say(6, 0);
        say(8, 0);
        passDeadline();
        head(9);
        say(6, 1);
        answer(8, 7);
        answer(7, 6);

        assertEquals(List.of("6:0", "8:0"), told);
        assertEquals(List.of("6:1"), late);
        assertEquals(List.of(6L), gaps);
        assertEquals(1, counters.get(RelayCounter.LOGS_LATE));
    }

    @Test
    void shouldDeclareNothingGivenThatTheAnswerComesInTime()
    {
        say(8, 0);
        say(6, 0);
        head(9);
        answer(8, 7);
        answer(7, 6);
        passDeadline();

        assertEquals(List.of("6:0", "8:0"), told);
        assertEquals(List.of(), gaps);
        assertEquals(List.of(), late);
    }

    private void giveUpTwoLogs()
    {
        say(8, 0);
        say(6, 0);
        say(6, 1);
        head(9);
        assertEquals(List.of(8L), asked);
        passDeadline();
        assertEquals(List.of("8:0"), told);
    }

    private void passDeadline()
    {
        for (int i = 0; i < 30; i++)
        {
            nowNs += DEADLINE_NS / 10;
            arbiter.onTime(nowNs);
        }
    }

    private void head(final long number)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = number;
        head.parentHash[0] = number - 1;
        head.hasBloom = true;
        head.isBloomZero = number == 9 || number == 13;
        arbiter.onLaneHead(0, true, head.hash, number);
        arbiter.onHead(head, nowNs);
        arbiter.onTime(nowNs);
    }

    private void say(final long number, final int logIndex)
    {
        final byte[] log = SimBlock.text("{\"blockNumber\":\"0x" + Long.toHexString(number) + "\",\"blockHash\":\"" +
            hash(number) + "\",\"logIndex\":\"0x" + logIndex + "\"}");
        arbiter.onLog(0, log, 0, log.length, nowNs);
    }

    /** The node answers what it was asked last, of a block by its hash. */
    private void answer(final long number, final long parent)
    {
        assertEquals(number, asked.get(asked.size() - 1));
        final byte[] block = SimBlock.text("{\"number\":\"0x" + Long.toHexString(number) + "\",\"hash\":\"" +
            hash(number) + "\",\"parentHash\":\"" + hash(parent) + "\"}");
        arbiter.onFetched(0, asked.size(), false, block, 0, block.length, nowNs);
    }

    private static String hash(final long number)
    {
        return "0x" + String.format("%016x", number) + "0".repeat(48);
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
    public void onLate(final long blockNumber, final byte[] bytes, final int offset, final int length)
    {
        late.add(blockNumber + ":" + new String(bytes, offset, length, StandardCharsets.US_ASCII)
            .replaceAll(".*Index\":\"0x|\"}", ""));
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        asked.add(Long.parseLong(call.replaceAll(".*\"0x0*([0-9a-f]+?)0{48}\".*", "$1"), 16));
        return asked.size();
    }
}
