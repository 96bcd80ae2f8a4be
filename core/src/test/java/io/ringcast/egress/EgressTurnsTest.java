package io.ringcast.egress;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
