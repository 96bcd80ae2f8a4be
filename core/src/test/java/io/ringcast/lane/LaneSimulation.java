package io.ringcast.lane;

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
        FALLEN_SILENT_FILTERED_LOGS
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
    /** Nothing is lost of these: nothing follows that would show it. */
    private static final int LAST_TIPS = 3;
    /** Whether a lane that told logs once still does is known of all but these. */
    private static final int UNKNOWN_BLOCKS = LogLookBack.BLOCKS_PER_LOOK + LAST_TIPS;
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
    private final long headsFromNs;
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

    private final class SimLane
    {
        final int index;
        final boolean isClean;
        final long delayMs;
        final boolean isSilent;
        /** From which tip on it tells no logs. */
        final int silentFromTip;
        final boolean saysLogsFirst = random.nextBoolean();
        final List<long[]> outages = new ArrayList<>();
        boolean isUp = true;
        boolean hasLogs;
        int toldTip = -1;
        int connection;

        SimLane(final int index, final boolean isClean)
        {
            this.index = index;
            this.isClean = isClean;
            delayMs = random.nextInt(3) * random.nextInt(300);
            isSilent = (kind == Kind.SILENT_LOGS || kind == Kind.SILENT_FILTERED_LOGS) && !isClean &&
                random.nextBoolean();
            silentFromTip = kind == Kind.FALLEN_SILENT_FILTERED_LOGS ? 3 + random.nextInt(30) : Integer.MAX_VALUE;
        }
    }

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
            random, shortest + random.nextInt(40), kind == Kind.HEADS ? 0 : 6, isFiltered());
        answers = new SimAnswers(truth);
        laneCount = isAlone() ? 1 : 1 + random.nextInt(4);
        isFar = random.nextInt(4) == 0;
        longestAnswerMs = isFar ? 900 : 100;
        final int quorum = random.nextInt(4) == 0 ? Math.min(2, laneCount) : 1;
        rules = new LaneRules(laneCount, quorum, 2_000 * MS, 256, 1_000, 1 << 20, MS, MS, 1024);
        arbiter = new HeadArbiter(rules, counters, this);
        lanes = new SimLane[laneCount];
        final boolean isAnyDirty = random.nextInt(3) > 0;
        final int clean = random.nextInt(2) == 0 ? random.nextInt(laneCount) : -1;
        for (int i = 0; i < laneCount; i++)
        {
            lanes[i] = new SimLane(i, !isAnyDirty || i == clean);
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
            rules, isFiltered() ? "{\"address\":[]}" : "{}", () -> 0, counters, this);
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
        lane.hasLogs = true;
        wasLogsLive = true;
        logArbiter.onLaneLive(lane.index, clock.nowNs);
    }

    private boolean isFiltered()
    {
        return kind == Kind.FILTERED_LOGS || isAlone();
    }

    private boolean isAlone()
    {
        return kind == Kind.SILENT_FILTERED_LOGS || kind == Kind.FALLEN_SILENT_FILTERED_LOGS;
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
        final SimBlock block = truth.blocks.get(text.replaceAll(".*\"hash\":\"|\".*", ""));
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

    /** A short form, such as {@code -107#9:0x1} for a log that is removed. */
    String name(final String log)
    {
        return (log.contains("true") ? "-" : "+") + truth.blockByLog.get(log.replace("true", "false")) + ':' +
            log.replaceAll(".*\"logIndex\":\"|\".*", "");
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
                final boolean isLast = i >= truth.tips.size() - LAST_TIPS;
                final boolean isLost = !lane.isClean && !isLast && random.nextInt(8) == 0;
                final boolean isDoubled = random.nextInt(10) == 0;
                clock.at(atMs * MS, () -> say(lane, tip, isLost, isDoubled));
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
            lane.isUp = false;
            lane.connection++;
            arbiter.onLaneDown(lane.index, clock.nowNs);
            if (lane.hasLogs)
            {
                lane.hasLogs = false;
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

    private void say(final SimLane lane, final int tip, final boolean isLost, final boolean isDoubled)
    {
        final SimBlock before = lane.toldTip < 0 ? null : truth.tips.get(lane.toldTip);
        lane.toldTip = tip;
        if (!lane.isUp)
        {
            lost.add(tip);
            return;
        }
        if (lane.saysLogsFirst)
        {
            sayLogs(lane, before, truth.tips.get(tip), isDoubled);
        }
        if (isLost || clock.nowNs < headsFromNs)
        {
            lost.add(tip);
        }
        else
        {
            sayHead(lane, truth.tips.get(tip), isDoubled);
        }
        if (!lane.saysLogsFirst)
        {
            sayLogs(lane, before, truth.tips.get(tip), isDoubled);
        }
    }

    private void sayHead(final SimLane lane, final SimBlock block, final boolean isDoubled)
    {
        final byte[] head = block.header();
        for (int i = 0; i < (isDoubled ? 2 : 1); i++)
        {
            arbiter.onHead(lane.index, head, 0, head.length, clock.nowNs);
            keys.tryRead(head, 0, head.length);
            if (logArbiter != null)
            {
                logArbiter.onLaneHead(lane.index, true, keys.hash, keys.number);
            }
        }
    }

    /** A block's logs are told together, after those removed; a dirty lane leaves some or all out if that shows. */
    private void sayLogs(final SimLane lane, final SimBlock before, final SimBlock tip, final boolean isDoubled)
    {
        if (before != null && random.nextBoolean())
        {
            for (final SimBlock left : tip.pathTo(before))
            {
                told.onLaneLeft(left);
                left.logs.forEach(log -> sayLog(lane, log.replace("false", "true")));
            }
        }
        final boolean isEarly = lane.toldTip < truth.tips.size() - LAST_TIPS;
        final boolean mayLose =
            !lane.isClean && (kind == Kind.ALL_LOGS || kind == Kind.SILENT_LOGS) && isEarly;
        if (lane.isSilent && isEarly || lane.toldTip >= lane.silentFromTip)
        {
            return;
        }
        for (final SimBlock block : before == null ? List.of(tip) : before.pathTo(tip))
        {
            final boolean isBlockLost = mayLose && random.nextInt(10) == 0;
            for (int i = 0; i < block.logs.size() && !isBlockLost; i++)
            {
                if (mayLose && i + 1 < block.logs.size() && random.nextInt(10) == 0)
                {
                    continue;
                }
                sayLog(lane, block.logs.get(i));
                if (isDoubled)
                {
                    sayLog(lane, block.logs.get(i));
                }
            }
        }
    }

    private void sayLog(final SimLane lane, final String log)
    {
        if (!lane.hasLogs)
        {
            return;
        }
        final byte[] bytes = SimBlock.text(log);
        logArbiter.onLog(lane.index, bytes, 0, bytes.length, clock.nowNs);
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
