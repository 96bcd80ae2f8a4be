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
 * When two upstreams agree that a block has no more logs, and when one is waited for.
 * Confined to the test's thread.
 */
class LogAgreementTest implements LogSink
{
    private static final long DEADLINE_NS = 1_000;
    private static final long ATTEMPT_NS = DEADLINE_NS / LaneRules.ATTEMPTS_PER_DEADLINE;

    private final List<Long> asked = new ArrayList<>();
    private final List<Long> told = new ArrayList<>();
    private int askedLane;
    private long lastCallId;
    private long nowNs;
    private final CounterSet counters = new CounterSet();
    private final LogArbiter arbiter = new LogArbiter(
        new LaneRules(2, 1, DEADLINE_NS, 64, 8, 1 << 20, 1, 1, 1), "{}", () -> 0, counters, this);

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
        askedLane = laneIndex;
        asked.add(Long.parseLong(call.replaceAll(".*\"blockHash\":\"0x0*([0-9a-f]+?)0{48}\".*", "$1"), 16));
        return ++lastCallId;
    }

    @BeforeEach
    void begin()
    {
        arbiter.onLaneLive(0, 0);
        arbiter.onLaneLive(1, 0);
        head(7);
        head(8);
        // Of what was there when they came nobody can be known to push it.
        for (int call = 0; call < asked.size(); call++)
        {
            final byte[] logs = text("[" + log(asked.get(call)) + "]");
            arbiter.onFetched(0, call + 1, false, logs, 0, logs.length, 0);
        }
        tell(0, 8);
        tell(1, 8);
        pass(DEADLINE_NS);
        told.clear();
    }

    /** The first has lost the log, and the other is only slower: it has not said that there is none. */
    @Test
    void shouldNotTakeSilenceForAgreement()
    {
        head(9);
        head(10);
        tell(0, 10);
        tell(1, 9);
        tell(1, 10);
        assertEquals(List.of(9L), told);
        final byte[] logs = text("[" + log(9) + "]");
        arbiter.onFetched(0, asked.lastIndexOf(9L) + 1, false, logs, 0, logs.length, 0);

        assertEquals(List.of(9L, 10L), told);
        assertEquals(0, counters.get(RelayCounter.LOGS_LATE));
    }

    /** So it is with each block of a chain whose blocks are further apart than the deadline. */
    @Test
    void shouldNotWaitForTheSlowerOneGivenThatItToldAllThatThereIsADeadlineAgo()
    {
        head(9);
        tell(0, 9);
        tell(1, 9);
        asked.clear();
        nowNs += DEADLINE_NS;
        head(10);
        tell(0, 10);

        assertEquals(List.of(9L, 10L), told);
        assertEquals(List.of(), asked);
    }

    /** The first has left out the last logs and gone on while the other was about to tell them. */
    @Test
    void shouldWaitForTheOneInTheMiddleOfABlockGivenThatItHasJustToldAsMuch()
    {
        tellNineAndGoOn();
        assertEquals(List.of(9L), told);
        tell(1, 9, 1);
        tell(1, 9, 2);
        assertEquals(List.of(9L), asked);
        answer("[" + log(9, 0) + "," + log(9, 1) + "," + log(9, 2) + "]");

        assertEquals(List.of(9L, 9L, 9L, 10L), told);
        assertNoGap();
    }

    @Test
    void shouldAskNobodyGivenThatTheOtherGoesOnSoon()
    {
        tellNineAndGoOn();
        pass(ATTEMPT_NS - 1);
        assertEquals(List.of(9L), told);
        tell(1, 10);

        assertEquals(List.of(9L, 10L), told);
        assertEquals(List.of(), asked);
    }

    @Test
    void shouldEndTheWaitGivenAnAnswer()
    {
        tellNineAndGoOn();
        pass(ATTEMPT_NS);
        assertEquals(List.of(9L), asked);
        answer("[" + log(9, 0) + "," + log(9, 1) + "]");

        assertEquals(List.of(9L, 9L, 10L), told);
        assertNoGap();
    }

    /** Nothing shows that one is missing. */
    @Test
    void shouldEndTheWaitWithoutAGapGivenThatNobodySaysMore()
    {
        tellNineAndGoOn();
        pass(DEADLINE_NS - 1);
        assertEquals(List.of(9L), told);
        pass(1);

        assertEquals(List.of(9L, 10L), told);
        assertNoGap();
    }

    /** The same again and again is no news; but while it lasts, nobody knows that there is nothing behind it. */
    @Test
    void shouldWaitNoLongerThanForAnAnswerGivenThatTheOtherSaysTheSameAgainAndAgain()
    {
        tellNineAndGoOn();
        for (int i = 0; i < 2 * DEADLINE_NS / ATTEMPT_NS; i++)
        {
            pass(ATTEMPT_NS);
            tell(1, 9);
        }

        assertEquals(List.of(9L, 10L), told);
    }

    @Test
    void shouldNotWaitForTheOneInTheMiddleGivenThatItIsLeftOut()
    {
        arbiter.setLeftOut(2);
        tellNineAndGoOn();

        assertEquals(List.of(9L, 10L), told);
    }

    /** Of what came before it nobody can be known to tell all; but it may tell what the first has left out. */
    @Test
    void shouldWaitForTheOneInTheMiddleGivenThatItHasOnlyComeAgain()
    {
        arbiter.onLaneDown(1, nowNs);
        arbiter.onLaneLive(1, nowNs);
        tellNineAndGoOn();
        assertEquals(List.of(9L), told);
        tell(1, 9, 1);
        tell(1, 10);
        answer("[" + log(9, 0) + "]");

        assertEquals(List.of(9L, 9L, 10L), told);
        assertNoGap();
    }

    @Test
    void shouldAskGivenThatTheOtherHasToldLess()
    {
        head(9);
        tell(0, 9);
        tell(0, 9, 1);
        tell(1, 9);
        head(10);
        asked.clear();
        tell(0, 10);
        assertEquals(List.of(9L), asked);
        answer("[" + log(9, 0) + "," + log(9, 1) + "," + log(9, 2) + "]");

        assertEquals(List.of(9L, 9L, 9L, 10L), told);
        assertNoGap();
    }

    /** One lossy answer is no reason to believe the next: only if a second lane counts so, does the network. */
    @Test
    void shouldAskTheOtherGivenAnAnswerWithAHole()
    {
        tell(0, 9, 1);
        head(9);
        answer("[" + log(9, 1) + "]");
        assertEquals(List.of(), told);
        answer("[" + log(9, 0) + "," + log(9, 1) + "]");
        assertEquals(List.of(9L, 9L), told);

        tell(0, 10, 1);
        head(10);
        assertEquals(10L, asked.get(asked.size() - 1));
        answer("[" + log(10, 1) + "]");
        assertEquals(2, told.size());
        answer("[" + log(10, 1) + "]");
        assertEquals(List.of(9L, 9L, 10L), told);
    }

    /** It has fallen silent for longer than anybody waits, and goes on after all. */
    @Test
    void shouldDeclareAGapGivenALogThatOneLeftOutAndTheOtherTellsTooLate()
    {
        tellNineAndGoOn();
        pass(DEADLINE_NS);
        final long gapsBefore = counters.get(RelayCounter.LOG_GAPS);
        tell(1, 9, 1);
        tell(1, 9, 2);

        assertEquals(List.of(9L, 10L), told);
        assertEquals(2, counters.get(RelayCounter.LOGS_LATE));
        assertEquals(gapsBefore + 1, counters.get(RelayCounter.LOG_GAPS), "once a block");
    }

    private void tellNineAndGoOn()
    {
        head(9);
        tell(0, 9);
        tell(1, 9);
        head(10);
        asked.clear();
        tell(0, 10);
    }

    private void pass(final long timeNs)
    {
        nowNs += timeNs;
        arbiter.onTime(nowNs);
    }

    private void assertNoGap()
    {
        assertEquals(0, counters.get(RelayCounter.LOG_GAPS));
        assertEquals(0, counters.get(RelayCounter.LOGS_LATE));
    }

    private void head(final long number)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = number;
        arbiter.onLaneHead(0, true, head.hash, number);
        arbiter.onLaneHead(1, true, head.hash, number);
        arbiter.onHead(head, nowNs);
        arbiter.onTime(nowNs);
    }

    private void tell(final int lane, final long number)
    {
        tell(lane, number, 0);
    }

    private void tell(final int lane, final long number, final int index)
    {
        final byte[] log = text(log(number, index));
        arbiter.onLog(lane, log, 0, log.length, nowNs);
        arbiter.onTime(nowNs);
    }

    /** Who was asked last answers. */
    private void answer(final String logs)
    {
        final byte[] result = text(logs);
        arbiter.onFetched(askedLane, lastCallId, false, result, 0, result.length, nowNs);
    }

    private static String log(final long number, final int index)
    {
        return log(number).replace("\"logIndex\":\"0x0\"", "\"logIndex\":\"0x" + index + '"');
    }

    private static String log(final long number)
    {
        return String.format(
            "{\"blockHash\":\"0x%016x%048d\",\"blockNumber\":\"0x%x\",\"logIndex\":\"0x0\",\"removed\":false}", number,
            0, number);
    }

    private static byte[] text(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
