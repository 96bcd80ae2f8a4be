package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.CounterSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which blocks' logs are waited for, and which are fetched. Confined to the test's thread. */
class LogCoverageTest implements LogSink
{
    private final List<Long> fetched = new ArrayList<>();
    private final LogArbiter arbiter = new LogArbiter(
        new LaneRules(2, 1, 1_000, 64, 8, 1 << 20, 1, 1, 1), "{}", () -> 0, new CounterSet(), this);

    @Override
    public void onLog(
        final long blockNumber, final long hashStart, final int logIndex, final boolean isRemoved,
        final byte[] bytes, final int offset, final int length)
    {
        throw new AssertionError("no log was told");
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        fetched.add(Long.parseLong(call.replaceAll(".*\"blockHash\":\"0x0*([0-9a-f]+?)0{48}\".*", "$1"), 16));
        return fetched.size();
    }

    @Test
    void shouldWaitForThePushOfALaneThatHasPushedTheBlockBefore()
    {
        begin();
        arbiter.onLaneHead(1, true, hash(9), 9);
        head(9);
        head(10);
        arbiter.onTime(1);

        assertEquals(List.of(9L), fetched);
    }

    /** Who answers may be behind who pushes: another node behind the same address, say. */
    @Test
    void shouldFetchGivenALaneThatWasOnlyAskedForTheBlockBefore()
    {
        begin();
        arbiter.onLaneHead(0, false, hash(10), 10);
        arbiter.onLaneHead(1, false, hash(9), 9);
        head(9);
        head(10);
        arbiter.onTime(1);

        assertEquals(List.of(9L, 10L), fetched);
    }

    /** Both have told a block, then both come back. */
    private void begin()
    {
        arbiter.onLaneLive(0, 0);
        arbiter.onLaneLive(1, 0);
        head(8);
        arbiter.onLaneDown(0, 0);
        arbiter.onLaneDown(1, 0);
        arbiter.onLaneLive(0, 0);
        arbiter.onLaneLive(1, 0);
        fetched.clear();
    }

    private void head(final long number)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = number;
        head.hasBloom = true;
        arbiter.onHead(head, 0);
        arbiter.onTime(0);
    }

    private static long[] hash(final long number)
    {
        return new long[]{number, 0, 0, 0};
    }
}
