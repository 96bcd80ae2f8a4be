package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.CounterSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Logs of a network that tells no heads wait for the others themselves. Confined to the test's thread. */
class LogQuorumTest implements LogSink
{
    private final List<String> output = new ArrayList<>();
    private long nowNs;
    private final LogArbiter arbiter = new LogArbiter(
        new LaneRules(3, 2, 1, 1, 1, 1 << 20, 1, 1, 1), "{}", () -> 0, new CounterSet(), this);

    @Override
    public void onLog(
        final long blockNumber, final long hashStart, final int logIndex, final boolean isRemoved,
        final byte[] bytes, final int offset, final int length)
    {
        output.add((isRemoved ? "-" : "+") + blockNumber + ':' + logIndex);
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        throw new AssertionError("nothing is missing");
    }

    @Test
    void shouldHoldALogUntilTwoLanesTellIt()
    {
        say(0, 0, false);
        say(0, 0, false);
        assertEquals(List.of(), output);
        say(1, 1, false);
        say(2, 0, false);
        say(1, 0, false);
        arbiter.onTime(nowNs);

        assertEquals(List.of("+7:0"), output);
    }

    @Test
    void shouldTellALogAgainGivenThatTwoLanesHaveRemovedItBefore()
    {
        for (int round = 0; round < 2; round++)
        {
            say(0, 0, false);
            say(1, 0, false);
            say(0, 0, true);
            say(1, 0, true);
        }

        assertEquals(List.of("+7:0", "-7:0", "+7:0", "-7:0"), output);
    }

    private void say(final int lane, final int logIndex, final boolean isRemoved)
    {
        final byte[] log = ("{\"blockHash\":\"0x" + "a7".repeat(32) + "\",\"blockNumber\":\"0x7\",\"logIndex\":\"0x" +
            logIndex + "\",\"removed\":" + isRemoved + '}').getBytes(StandardCharsets.US_ASCII);
        arbiter.onLog(lane, log, 0, log.length, nowNs++);
    }
}
