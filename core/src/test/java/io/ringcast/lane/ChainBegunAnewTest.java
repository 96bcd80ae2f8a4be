package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.CounterSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * A law: a node that is away, and comes back on a chain which was begun anew, or rolled back and gone on with, is
 * followed from the first block that was mined meanwhile, however far below what was published that is.
 */
class ChainBegunAnewTest
{
    private static final int SEEDS = Integer.getInteger("ringcast.seeds", 400);
    private static final long MS = 1_000_000L;
    private static final long DEADLINE_NS = 150 * MS;
    private static final int LONGEST_NEW = 60;
    private static final int LONGEST_TOLD = 40;
    private static final long OLD = 'a';
    private static final long NEW = 'b';

    /** What was to be fetched, and from whom. */
    private record Call(long id, int lane, String text)
    {
    }

    private final List<String> output = new ArrayList<>();
    private final Deque<Call> calls = new ArrayDeque<>();
    private final CounterSet counters = new CounterSet();
    private HeadArbiter arbiter;
    private long nowNs;
    private long lastCallId;
    /** The last block that both chains have; -1 if they have none in common. */
    private long fork;
    private long oldTip;
    private long newTip;

    static LongStream seeds()
    {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldTellAllThatWasMinedMeanwhile(final long seed)
    {
        final Random random = new Random(seed);
        final boolean isLong = random.nextInt(4) == 0;
        final long first = 1 + random.nextInt(LONGEST_TOLD);
        oldTip = first + random.nextInt(isLong ? 2 * HeadLog.CAPACITY : LONGEST_TOLD);
        fork = random.nextInt(3) == 0 ? random.nextInt((int)oldTip) : -1;
        final int lanes = 1 + random.nextInt(2);
        arbiter = new HeadArbiter(
            new LaneRules(lanes, 1, DEADLINE_NS, 256, 1_000, 1 << 20, 50 * MS, 500 * MS, 1_024), counters, new Sink());
        for (int lane = 0; lane < lanes; lane++)
        {
            arbiter.onLaneLive(lane, nowNs);
        }
        final List<String> want = new ArrayList<>();
        newTip = Long.MIN_VALUE;
        for (long number = first; number <= oldTip; number++)
        {
            want.add("a" + number);
            for (int lane = 0; lane < lanes; lane++)
            {
                push(lane, block(OLD, number));
            }
        }

        for (int lane = 0; lane < lanes; lane++)
        {
            arbiter.onLaneDown(lane, nowNs);
        }
        newTip = fork + 1 + random.nextInt(random.nextBoolean() ? 2 : LONGEST_NEW);
        for (int lane = 0; lane < lanes; lane++)
        {
            arbiter.onLaneLive(lane, nowNs);
            answerAll();
        }
        for (int i = 0; i < 2; i++)
        {
            newTip++;
            for (int lane = 0; lane < lanes; lane++)
            {
                push(lane, block(NEW, newTip));
                answerAll();
            }
        }

        LongStream.rangeClosed(Math.max(1, fork + 1), newTip).forEach(number -> want.add("b" + number));
        assertEquals(want, output, "seed " + seed);
    }

    private void push(final int lane, final byte[] head)
    {
        arbiter.onHead(lane, head, 0, head.length, ++nowNs);
    }

    private void answerAll()
    {
        for (Call call = calls.poll(); call != null; call = calls.poll())
        {
            final byte[] answer = answer(call.text);
            arbiter.onFetched(call.lane, call.id, false, answer, 0, answer.length, ++nowNs);
        }
    }

    /** As the node answers that is on the new chain, or on the old one before it was away. */
    private byte[] answer(final String call)
    {
        if (call.contains("latest"))
        {
            return newTip < 0 ? block(OLD, oldTip) : block(NEW, newTip);
        }
        final String asked = call.replaceAll(".*\\[\"0x|\".*", "");
        if (call.contains("ByHash"))
        {
            final long branch = Long.parseLong(asked.substring(0, 2), 16);
            final long number = Long.parseLong(asked.substring(2, 16), 16);
            final boolean isHad = branch == NEW || newTip < 0 || number <= fork;
            return isHad ? block(branch, number) : "null".getBytes(StandardCharsets.US_ASCII);
        }
        return block(NEW, Long.parseLong(asked, 16));
    }

    private byte[] block(final long branch, final long number)
    {
        final long own = number <= fork ? OLD : branch;
        final long parent = number - 1 <= fork ? OLD : branch;
        final long timestamp = own == OLD ? 1_000 + number : 1_000 + oldTip + 1 + number - fork;
        return ("{\"parentHash\":\"" + (number == 0 ? "0x" + "0".repeat(64) : hash(parent, number - 1)) +
            "\",\"number\":\"0x" + Long.toHexString(number) + "\",\"timestamp\":\"0x" + Long.toHexString(timestamp) +
            "\",\"hash\":\"" + hash(own, number) + "\",\"extraData\":\"" + (char)own + number + "\"}")
            .getBytes(StandardCharsets.US_ASCII);
    }

    private static String hash(final long branch, final long number)
    {
        return "0x" + String.format("%02x%014x", branch, number) + "0".repeat(48);
    }

    private final class Sink implements HeadSink
    {
        @Override
        public void onHead(final Head head, final byte[] bytes, final int offset, final int length)
        {
            output.add(new String(bytes, offset, length, StandardCharsets.US_ASCII)
                .replaceAll(".*\"extraData\":\"|\".*", ""));
        }

        @Override
        public long fetch(final int laneIndex, final String call)
        {
            calls.add(new Call(++lastCallId, laneIndex, call));
            return lastCallId;
        }

        @Override
        public void reset(final int laneIndex)
        {
            throw new AssertionError("nobody is silent for long");
        }
    }
}
