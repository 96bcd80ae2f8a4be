package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.CounterSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of logs when the first heads were mined while no upstream was there. Confined to the test's thread. */
class FirstHeadLogsTest implements LogSink, HeadSink
{
    private static final long DEADLINE_NS = 1_000;
    private static final byte[] NOTHING = SimBlock.text("[]");

    private final List<String> told = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final CounterSet counters = new CounterSet();
    private LaneRules rules = new LaneRules(1, 1, DEADLINE_NS, 64, 8, 1 << 20, 1, 1, 1);
    private LogArbiter arbiter = new LogArbiter(rules, "{}", () -> 0, counters, this);
    private long nowNs;

    @Test
    void shouldFetchTheLogsOfAFirstHeadThatWasFetched()
    {
        arbiter.onLaneLive(0, nowNs);
        head(7, true);

        assertEquals(List.of("eth_getLogs 7"), asked);
    }

    @Test
    void shouldFetchTheLogsOfTheFirstHeadGivenThatTheUpstreamWasAway()
    {
        arbiter.onLaneLive(0, nowNs);
        arbiter.onLaneDown(0, nowNs);
        arbiter.onLaneLive(0, nowNs);
        head(7, false);

        assertEquals(List.of("eth_getLogs 7"), asked);
    }

    @Test
    void shouldLeaveTheLogsOfTheFirstHeadToWhoPushesThem()
    {
        arbiter.onLaneLive(0, nowNs);
        head(7, false);

        assertEquals(List.of(), asked);
    }

    /** Before that a log may be of a branch that the heads to come lead through, and leave. */
    @Test
    void shouldHoldLogsAsLongAsWhatIsMissingBeforeTheFirstHeadIsFetched()
    {
        final HeadArbiter heads = new HeadArbiter(rules, counters, this);
        heads.onLaneLive(0, nowNs);
        heads.onTime(nowNs);
        final byte[] anchor = block(4);
        heads.onFetched(0, asked.size(), false, anchor, 0, anchor.length, nowNs);
        arbiter.beginOn(heads);
        arbiter.onLaneLive(0, nowNs);
        final byte[] pushed = block(7);
        heads.onHead(0, pushed, 0, pushed.length, nowNs);
        say(0, 7, false);
        for (int i = 0; i < 30; i++)
        {
            nowNs += DEADLINE_NS / 10;
            arbiter.onTime(nowNs);
        }

        assertEquals(List.of(), told);
        heads.onReleased();
        for (int i = 0; i < 30; i++)
        {
            nowNs += DEADLINE_NS / 10;
            arbiter.onTime(nowNs);
        }
        assertEquals(List.of("7:0"), told, "no head is to come");
    }

    @Test
    void shouldFetchLogsThatTooFewUpstreamsToldBeforeTheFirstHead()
    {
        rules = new LaneRules(2, 2, DEADLINE_NS, 64, 8, 1 << 20, 1, 1, 1);
        arbiter = new LogArbiter(rules, "{\"address\":[]}", () -> 0, counters, this);
        arbiter.onLaneLive(0, nowNs);
        arbiter.onLaneLive(1, nowNs);
        arbiter.onLaneHead(0, true, hash(6), 6);
        say(0, 8, false);
        head(7, false);
        head(8, false);

        assertEquals(List.of("eth_getLogs 8"), asked);
    }

    /** Who takes them back may be behind others, or the chain may come back. */
    @Test
    void shouldTellLogsThatWereTakenBackGivenThatTheHeadsLeadThroughTheirBlock()
    {
        arbiter.onLaneLive(0, nowNs);
        say(0, 7, false);
        say(0, 7, true);
        head(7, false);

        assertEquals(List.of("7:0"), told);
        assertEquals(List.of(), asked);
    }

    @Test
    void shouldFetchLogsThatWereTakenBackGivenThatTheyWereNotKept()
    {
        arbiter.onLaneLive(0, nowNs);
        arbiter.onLaneHead(0, true, hash(6), 6);
        say(0, 8, false);
        say(0, 8, true);
        for (int i = 0; i < 30; i++)
        {
            nowNs += DEADLINE_NS / 10;
            arbiter.onTime(nowNs);
        }
        assertEquals(List.of(), told);
        head(7, false);
        head(8, false);

        assertEquals(List.of("eth_getLogs 8"), asked);
    }

    @Test
    void shouldNotTakeARemovalForAProofThatAnUpstreamTellsLogs()
    {
        arbiter = new LogArbiter(rules, "{\"address\":[]}", () -> 0, counters, this);
        arbiter.onLaneLive(0, nowNs);
        say(0, 5, true);
        for (int number = 6; number < 10; number++)
        {
            head(number, false);
            arbiter.onLaneHead(0, true, hash(number), number);
            while (answered < asked.size())
            {
                arbiter.onFetched(0, ++answered, false, NOTHING, 0, NOTHING.length, nowNs);
            }
        }

        assertEquals(List.of("eth_getLogs 7", "eth_getLogs 8"), asked, "what the blooms do not rule out");
    }

    private int answered;

    private void head(final long number, final boolean isFetched)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = number;
        head.parentHash[0] = number - 1;
        head.hasBloom = true;
        final byte[] bloom = SimBlock.text("\"0x" + "f".repeat(512) + "\"");
        head.bytes = bloom;
        head.length = bloom.length;
        head.bloomLength = bloom.length;
        head.isFetched = isFetched;
        arbiter.onHead(head, nowNs);
        arbiter.onTime(nowNs);
    }

    private void say(final int lane, final long number, final boolean isRemoved)
    {
        final byte[] log = SimBlock.text("{\"blockNumber\":\"0x" + Long.toHexString(number) + "\",\"blockHash\":\"" +
            text(number) + "\",\"logIndex\":\"0x0\",\"removed\":" + isRemoved + "}");
        arbiter.onLog(lane, log, 0, log.length, nowNs);
    }

    private static byte[] block(final long number)
    {
        return SimBlock.text("{\"number\":\"0x" + Long.toHexString(number) + "\",\"hash\":\"" + text(number) +
            "\",\"parentHash\":\"" + text(number - 1) + "\"}");
    }

    private static long[] hash(final long number)
    {
        return new long[]{number, 0, 0, 0};
    }

    private static String text(final long number)
    {
        return "0x" + String.format("%016x", number) + "0".repeat(48);
    }

    @Override
    public void onHead(final Head head, final byte[] bytes, final int offset, final int length)
    {
        throw new AssertionError("what is missing before it is not here");
    }

    @Override
    public void reset(final int laneIndex)
    {
        throw new AssertionError("it is not silent");
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
        throw new AssertionError("a gap in the logs of " + blockNumber);
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        asked.add(call.replaceAll("\"method\":\"(\\w+)\".*", "$1 ") +
            (call.contains("blockHash") ? call.replaceAll(".*blockHash\":\"0x0*([0-9a-f]+?)0{48}\".*", "$1") : ""));
        return asked.size();
    }
}
