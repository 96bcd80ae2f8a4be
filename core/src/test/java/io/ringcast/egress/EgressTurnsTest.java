package io.ringcast.egress;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Nobody is always the first, nor the last. Confined to the test thread. */
class EgressTurnsTest extends EgressLoopBed
{
    @Test
    void shouldServeEachFirstInTurnGivenOneRunAfterTheOther()
    {
        for (int id = 1; id <= 3; id++)
        {
            subscribed(id, 7);
        }

        for (int round = 0; round < 4; round++)
        {
            fanOut(7, "a");
            act(round);
            loop.endBatch();
        }

        assertEquals(List.of(2L, 3L, 1L, 3L, 1L, 2L, 1L, 2L, 3L, 2L, 3L, 1L), flushed);
    }

    @Test
    void shouldServeEachFirstInTurnGivenRunsOfSeveralTopics()
    {
        for (int id = 1; id <= 3; id++)
        {
            open(subscribed(id, 7), 8);
        }
        act(0);

        for (int round = 0; round < 2; round++)
        {
            fanOut(7, "a");
            fanOut(8, "b");
            act(round);
            loop.endBatch();
        }

        assertEquals(List.of(2L, 3L, 1L, 3L, 1L, 2L), flushed);
    }

    @Test
    void shouldServeAllOthersOnceGivenSomeAreGoneWhenTheyAreServed()
    {
        for (int id = 1; id <= 5; id++)
        {
            subscribed(id, 7).isRemovedByFlush = id == 1 || id == 3;
        }

        fanOut(7, "a");
        act(0);
        loop.endBatch();
        fanOut(7, "b");
        act(1);
        loop.endBatch();

        assertEquals(List.of(2L, 3L, 4L, 5L, 1L, 5L, 2L, 4L), flushed);
    }

    @Test
    void shouldServeAnotherOneFirstWithEachItem()
    {
        final List<Long> served = new ArrayList<>();
        for (long connectionId = 1; connectionId <= 3; connectionId++)
        {
            final NotingOutlet outlet = new NotingOutlet(connectionId);
            outlet.takesItems = true;
            outlet.served = served;
            loop.addConnection(outlet);
            open(outlet, 7);
        }
        act(0);

        for (int i = 0; i < 3; i++)
        {
            fanOut(7, "a");
            act(1);
        }

        assertEquals(List.of(2L, 3L, 1L, 3L, 1L, 2L, 1L, 2L, 3L), served);
    }

    /** An item and a mark behind it have the same number; whoever is asked first must not make the others miss one. */
    @Test
    void shouldTellWhatIsHandedOutApartForEachWhoTakesItems()
    {
        final List<NotingOutlet> outlets = new ArrayList<>();
        for (long connectionId = 1; connectionId <= 2; connectionId++)
        {
            final NotingOutlet outlet = new NotingOutlet(connectionId);
            outlet.takesItems = true;
            outlets.add(outlet);
            loop.addConnection(outlet);
            open(outlet, 7);
        }
        fanOut(7, 5, "item");
        fanOut(7, 5, "mark");
        fanOut(7, 6, "item");
        act(0);
        loop.endBatch();

        assertEquals(3, Set.copyOf(outlets.get(0).handOuts).size());
        assertEquals(outlets.get(0).handOuts, outlets.get(1).handOuts);
        assertFalse(outlets.get(0).handOuts.contains(0L));
    }
}
