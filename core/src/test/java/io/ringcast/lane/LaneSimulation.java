package io.ringcast.lane;

import io.ringcast.law.Member;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One run of the arbitration of heads, and of logs if there are any, against lanes that lose, double and delay what
 * they carry, go down and come back, and answer fetches late, with null, or not at all. Confined to the test's thread;
 * decided by its seed.
 */
final class LaneSimulation implements HeadSink, LogSink
{
    /** What the feed beside the heads carries. */
    enum Kind
    {
        HEADS,
        ALL_LOGS,
        /** All logs, and some lanes accept the feed and tell none. */
        SILENT_LOGS,
        FILTERED_LOGS,
        /** Logs of a filter that is passed up to a single lane, which may accept the feed and tell none. */
        SILENT_FILTERED_LOGS,
        /** Such a lane tells logs first, and none from some block on. */
        FALLEN_SILENT_FILTERED_LOGS,
        /** All logs; lanes take their time between two, and one leaves out the last ones of a block. */
        CUT_LOGS,
        /** The same of the logs of a filter. */
        CUT_FILTERED_LOGS;

        /** What comes of a lane comes bit by bit, in the deadline. */
        final boolean isPaced = name().startsWith("CUT");
        final boolean isFiltered = name().endsWith("FILTERED_LOGS");
        /** A single lane has it. */
        final boolean isAlone = name().endsWith("SILENT_FILTERED_LOGS");
        /** A lane may leave out whole blocks, and logs in their middle. */
        final boolean hasHoles = name().endsWith("LOGS") && !isFiltered;
    }

    /** When the run begins, and what is there then. */
    enum Beginning
    {
        /** With the chain itself. */
        WITH_CHAIN,
        /** The same, and the feed of logs when there are heads already. */
        LOGS_LATE,
        /** The chain is there already, and lanes may go down before any has told a head. */
        AWAY
    }

    static final long MS = 1_000_000L;
    /** A late feed of logs begins within this part of the run. */
    private static final double LATEST_BEGINNING = 0.4;
    private static final long GAP_MS = 200;
    private static final int UNSURE_TIPS = 4;
    /** Whether a lane that told logs once still does is known of all but these. */
    private static final int UNKNOWN_BLOCKS = LogLookBack.BLOCKS_PER_LOOK + SimLane.LAST_TIPS;
    private static final long LAST_MS = 20_000;
    private static final int MOST_TIPS_BEFORE = 4;
    private static final int LATEST_AWAY_MS = 800;
    private static final int LONGEST_AWAY_MS = 3_000;
    /** A question that only one upstream can answer is waited for so long. */
    private static final long LONGEST_LAST_MS = 60_000;

    final SimTruth truth;
    final int laneCount;
    final List<SimBlock> output = new ArrayList<>();
    /** The tips that at least one lane has not said. */
    final Set<Integer> lost = new TreeSet<>();
    final CounterSet counters = new CounterSet();
    final SimClock clock = new SimClock();
    final HeadArbiter arbiter;
    /** What was published of the logs. */
    final List<String> logs = new ArrayList<>();
    /** Holds all of them to what the chain leaves. */
    final ToldLogs told = new ToldLogs(output);
    /** Before, no lane tells a head, though all tell logs. */
    final long headsFromNs;
    /** Null until the feed of logs begins. */
    private LogArbiter logArbiter;
    /** The blocks of whose logs a gap was declared. */
    final List<Long> logGaps = new ArrayList<>();
    /** Which head was published first when a lane had the feed of logs: behind it all logs are told. */
    int startIndex = Integer.MAX_VALUE;
    private boolean wasLogsLive;

    /** The last tip that was there before; -1 if there was none. */
    final int tipBefore;
    /** The tip that an upstream showed before any head was published; -1 if none did. */
    int anchorTip = -1;

