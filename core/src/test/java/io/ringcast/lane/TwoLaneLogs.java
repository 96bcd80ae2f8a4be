package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import java.util.ArrayList;
import java.util.List;

/** The logs of two upstreams, and what was asked and told of them. Confined to the test's thread. */
abstract class TwoLaneLogs implements LogSink
{
    static final long DEADLINE_NS = 1_000;

    final List<Integer> askedLanes = new ArrayList<>();
    /** The beginning of each block's hash that was asked for, in hex. */
    final List<String> askedBlocks = new ArrayList<>();
    final List<Integer> toldIndexes = new ArrayList<>();
    final List<Long> toldHashes = new ArrayList<>();
    /** Such as {@code -5b:0} of a hash that begins with branch and number, here b and 5. */
    final List<String> toldTexts = new ArrayList<>();
    final CounterSet counters = new CounterSet();
    final LogArbiter arbiter = new LogArbiter(
        new LaneRules(2, 1, DEADLINE_NS, 64, 8, 1 << 20, 1, 1, 1), "{}", () -> 0, counters, this);
    long nowNs;
    long lastCallId;

    @Override
    public final void onLog(
        final long blockNumber, final long hashStart, final int logIndex, final boolean isRemoved,
        final byte[] bytes, final int offset, final int length)
    {
        toldIndexes.add(logIndex);
        toldHashes.add(hashStart);
        toldTexts.add((isRemoved ? "-" : "+") + blockNumber + Long.toHexString(hashStart >>> 8) + ':' + logIndex);
    }

    @Override
    public final long fetch(final int laneIndex, final String call)
    {
        askedLanes.add(laneIndex);
        askedBlocks.add(call.replaceAll(".*\"blockHash\":\"0x0*([0-9a-f]+?)0{48}\".*", "$1"));
        return ++lastCallId;
    }

    final void forgetAsked()
    {
        askedLanes.clear();
        askedBlocks.clear();
    }

    final void pass(final long timeNs)
    {
        for (final long untilNs = nowNs + timeNs; nowNs < untilNs; nowNs += DEADLINE_NS / 10)
        {
            arbiter.onTime(nowNs);
        }
    }
}
