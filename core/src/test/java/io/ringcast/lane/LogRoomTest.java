package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What there is no room for is missing by our own bound: that is declared, once. Confined to the test's thread. */
class LogRoomTest implements LogSink
{
    private static final int ROOM_BYTES = 16_000;
    private static final int MANY_LOGS = 300;

    private final List<String> told = new ArrayList<>();
    private final List<Long> gaps = new ArrayList<>();
    private final List<String> fetched = new ArrayList<>();
    private final CounterSet counters = new CounterSet();
    private final LogArbiter arbiter = new LogArbiter(
        new LaneRules(1, 1, 1_000, 64, 8, ROOM_BYTES, 1, 1, 1), "{}", () -> 0, counters, this);
    private long lastCallId;

    @Override
    public void onLog(
        final long blockNumber, final long hashStart, final int logIndex, final boolean isRemoved,
        final byte[] bytes, final int offset, final int length)
    {
        told.add(blockNumber + ":" + logIndex);
    }

    @Override
    public void onGap(final long blockNumber)
    {
        gaps.add(blockNumber);
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        fetched.add(call.replaceAll(".*\"blockHash\":\"0x0*([0-9a-f]+?)0{48}\".*", "$1"));
        return ++lastCallId;
    }

    @BeforeEach
    void begin()
    {
        arbiter.onLaneLive(0, 0);
        head(8);
        head(9);
    }

    @Test
    void shouldDeclareOneGapGivenMoreLogsOfABlockThanThereIsRoomFor()
    {
        IntStream.range(0, MANY_LOGS).forEach(i -> say(9, i));

        assertEquals(List.of(9L), gaps);
        assertEquals(1, counters.get(RelayCounter.LOG_GAPS));
        assertEquals(MANY_LOGS, told.size() + counters.get(RelayCounter.LOGS_DROPPED));
    }

    @Test
    void shouldFetchWhatThereWasNoRoomForBeforeItsHeadCame()
    {
        IntStream.range(0, MANY_LOGS).forEach(i -> say(10, i));
        assertEquals(List.of(), gaps, "it may never join the chain");

        fetched.clear();
        head(10);
        assertEquals(List.of("a"), fetched);
        answer(10, MANY_LOGS);

        assertEquals(List.of(10L), gaps);
    }

    @Test
    void shouldNotDeclareAGapGivenRoom()
    {
        say(9, 0);
        say(9, 1);

        assertEquals(List.of("9:0", "9:1"), told);
        assertEquals(List.of(), gaps);
    }

    @Test
    void shouldDeclareThatAVisitIsToldInPartGivenMoreLogsOfItThanThereIsRoomFor()
    {
        head(10);
        arbiter.onHead(other(10), 0);
        IntStream.range(0, MANY_LOGS).forEach(i -> say(10, i));

        assertEquals(List.of(10L), gaps);
        assertEquals(1, counters.get(RelayCounter.LOG_VISITS_CUT));
    }

    private static Head other(final long number)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = ~number;
        head.hasBloom = true;
        return head;
    }

    private void head(final long number)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = number;
        head.hasBloom = true;
        arbiter.onLaneHead(0, true, head.hash, number);
        arbiter.onHead(head, 0);
        arbiter.onTime(0);
    }

    private void say(final int number, final int logIndex)
    {
        final byte[] log = SimBlock.text(log(number, logIndex));
        arbiter.onLog(0, log, 0, log.length, 0);
    }

    private void answer(final int number, final int count)
    {
        final byte[] logs = SimBlock.text(
            IntStream.range(0, count).mapToObj(i -> log(number, i)).collect(Collectors.joining(",", "[", "]")));
        arbiter.onFetched(0, lastCallId, false, logs, 0, logs.length, 0);
    }

    private static String log(final int number, final int logIndex)
    {
        return "{\"blockNumber\":\"0x" + Integer.toHexString(number) + "\",\"blockHash\":\"0x" +
            String.format("%016x", number) + "0".repeat(48) + "\",\"logIndex\":\"0x" + Integer.toHexString(logIndex) +
            "\"}";
    }
}