    private final Set<SimBlock> begun = new HashSet<>();
    /** Bit i of a log's is set if lane i has pushed it. */
    private final Map<String, Integer> saidMasks = new HashMap<>();
    private final Kind kind;
    private final LaneRules rules;
    private final Random random;
    private final SimAnswers answers;
    private final SimLane[] lanes;
    /** Answers may take longer than it takes until the next upstream, or the same one, is asked. */
    private final boolean isFar;
    private final int longestAnswerMs;
    private final Map<String, Integer> badAnswers = new HashMap<>();
    private final HeadKeys keys = new HeadKeys();
    private long lastCallId;

    /**
     * Makes up a run.
     *
     * @param beginning when it begins.
     */
    LaneSimulation(final long seed, final Kind kind, final Beginning beginning)
    {
        final boolean isLate = beginning == Beginning.LOGS_LATE;
        random = new Random(seed);
        this.kind = kind;
        final int shortest = kind == Kind.FALLEN_SILENT_FILTERED_LOGS ? 10 + 2 * UNKNOWN_BLOCKS : 10;
        truth = new SimTruth(
            random, shortest + random.nextInt(40), kind == Kind.HEADS ? 0 : 6, kind.isFiltered);
        answers = new SimAnswers(truth);
        laneCount = kind.isAlone ? 1 : (kind.isPaced ? 2 : 1) + random.nextInt(kind.isPaced ? 3 : 4);
        isFar = random.nextInt(4) == 0;
        longestAnswerMs = isFar ? 900 : 100;
        final int quorum = random.nextInt(4) == 0 ? Math.min(2, laneCount) : 1;
        rules = new LaneRules(laneCount, quorum, 2_000 * MS, 256, 1_000, 1 << 20, MS, MS, 1024);
        arbiter = new HeadArbiter(rules, counters, this);
        lanes = new SimLane[laneCount];
        final boolean isAnyDirty = random.nextInt(3) > 0;
        final int clean = random.nextInt(2) == 0 || kind.isPaced ? random.nextInt(laneCount) : -1;
        for (int i = 0; i < laneCount; i++)
        {
            lanes[i] = new SimLane(this, i, !isAnyDirty || i == clean, kind, random, ~seed * (i + 1));
        }
        final Random begin = new Random(~seed);
        final long beginMs = (long)(LATEST_BEGINNING * begin.nextDouble() * truth.tips.size() * GAP_MS);
        headsFromNs = isLate || kind == Kind.HEADS || begin.nextInt(3) > 0 ? 0 : beginMs * MS;
        if (kind != Kind.HEADS)
        {
            clock.at(isLate ? beginMs * MS : 0, () -> beginLogs(isLate ? begin : null));
        }
        tipBefore = beginning == Beginning.AWAY ? begin.nextInt(MOST_TIPS_BEFORE) : -1;
        if (beginning == Beginning.AWAY)
        {
            scheduleAway(begin);
        }
        schedule();
    }

    private void scheduleAway(final Random begin)
    {
        for (final SimLane lane : lanes)
        {
            lane.toldTip = Math.max(0, tipBefore - begin.nextInt(4) / 3);
            if (!lane.isClean && begin.nextInt(3) > 0)
            {
                scheduleOutage(lane, 1 + begin.nextInt(LATEST_AWAY_MS), begin.nextInt(LONGEST_AWAY_MS));
            }
        }
    }

    /** Each lane that is up accepts the feed some time later. */
    private void beginLogs(final Random beginning)
    {
        logArbiter = new LogArbiter(
            rules, kind.isFiltered ? "{\"address\":[]}" : "{}", () -> 0, counters, this);
        logArbiter.beginOn(arbiter);
        for (final SimLane lane : lanes)
        {
            final int connection = lane.connection;
            final long acceptMs = beginning == null ? 0 : beginning.nextInt(1 + beginning.nextInt(300));
            clock.at(clock.nowNs + acceptMs * MS, () ->
            {
                if (lane.isUp && lane.connection == connection)
                {
                    acceptLogs(lane);
                }
            });
        }
    }

