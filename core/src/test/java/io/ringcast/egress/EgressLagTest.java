package io.ringcast.egress;

import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.EgressAction;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Connections that are behind, and what is asked for to let them catch up. Confined to the test thread. */
class EgressLagTest extends EgressLoopBed
{
    @Test
    void shouldBeBehindFromTheItemThatItWasNotGivenWhenItsSocketIsFullAtTheEndOfARun()
    {
        final NotingOutlet alice = new NotingOutlet(1);
        alice.isCongestedByFlush = true;
        loop.addConnection(alice);
        open(alice, 7).isPatient = true;
        act(0);

        fanOut(7, 1, "a");
        fanOut(55, "a topic nobody has");
        fanOut(7, 2, "b");
        fanOut(7, 3, "c");
        act(5);
        loop.endBatch();

        assertEquals(List.of("a:1@5", "flush"), alice.noted);
        assertEquals("1", alice.positions(','));
    }

    @Test
    void shouldHoldBackAPatientTopicGivenThatTheConnectionIsBehindInAnotherThatIsNot()
    {
        final NotingOutlet alice = new NotingOutlet(1);
        loop.addConnection(alice);
        open(alice, 7).isPatient = true;
        open(alice, 8).isCatchingUp = true;
        act(0);

        loop.onCongested(alice);
        fanOut(7, 1, "a");
        act(5);
        loop.endBatch();

        assertEquals(List.of(), alice.noted);
        assertEquals(1, counters.get(RelayCounter.LAGS_BEGUN));
    }

    @Test
    void shouldAskForANewSubscriptionGivenThatTheOneThatWasHeldBackWasLeft()
    {
        final NotingOutlet alice = new NotingOutlet(1);
        loop.addConnection(alice);
        open(alice, 7).isPatient = true;
        act(0);
        loop.onCongested(alice);
        action(EgressAction.Kind.SHUT, 1, 7);
        act(1);

        open(alice, 8).isCatchingUp = true;
        act(2);
        final List<Integer> asked = new ArrayList<>();
        loop.askCatchUps((connectionId, topicId, grant, ticket, sequence, nowNs) -> asked.add(topicId));

        assertEquals(List.of(8), asked);
    }

    @Test
    void shouldAskForANewSubscriptionGivenThatTheLastThatWasBehindCaughtUpWhileTheSocketWasFull()
    {
        final NotingOutlet bob = new NotingOutlet(BOB);
        loop.addConnection(bob);
        open(bob, 7).isCatchingUp = true;
        act(0);
        loop.askCatchUps((connectionId, topicId, grant, ticket, sequence, nowNs) -> true);
        loop.onCongested(bob);
        action(EgressAction.Kind.REPLAY_DONE, BOB, 7).ticket = 1;
        act(1);

        open(bob, 8).isCatchingUp = true;
        act(2);
        final List<Integer> asked = new ArrayList<>();
        loop.askCatchUps((connectionId, topicId, grant, ticket, sequence, nowNs) -> asked.add(topicId));

        assertEquals(List.of(8), asked);
    }

    @Test
    void shouldNotAskAgainGivenThatItIsCutOffAndItsDoorClosesItLater()
    {
        final NotingOutlet bob = new NotingOutlet(BOB);
        loop.addConnection(bob);
        open(bob, 8).isCatchingUp = true;
        act(0);
        loop.askCatchUps((connectionId, topicId, grant, ticket, sequence, nowNs) -> true);

        action(EgressAction.Kind.CUT_OFF, BOB, 8);
        action(EgressAction.Kind.REPLAY_PAUSED, BOB, 8).ticket = 1;
        act(1);

        assertEquals(List.of("fail"), bob.noted);
        assertEquals(false, loop.hasCatchUpsDue());
        assertEquals(0, loop.connectionCount());
    }

    @Test
    void shouldAskNoMoreAtOnceGivenThatAParkedQuestionIsParkedAgainByItsLateAnswer()
    {
        final NotingOutlet bob = new NotingOutlet(BOB);
        loop.addConnection(bob);
        for (int topicId = 1; topicId <= 2 * CatchUps.LIMIT_ASKING; topicId++)
        {
            open(bob, topicId).isCatchingUp = true;
        }
        act(0);
        final List<Integer> asked = new ArrayList<>();
        final CatchUpDoor door = (connectionId, topicId, grant, ticket, sequence, nowNs) -> asked.add(topicId);
        loop.askCatchUps(door);
        assertEquals(CatchUps.LIMIT_ASKING, asked.size());

        for (int slot = 1; slot <= 4; slot++)
        {
            final EgressAction parked = action(EgressAction.Kind.REPLAY_PARKED, BOB, 1);
            parked.ticket = 1;
            parked.wasParked = slot > 1;
            act(slot);
            loop.askCatchUps(door);

            assertEquals(CatchUps.LIMIT_ASKING + 1, asked.size());
        }
    }
}
