package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logs behind the first head wait until two of three lanes have told them. Confined to the test's thread. */
class LogVotesTest implements LogSink
{
    private record Call(int lane, long block)
    {
    }

    private final List<Call> asked = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<Long> gaps = new ArrayList<>();
    private final CounterSet counters = new CounterSet();
    private final LaneRules rules = new LaneRules(3, 2, 1_000, 64, 8, 1 << 20, 1, 1, 1);
    private final LogArbiter arbiter = new LogArbiter(rules, "{}", () -> 0, counters, this);
    private long nowNs;

    @Override
    public void onLog(
        final long blockNumber, final long hashStart, final int logIndex, final boolean isRemoved,
        final byte[] bytes, final int offset, final int length)
    {
        told.add((isRemoved ? "-" : "") + blockNumber + ':' + logIndex);
    }

    @Override
    public void onGap(final long blockNumber)
    {
        gaps.add(blockNumber);
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        asked.add(new Call(laneIndex,
            Long.parseLong(call.replaceAll(".*\"blockHash\":\"0x0*([0-9a-f]+?)0{48}\".*", "$1"), 16)));
        return asked.size();
    }

    @BeforeEach
    void begin()
    {
        for (int lane = 0; lane < 3; lane++)
        {
            arbiter.onLaneLive(lane, nowNs);
        }
        head(7);
        head(8);
        for (int lane = 0; lane < 3; lane++)
        {
            tell(lane, 8, 0);
        }
        // All have told what they have of it.
        pass(rules.repairDeadlineNs());
        told.clear();
        head(9);
    }

    @Test
    void shouldTellALogWhenASecondLaneTellsIt()
    {
        tell(0, 9, 0);
        assertEquals(List.of(), told);
        tell(2, 9, 0);
        tell(1, 9, 0);

        assertEquals(List.of("9:0"), told);
        assertEquals(List.of(), asked);
    }

    @Test
    void shouldNeverTellWhatOneLaneHasMadeUp()
    {
        for (int lane = 0; lane < 3; lane++)
        {
            tell(lane, 9, 0);
        }
        tell(2, 9, 1);
        pass(rules.attemptNs());
        answer(0, 0, 1);
        assertEquals(2, asked.size(), "a second lane is asked");
        answer(1, 0, 1);
        head(10);
        for (int lane = 0; lane < 3; lane++)
        {
            tell(lane, 10, 0);
        }

        assertEquals(List.of("9:0", "10:0"), told);
        assertEquals(1, counters.get(RelayCounter.ITEMS_UNCONFIRMED));
        assertEquals(List.of(), gaps);
    }

    @Test
    void shouldNotAskAgainForEachLogThatALaneMakesUp()
    {
        tell(2, 9, 0);
        pass(rules.attemptNs());
        answer(0, 0, 0);
        answer(1, 0, 0);
        final int calls = asked.size();
        for (int index = 0; index < 10; index++)
        {
            tell(2, 9, index);
            pass(rules.attemptNs());
        }

        assertEquals(calls, asked.size());
        assertEquals(List.of(), told);
    }

    @Test
    void shouldTellWhatTheOthersHaveNotPushedGivenThatOneHasItInItsAnswer()
    {
        tell(0, 9, 0);
        head(10);
        answer(0, 0, 1);
        assertEquals(List.of(), told, "it has said so before");
        answer(1, 0, 1);

        assertEquals(List.of("9:0"), told);
    }

    @Test
    void shouldDeclareAGapGivenThatNobodySaysInTimeWhetherItIsThere()
    {
        tell(0, 9, 0);
        head(10);
        for (int lane = 0; lane < 2; lane++)
        {
            tell(lane, 10, 0);
        }
        assertEquals(List.of(), told);
        pass(rules.repairDeadlineNs());

        assertEquals(List.of(9L), gaps);
        assertEquals(List.of("10:0"), told);
    }

    @Test
    void shouldWaitWithTheHeadsGivenThatLanesForTheQuorumAreGone()
    {
        tell(0, 9, 0);
        arbiter.onLaneDown(1, nowNs);
        arbiter.onLaneDown(2, nowNs);
        pass(rules.repairDeadlineNs() * 2 * LaneRules.LONGEST_REPAIR_DEADLINES);
        assertEquals(List.of(), gaps);
        answer(0, 0, 1);
        assertEquals(List.of(), told, "it has said so before");
        arbiter.onLaneLive(1, nowNs);
        assertEquals(new Call(1, 9), asked.get(asked.size() - 1));
        answer(asked.size() - 1, 0, 1);

        assertEquals(List.of("9:0"), told);
    }

    private void pass(final long ns)
    {
        for (long left = ns; left > 0; left -= rules.attemptNs())
        {
            nowNs += rules.attemptNs();
            arbiter.onTime(nowNs);
        }
    }

    private void head(final long number)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = number;
        for (int lane = 0; lane < 3; lane++)
        {
            arbiter.onLaneHead(lane, true, head.hash, number);
        }
        arbiter.onHead(head, nowNs);
        arbiter.onTime(nowNs);
    }

    private void tell(final int lane, final long number, final int index)
    {
        final byte[] log = text(log(number, index));
        arbiter.onLog(lane, log, 0, log.length, nowNs);
        arbiter.onTime(nowNs);
    }

    /** A lane answers a call with so many logs, whoever of them was asked. */
    private void answer(final int call, final int first, final int end)
    {
        final Call to = asked.get(call);
        final byte[] logs = text(IntStream.range(first, end).mapToObj(index -> log(to.block, index))
            .collect(Collectors.joining(",", "[", "]")));
        arbiter.onFetched(to.lane, call + 1, false, logs, 0, logs.length, nowNs);
    }

    private static String log(final long number, final int index)
    {
        return String.format(
            "{\"blockHash\":\"0x%016x%048d\",\"blockNumber\":\"0x%x\",\"logIndex\":\"0x%x\",\"removed\":false}", number,
            0, number, index);
    }

    private static byte[] text(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
