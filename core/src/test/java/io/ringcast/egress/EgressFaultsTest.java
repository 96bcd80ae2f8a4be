package io.ringcast.egress;

import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.EgressAction;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A fault of one connection, or of one action, is no one else's. Confined to the test thread. */
class EgressFaultsTest extends EgressLoopBed
{
    @Test
    void shouldDoTheOtherActionsOfASlotGivenOneThatThrows()
    {
        expectedFailures = 1;
        final NotingOutlet alice = subscribed(1, 7);
        final NotingOutlet bob = new NotingOutlet(BOB);
        loop.addConnection(bob);
        open(bob, 8).isCatchingUp = true;
        act(0);
        loop.askCatchUps((connectionId, topicId, grant, ticket, sequence, nowNs) -> true);
        alice.isFailThrowing = true;

        action(EgressAction.Kind.CUT_OFF, 1, 0);
        final EgressAction done = action(EgressAction.Kind.REPLAY_DONE, BOB, 8);
        done.ticket = 1;
        done.sequence = 5;
        act(1);
        fanOut(8, 5, "b");
        act(2);
        loop.endBatch();

        assertEquals(List.of("b:1@2", "flush"), bob.noted);
    }

    @Test
    void shouldHandTheRunsOfAllTopicsToTheOthersGivenAnOutletThatThrows()
    {
        final NotingOutlet alice = subscribed(1, 7);
        final NotingOutlet bob = subscribed(BOB, 7);
        final NotingOutlet carol = subscribed(3, 8);
        open(alice, 8);
        act(0);
        alice.isThrowing = true;

        fanOut(7, "a");
        fanOut(8, "b");
        fanOut(7, "c");
        write(1, "r");
        fanOut(7, "d");
        fanOut(8, "e");
        act(1);
        loop.endBatch();

        assertEquals(List.of("a:1@1", "c:1@1", "d:1@1", "flush"), bob.noted);
        assertEquals(List.of("b:1@1", "e:1@1", "flush"), carol.noted);
        assertEquals(List.of("fail"), alice.noted.stream().distinct().toList(), "it is not left with a hole");
        assertEquals(alice.noted.size(), counters.get(RelayCounter.EGRESS_FAILURES));
    }

    @Test
    void shouldOpenATopicToTheOthersGivenAnOutletThatThrowsWhenTooMuchWaitsForIt()
    {
        final NotingOutlet alice = barred(1, 7);
        final NotingOutlet bob = barred(BOB, 7);
        final NotingOutlet carol = subscribed(3, 7);
        alice.isThrowing = true;
        alice.isRemovedByFail = true;

        for (int i = 0; i <= Backlog.LIMIT_FRAMES; i++)
        {
            fanOut(7, "a");
        }
        act(1);
        loop.endBatch();
        fanOut(7, "b");
        act(2);
        loop.endBatch();

        assertEquals("fail", alice.noted.get(0));
        assertEquals(0, itemsOf(alice));
        assertEquals(Backlog.LIMIT_FRAMES + 2, itemsOf(bob));
        assertEquals(Backlog.LIMIT_FRAMES + 2, itemsOf(carol));
    }

    @Test
    void shouldHandAnItemToTheOthersGivenAListenerThatThrows()
    {
        final NotingOutlet alice = new NotingOutlet(1);
        final NotingOutlet bob = new NotingOutlet(BOB);
        for (final NotingOutlet outlet : List.of(alice, bob))
        {
            outlet.takesItems = true;
            loop.addConnection(outlet);
            open(outlet, 7);
        }
        act(0);
        alice.isThrowing = true;

        fanOut(7, "a");
        act(1);

        assertEquals(List.of("fail"), alice.noted);
        assertEquals(List.of("item"), bob.noted);
    }

    @Test
    void shouldCloseAConnectionGivenThatItThrowsOnAnItemThatItHasMissed()
    {
        final NotingOutlet bob = new NotingOutlet(BOB);
        bob.takesItems = true;
        loop.addConnection(bob);
        open(bob, 7).isCatchingUp = true;
        act(0);
        loop.askCatchUps((connectionId, topicId, grant, ticket, sequence, nowNs) -> true);
        bob.isThrowing = true;

        action(EgressAction.Kind.REPLAY, BOB, 7).ticket = 1;
        act(1);

        assertEquals(List.of("fail"), bob.noted, "it is not left with a hole");
        assertEquals(1, counters.get(RelayCounter.EGRESS_FAILURES));
    }

    private static int itemsOf(final NotingOutlet outlet)
    {
        return outlet.noted.stream().filter(text -> text.contains(":"))
            .mapToInt(text -> Integer.parseInt(text.replaceAll(".*:|@.*", ""))).sum();
    }
}