    private void acceptLogs(final SimLane lane)
    {
        lane.onAccepted();
        wasLogsLive = true;
        logArbiter.onLaneLive(lane.index, clock.nowNs);
    }

    void run()
    {
        while (clock.runNext())
        {
            arbiter.onTime(clock.nowNs);
            if (logArbiter != null)
            {
                logArbiter.onTime(clock.nowNs);
            }
        }
        told.end();
    }

    @Override
    public void onHead(final Head head, final byte[] bytes, final int offset, final int length)
    {
        final String text = new String(bytes, offset, length, StandardCharsets.US_ASCII);
        final SimBlock block = truth.blocks.get(Member.of(text, "hash"));
        if (!text.equals(new String(block.header(), StandardCharsets.US_ASCII)))
        {
            throw new AssertionError("another text than the pushed one: " + text);
        }
        output.add(block);
        startIndex = wasLogsLive ? Math.min(startIndex, output.size() - 1) : startIndex;
        if (logArbiter != null)
        {
            logArbiter.onHead(head, clock.nowNs);
        }
    }

    @Override
    public void onLog(
        final long blockNumber, final long hashStart, final int logIndex, final boolean isRemoved,
        final byte[] bytes, final int offset, final int length)
    {
        final String text = new String(bytes, offset, length, StandardCharsets.US_ASCII);
        final SimBlock block = truth.blockByLog.get(text.replace("true", "false"));
        told.onLog(block, logIndex, isRemoved);
        if (output.isEmpty())
        {
            begun.add(block);
        }
        if (isChecked(block))
        {
            logs.add(name(text));
        }
    }

    /** The feed begins with what comes: up to the first head there is nothing to hold it to. */
    boolean isChecked(final SimBlock block)
    {
        final boolean isUnknown = kind == Kind.FALLEN_SILENT_FILTERED_LOGS &&
            block.number > truth.tips.get(truth.tips.size() - 1).number - UNKNOWN_BLOCKS;
        return !begun.contains(block) && block.number > output.get(0).number && !isUnknown;
    }

    /** Whether one lane tells all, without losing anything, once it has the feed: then so is all told. */
    boolean isAllCarried()
    {
        return rules.quorum() == 1 && Stream.of(lanes).anyMatch(SimLane::carriesAll);
    }

    /** A short form, such as {@code -107#9:0x1} for a log that is removed. */
    String name(final String log)
    {
        return (log.contains("true") ? "-" : "+") + truth.blockByLog.get(log.replace("true", "false")) + ':' +
            Member.of(log, "logIndex");
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        final long id = ++lastCallId;
        final SimLane lane = lanes[laneIndex];
        if (!lane.isUp)
        {
            throw new AssertionError("asked a lane that is down");
        }
        if (lane.toldTip < 0)
        {
            // It knows no block yet.
            return id;
        }
        final int connection = lane.connection;
        final boolean isBad = !isFar && random.nextInt(6) == 0 && badAnswers.merge(call, 1, Integer::sum) <= 2;
        if (isBad && random.nextBoolean())
        {
            return id;
        }
        clock.at(clock.nowNs + random.nextInt(longestAnswerMs) * MS, () ->
        {
            if (lane.isUp && lane.connection == connection)
            {
                final byte[] answer = isBad ? SimBlock.text("null") : answers.answer(lane.toldTip, call);
                final long anchorNumber = arbiter.anchorNumber();
                arbiter.onFetched(laneIndex, id, false, answer, 0, answer.length, clock.nowNs);
                anchorTip = output.isEmpty() && arbiter.anchorNumber() != anchorNumber ? lane.toldTip : anchorTip;
                if (logArbiter != null)
                {
                    logArbiter.onFetched(laneIndex, id, false, answer, 0, answer.length, clock.nowNs);
                }
            }
        });
        return id;
    }

