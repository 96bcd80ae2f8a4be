package io.ringcast.lane;
import org.junit.jupiter.api.Test;
class TmpTest
{
    @Test
    void a()
    {
        one(LaneSimulation.Kind.ALL_LOGS, 4114, LaneSimulation.Beginning.WITH_CHAIN);
        one(LaneSimulation.Kind.SILENT_LOGS, 10, LaneSimulation.Beginning.AWAY);
    }
    static void one(LaneSimulation.Kind kind, long seed, LaneSimulation.Beginning b)
    {
        final LaneSimulation s = new LaneSimulation(seed, kind, b);
        try { ArbitrationPropertyTest.checkOne(s); System.out.println("OK " + kind); }
        catch (final Throwable t) { System.out.println("FAIL " + kind + " " + t.getMessage()); }
        System.out.println("quorum " + s.rules.quorum() + " lanes " + s.laneCount + " gaps " + s.logGaps);
    }
}
