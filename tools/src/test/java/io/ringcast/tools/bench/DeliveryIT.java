package io.ringcast.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.tools.load.LoadKind;
import io.ringcast.tools.load.LoadPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That clients which resume are measured, and that nothing is lost or doubled by it. Confined to the test thread. */
final class DeliveryIT
{
    @Test
    void shouldGiveEachReturningClientWhatItMissedOnceGivenOthersThatAreLive() throws Exception
    {
        final Subject relay = new RingcastSubject(RingcastSubject.NAME, List.of(), List.of("--warm-up-ms", "0"));

        final ReturnRound.Outcome outcome = ReturnRound.run(
            relay, LoadPlan.of(LoadKind.HEADS, 5, 100).withSeconds(0.5, 0.5), 20, 30);

        assertEquals(0, outcome.faults());
        assertTrue(outcome.others().counts().isClean(), outcome.others().counts().toString());
        assertEquals(20, outcome.liveAfterNs().getTotalCount());
    }
}
