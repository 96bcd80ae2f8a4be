package io.ringcast.lane;

import java.util.List;
import java.util.Random;

/**
 * One upstream of a {@link LaneSimulation}: what it pushes, leaves out and says twice, and when. Confined to the test's
 * thread; decided by the run's seed.
 */
final class SimLane
{
    /** Nothing is lost of the last tips: nothing follows that would show it. */
    static final int LAST_TIPS = 3;

    private static final int USUAL_PAUSE_MS = 40;
    private static final int LONGEST_PAUSE_MS = 500;
    /** So far it may be behind with what it has to say; then it hurries. */
    private static final long LONGEST_LAG_NS = 600 * LaneSimulation.MS;

    final int index;
    final boolean isClean;
    final long delayMs;
    /** It has accepted the feed of logs and tells none. */
    final boolean isSilent;
    /** From which tip on it tells no logs. */
    final int silentFromTip;
    final boolean saysLogsFirst;
    boolean isUp = true;
    boolean hasLogs;
    /** The newest tip that it has begun to tell, and answers with; -1 if it knows none. */
    int toldTip = -1;
    /** The newest one that it is going to tell. */
    private int comingTip = -1;
    int connection;
    /** It tells all logs of the blocks from this one on: those behind the first head that it pushed with the feed. */
    private long coversFrom = Long.MAX_VALUE;
    private final LaneSimulation simulation;
    private final LaneSimulation.Kind kind;
    private final Random random;
    /** Decides what there is only in the kinds in which logs take their time. */
    private final Random pace;
    /** When the last of what it has to say will have been said. */
    private long saidAtNs;

    SimLane(
        final LaneSimulation simulation, final int index, final boolean isClean, final LaneSimulation.Kind kind,
        final Random random, final long paceSeed)
    {
        this.simulation = simulation;
        this.index = index;
        this.isClean = isClean;
        this.kind = kind;
        this.random = random;
        pace = new Random(paceSeed);
        saysLogsFirst = random.nextBoolean();
        delayMs = random.nextInt(3) * random.nextInt(300);
        isSilent = (kind == LaneSimulation.Kind.SILENT_LOGS || kind == LaneSimulation.Kind.SILENT_FILTERED_LOGS) &&
            !isClean && random.nextBoolean();
        silentFromTip = kind == LaneSimulation.Kind.FALLEN_SILENT_FILTERED_LOGS ?
            3 + random.nextInt(30) : Integer.MAX_VALUE;
    }

    /** It loses nothing, and tells all logs. */
    boolean carriesAll()
    {
        return isClean && !isSilent && silentFromTip == Integer.MAX_VALUE;
    }

    void onAccepted()
    {
        hasLogs = true;
        coversFrom = Long.MAX_VALUE;
    }

    void onDown()
    {
        isUp = false;
        hasLogs = false;
        connection++;
        saidAtNs = 0;
    }

    /** The node has come to a tip, and pushes what it has to. */
    void say(final int tip, final boolean isLost, final boolean isDoubled)
    {
        final int tipBefore = Math.max(toldTip, comingTip);
        final SimBlock before = tipBefore < 0 ? null : simulation.truth.tips.get(tipBefore);
        comingTip = tip;
        if (!isUp)
        {
            toldTip = tip;
            simulation.lost.add(tip);
            return;
        }
        send(() -> toldTip = tip, () -> toldTip = Math.max(toldTip, tip));
        if (saysLogsFirst)
        {
            sayLogs(tip, before, isDoubled);
        }
        if (isLost || simulation.clock.nowNs < simulation.headsFromNs)
        {
            simulation.lost.add(tip);
        }
        else
        {
            send(() -> sayHead(simulation.truth.tips.get(tip), isDoubled), () -> simulation.lost.add(tip));
        }
        if (!saysLogsFirst)
        {
            sayLogs(tip, before, isDoubled);
        }
    }

    /** Says one thing behind what it said before; in some kinds it takes its time, and may go down meanwhile. */
    private void send(final Runnable item, final Runnable whenDown)
    {
        if (!kind.isPaced)
        {
            item.run();
            return;
        }
        final boolean isHurried = saidAtNs - simulation.clock.nowNs > LONGEST_LAG_NS;
        final int pauseMs = isHurried ? 0 : pace.nextInt(pace.nextInt(12) == 0 ? LONGEST_PAUSE_MS : USUAL_PAUSE_MS);
        saidAtNs = Math.max(saidAtNs, simulation.clock.nowNs) + pauseMs * LaneSimulation.MS;
        final int own = connection;
        simulation.clock.at(saidAtNs, () -> (isUp && connection == own ? item : whenDown).run());
    }

    private void sayHead(final SimBlock block, final boolean isDoubled)
    {
        coversFrom = hasLogs && coversFrom == Long.MAX_VALUE ? block.number + 1 : coversFrom;
        for (int i = 0; i < (isDoubled ? 2 : 1); i++)
        {
            simulation.sayHead(index, block.header());
        }
    }

    /** A block's logs are told after those removed; a dirty lane leaves some or all out if that shows. */
    private void sayLogs(final int tipIndex, final SimBlock before, final boolean isDoubled)
    {
        final SimBlock tip = simulation.truth.tips.get(tipIndex);
        if (before != null && random.nextBoolean())
        {
            for (final SimBlock left : tip.pathTo(before))
            {
                simulation.told.onLaneLeft(left);
                left.logs.forEach(log -> sayLog(log.replace("false", "true")));
            }
        }
        final boolean isEarly = tipIndex < simulation.truth.tips.size() - LAST_TIPS;
        final boolean mayLose = !isClean && isEarly && kind.hasHoles;
        if (isSilent && isEarly || tipIndex >= silentFromTip)
        {
            return;
        }
        for (final SimBlock block : before == null ? List.of(tip) : before.pathTo(tip))
        {
            final boolean isBlockLost = mayLose && random.nextInt(10) == 0;
            final int end = isEarly ? cut(block) : block.logs.size();
            for (int i = 0; i < end && !isBlockLost; i++)
            {
                if (mayLose && i + 1 < block.logs.size() && random.nextInt(10) == 0)
                {
                    continue;
                }
                sayLog(block.logs.get(i));
                if (isDoubled)
                {
                    sayLog(block.logs.get(i));
                }
            }
        }
    }

    /** How many of a block's logs it is going to say, from the first; a lane that says all of them must be there. */
    private int cut(final SimBlock block)
    {
        final boolean isCut = kind.isPaced && !isClean && pace.nextInt(3) > 0 && simulation.mayCut(index, block);
        return isCut ? pace.nextInt(block.logs.size() + 1) : block.logs.size();
    }

    boolean covers(final SimBlock block)
    {
        return block.number >= coversFrom;
    }

    private void sayLog(final String log)
    {
        send(() ->
        {
            if (hasLogs)
            {
                simulation.sayLog(index, SimBlock.text(log));
            }
        }, () -> { });
    }
}