    @Override
    public void reset(final int laneIndex)
    {
        // A lane that is far behind stays as it is.
    }

    private void schedule()
    {
        final long endMs = truth.tips.size() * GAP_MS;
        for (final SimLane lane : lanes)
        {
            clock.at(0, () -> live(lane));
            if (!lane.isClean && random.nextBoolean())
            {
                scheduleOutage(lane, (long)(random.nextDouble() * 0.7 * endMs), random.nextInt((int)endMs / 4));
            }
            long previousMs = 0;
            for (int i = lane.toldTip + 1; i < truth.tips.size(); i++)
            {
                final int tip = i;
                final long usualMs = i * GAP_MS + lane.delayMs + random.nextInt(1 + (int)(lane.delayMs / 2) + 20);
                final long atMs = Math.max(previousMs, random.nextInt(30) == 0 ? usualMs + 500 : usualMs);
                previousMs = atMs;
                final boolean isLast = i >= truth.tips.size() - SimLane.LAST_TIPS;
                final boolean isLost = !lane.isClean && !isLast && random.nextInt(8) == 0;
                final boolean isDoubled = random.nextInt(10) == 0;
                clock.at(atMs * MS, () -> lane.say(tip, isLost, isDoubled));
            }
        }
        final long lastMs = kind == Kind.FALLEN_SILENT_FILTERED_LOGS ? LONGEST_LAST_MS : LAST_MS;
        for (long ms = 0; ms < endMs + lastMs; ms += 50)
        {
            clock.at(ms * MS, () -> { });
        }
    }

    private void scheduleOutage(final SimLane lane, final long fromMs, final long lengthMs)
    {
        clock.at(fromMs * MS, () ->
        {
            final boolean hadLogs = lane.hasLogs;
            lane.onDown();
            arbiter.onLaneDown(lane.index, clock.nowNs);
            if (hadLogs)
            {
                logArbiter.onLaneDown(lane.index, clock.nowNs);
            }
        });
        clock.at((fromMs + lengthMs) * MS, () ->
        {
            lane.isUp = true;
            live(lane);
        });
    }

    private void live(final SimLane lane)
    {
        arbiter.onLaneLive(lane.index, clock.nowNs);
        if (logArbiter != null)
        {
            acceptLogs(lane);
        }
    }

    void sayHead(final int lane, final byte[] head)
    {
        arbiter.onHead(lane, head, 0, head.length, clock.nowNs);
        keys.tryRead(head, 0, head.length);
        if (logArbiter != null)
        {
            logArbiter.onLaneHead(lane, true, keys.hash, keys.number);
        }
    }

    void sayLog(final int lane, final byte[] log)
    {
        logArbiter.onLog(lane, log, 0, log.length, clock.nowNs);
        saidMasks.merge(new String(log, StandardCharsets.US_ASCII), 1 << lane, (said, more) -> said | more);
    }

    /** Whether enough lanes have pushed each log of a block. */
    boolean isSaid(final SimBlock block)
    {
        return block.logs.stream()
            .allMatch(log -> Integer.bitCount(saidMasks.getOrDefault(log, 0)) >= rules.quorum());
    }

    /** Whether a lane may leave out the last logs of a block: only one does, and another says them all. */
    boolean mayCut(final int lane, final SimBlock block)
    {
        return Math.floorMod(block.hash.hashCode(), laneCount) == lane &&
            Stream.of(lanes).anyMatch(other -> other.isClean && other.covers(block));
    }

    /** Whether nobody could have known that the tip was told, or that it was new: a lane lost it, or what led to it. */
    boolean isUnsure(final int tip)
    {
        for (int i = tip; i > tip - UNSURE_TIPS; i--)
        {
            if (lost.contains(i))
            {
                return true;
            }
        }
        return false;
    }

    long count(final RelayCounter counter)
    {
        return counters.get(counter);
    }

    @Override
    public void onGap(final long blockNumber)
    {
        logGaps.add(blockNumber);
    }
}
