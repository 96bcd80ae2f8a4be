package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Upstreams that push, answer or are silent as a test wants, in a time of its own: for the tests of how
 * {@link HeadArbiter} watches over its lanes, one class a subject. Confined to the test thread.
 */
abstract class LaneWatchBed
{
    static final long MS = 1_000_000L;
    static final long TICK_NS = 50 * MS;
    static final long GAP_NS = 200 * MS;
    static final int STALE_GAPS = 5;
    static final long SILENT_NS = 10_000 * MS;
    static final long ANSWER_NS = 5_000 * MS;
    static final long PUSH_NS = 1_000 * MS;

    record Call(long id, int laneIndex, String text)
    {
    }

    private final class RecordingSink implements HeadSink
    {
        @Override
        public void onHead(final Head head, final byte[] bytes, final int offset, final int length)
        {
            published++;
            output.add(new String(bytes, offset, length, StandardCharsets.US_ASCII)
                .replaceAll(".*\"extraData\":\"|\".*", ""));
        }

        @Override
        public void onQuorum(final boolean isMet, final int agreeing)
        {
            quorums.add((isMet ? "met " : "lost ") + agreeing);
        }

        @Override
        public long fetch(final int laneIndex, final String call)
        {
            calls.add(new Call(calls.size() + 1, laneIndex, call));
            return calls.size();
        }

        @Override
        public void reset(final int laneIndex)
        {
            resets.add(laneIndex);
        }
    }

    final List<Call> calls = new ArrayList<>();
    final List<Integer> resets = new ArrayList<>();
    /** What was published, by name: a block's number, behind a letter if it is of another chain than the first. */
    final List<String> output = new ArrayList<>();
    final List<String> quorums = new ArrayList<>();
    final CounterSet counters = new CounterSet();
    int published;
    HeadArbiter arbiter;
    long nowNs = Long.MAX_VALUE - 3_000_000_000L;
    int block;

    LaneStatus status(final int laneIndex)
    {
        return arbiter.status(laneIndex, "n", nowNs);
    }

    /** The connection that was reset is there again; the newest head is asked for. */
    void reconnect(final int laneIndex)
    {
        arbiter.onLaneDown(laneIndex, nowNs);
        arbiter.onLaneLive(laneIndex, nowNs);
    }

    void start(final int laneCount)
    {
        start(laneCount, 1);
    }

    void start(final int laneCount, final int quorum)
    {
        create(laneCount, quorum);
        // Before the first tick: who has pushed is not asked where the chain stands.
        sayNext(laneCount);
        for (int i = 0; i < 20; i++)
        {
            pass(GAP_NS);
            sayNext(laneCount);
        }
    }

    private void sayNext(final int laneCount)
    {
        block++;
        for (int lane = 0; lane < laneCount; lane++)
        {
            say(lane, block);
        }
    }

    void create(final int laneCount)
    {
        create(laneCount, 1);
    }

    void create(final int laneCount, final int quorum)
    {
        published = 0;
        arbiter = new HeadArbiter(
            new LaneRules(laneCount, quorum, 150 * MS, 256, STALE_GAPS, 1 << 20, 50 * MS, 5_000 * MS, 1024),
            counters, new RecordingSink());
        for (int lane = 0; lane < laneCount; lane++)
        {
            arbiter.onLaneUp(lane, nowNs);
            arbiter.onLaneLive(lane, nowNs);
        }
    }

    void pass(final long passedNs)
    {
        for (long left = passedNs; left > 0; left -= TICK_NS)
        {
            nowNs += TICK_NS;
            arbiter.onTime(nowNs);
        }
    }

    long passUntilAsked()
    {
        final int asked = calls.size();
        final long startNs = nowNs;
        while (calls.size() == asked && nowNs - startNs < 100 * SILENT_NS)
        {
            pass(TICK_NS);
        }
        return nowNs - startNs;
    }

    Call last()
    {
        return calls.get(calls.size() - 1);
    }

    void say(final int laneIndex, final int number)
    {
        say(laneIndex, "", number);
    }

    /** Says a head of a chain that has a name of its own, from its first block on. */
    void say(final int laneIndex, final String chain, final int number)
    {
        say(laneIndex, chain, number, 0);
    }

    /** The same, with a text of so many bytes at least. */
    void say(final int laneIndex, final String chain, final int number, final int length)
    {
        final String text = "{" + head(chain, number);
        final byte[] head = bytes(text + " ".repeat(Math.max(0, length - text.length() - 1)) + "}");
        arbiter.onHead(laneIndex, head, 0, head.length, nowNs);
    }

    void answer(final Call call, final byte[] result)
    {
        answerAs(call.laneIndex, call, result);
    }

    /** An upstream answers, be it the one that was asked or another that knows or guesses the id. */
    void answerAs(final int laneIndex, final Call call, final byte[] result)
    {
        arbiter.onFetched(laneIndex, call.id, false, result, 0, result.length, nowNs);
    }

    static byte[] block(final int number)
    {
        return block("", number);
    }

    static byte[] block(final String chain, final int number)
    {
        return bytes("{\"size\":\"0x1\"," + head(chain, number) + ",\"transactions\":[]}");
    }

    private static String head(final String chain, final int number)
    {
        return "\"parentHash\":\"" + hash(chain, number - 1) + "\",\"logsBloom\":\"0x00\",\"number\":\"0x" +
            Integer.toHexString(number) + "\",\"hash\":\"" + hash(chain, number) + "\",\"extraData\":\"" + chain +
            number + "\"";
    }

    private static String hash(final String chain, final int number)
    {
        return "0x" + String.format("%016x", (number ^ (long)chain.hashCode() << 32) * 0x9E3779B97F4A7C15L) +
            "0".repeat(48);
    }

    static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
