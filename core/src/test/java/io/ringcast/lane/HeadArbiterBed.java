package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.CounterSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Three upstreams that tell of branches named by letters, and what comes of it. Confined to the test's thread. */
abstract class HeadArbiterBed implements HeadSink
{
    static final int LANES = 3;
    static final long DEADLINE_NS = 150_000_000L;
    static final long TICK_NS = 50_000_000L;
    static final long LEFT_OUT_NS = 30_000_000_000L;
    static final int MAJORITY_BLOCKS = 16;

    final CounterSet counters = new CounterSet();
    final List<String> output = new ArrayList<>();
    final List<Integer> asked = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    final List<String> late = new ArrayList<>();
    HeadArbiter arbiter = arbiter(1);
    long nowNs = -DEADLINE_NS;
    long lastCallId;

    HeadArbiter arbiter(final int quorum)
    {
        return arbiter(LANES, quorum);
    }

    HeadArbiter arbiter(final int lanes, final int quorum)
    {
        final HeadArbiter created = new HeadArbiter(
            new LaneRules(lanes, quorum, DEADLINE_NS, 256, 1_000, 1 << 20, TICK_NS, 10 * TICK_NS, 1_024),
            counters, this);
        for (int lane = 0; lane < lanes; lane++)
        {
            created.onLaneUp(lane, nowNs);
            created.onLaneLive(lane, nowNs);
        }
        return created;
    }

    @Override
    public final void onHead(final Head head, final byte[] bytes, final int offset, final int length)
    {
        final String text = new String(bytes, offset, length, StandardCharsets.US_ASCII);
        output.add(text.replaceAll(".*\"extraData\":\"|\".*", ""));
    }

    @Override
    public final long fetch(final int laneIndex, final String call)
    {
        asked.add(laneIndex);
        calls.add(call);
        return ++lastCallId;
    }

    @Override
    public final void onLate(final Head head, final byte[] bytes, final int length)
    {
        late.add(head.number() + "");
    }

    @Override
    public final void reset(final int laneIndex)
    {
        throw new AssertionError("nobody is silent for long");
    }

    /** A branch is a letter; its blocks are named like {@code b17}. */
    void say(final int lane, final char branch, final int number, final char parentBranch)
    {
        final byte[] head = head(branch, number, parentBranch);
        assertTrue(arbiter.onHead(lane, head, 0, head.length, ++nowNs));
    }

    static byte[] head(final char branch, final int number, final char parentBranch)
    {
        return ("{\"parentHash\":\"" + hash(parentBranch, number - 1) + "\",\"number\":\"0x" +
            Integer.toHexString(number) + "\",\"hash\":\"" + hash(branch, number) + "\",\"extraData\":\"" + branch +
            number + "\"}").getBytes(StandardCharsets.US_ASCII);
    }

    void say(final int lane, final char branch, final int number)
    {
        say(lane, branch, number, branch);
    }

    static String hash(final char branch, final int number)
    {
        return "0x" + String.format("%014x%02x", number, (int)branch) + "0".repeat(48);
    }

    boolean isLeftOut(final int lane)
    {
        return arbiter.status(lane, "n", nowNs).isLeftOut();
    }

    void answer(final int lane, final long callId, final char branch, final int number)
    {
        final byte[] head = head(branch, number, branch);
        arbiter.onFetched(lane, callId, false, head, 0, head.length, ++nowNs);
    }

    void expire()
    {
        pass(DEADLINE_NS);
    }

    void pass(final long passedNs)
    {
        for (long leftNs = passedNs; leftNs > 0; leftNs -= TICK_NS)
        {
            nowNs += TICK_NS;
            arbiter.onTime(nowNs);
        }
    }
}
