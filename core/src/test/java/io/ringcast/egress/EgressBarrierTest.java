package io.ringcast.egress;

import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.EgressAction;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What waits until a client is ready for its first item, and how long. Confined to the test thread. */
class EgressBarrierTest extends EgressLoopBed
{
    @Test
    void shouldOpenTheBarrierEarlyGivenTooManyFramesWaiting()
    {
        final NotingOutlet alice = barred(1, 7);

        for (int i = 0; i < Backlog.LIMIT_FRAMES; i++)
        {
            fanOut(7, "" + i % 10);
            act(5);
        }
        loop.endBatch();
        assertEquals(List.of(), alice.noted);
        fanOut(7, "x");
        act(6);
        loop.endBatch();

        assertEquals(1, counters.get(RelayCounter.ACTIVATIONS_BY_SPACE));
        assertEquals(Backlog.LIMIT_FRAMES + 3, alice.noted.size());
        assertEquals("0:1@6", alice.noted.get(0));
        assertEquals("flush", alice.noted.get(Backlog.LIMIT_FRAMES));
        assertEquals("x:1@6", alice.noted.get(Backlog.LIMIT_FRAMES + 1));
        assertEquals(0, heldBytes());
    }

    @Test
    void shouldOpenTheBarrierEarlyGivenTooManyBytesWaiting()
    {
        final NotingOutlet alice = barred(1, 7);
        final String large = "x".repeat(Backlog.LIMIT_BYTES / 4);

        for (int i = 0; i < 5; i++)
        {
            fanOut(7, large);
            act(5);
        }
        loop.endBatch();

        assertEquals(5, alice.noted.stream().filter(text -> text.startsWith("x")).count());
        assertEquals(1, counters.get(RelayCounter.ACTIVATIONS_BY_SPACE));
    }

    @Test
    void shouldGiveEachTheItemsSinceItsOwnAnswerGivenOneBacklogForSeveral()
    {
        final NotingOutlet alice = barred(1, 7);
        fanOut(7, "a");
        act(1);
        final NotingOutlet bob = barred(2, 7);
        fanOut(7, "b");
        act(2);
        loop.endBatch();

        loop.onPong(bob, bob.lastToken, 3);
        assertEquals(List.of("b:1@3", "flush"), bob.noted);
        fanOut(7, "c");
        act(4);
        loop.endBatch();
        loop.onTick(FALLBACK_NS + 1);

        assertEquals(List.of("b:1@3", "flush", "c:1@4", "flush"), bob.noted);
        assertEquals(List.of("a:1@251", "b:1@251", "c:1@251", "flush"), alice.noted);
        assertEquals(0, heldBytes());
    }

    @Test
    void shouldReleaseTheBacklogWhenThoseItWaitsForAreGone()
    {
        final NotingOutlet alice = barred(1, 7);
        final NotingOutlet bob = barred(2, 7);
        fanOut(7, "a");
        act(1);
        assertTrue(heldBytes() > 0);

        loop.removeConnection(alice);
        assertTrue(heldBytes() > 0);
        action(EgressAction.Kind.SHUT, 2, 7);
        act(2);

        assertEquals(0, heldBytes());
        loop.onPong(alice, alice.lastToken, 3);
        loop.onPong(bob, bob.lastToken, 3);
        loop.onTick(1_000);
        assertEquals(List.of(), alice.noted);
        assertEquals(List.of(), bob.noted);
    }

    @Test
    void shouldReleaseTheBacklogWhenAnOutletIsRemovedWhileItIsActivated()
    {
        final NotingOutlet alice = barred(1, 7);
        open(alice, 8);
        act(0);
        fanOut(7, "a");
        fanOut(8, "b");
        act(1);
        final NotingOutlet bob = barred(2, 7);
        alice.isRemovedByFlush = true;

        loop.onPong(alice, alice.lastToken, 2);

        assertEquals(1, loop.connectionCount());
        fanOut(7, "c");
        act(3);
        loop.onPong(bob, bob.lastToken, 4);
        assertEquals(List.of("c:1@4", "flush"), bob.noted);
        assertEquals(0, heldBytes());
    }

    @Test
    void shouldReleaseTheBacklogWhenATopicIsReleasedOrTheLoopCloses()
    {
        barred(1, 7);
        barred(2, 8);
        fanOut(7, "a");
        fanOut(8, "b");
        act(1);
        action(EgressAction.Kind.RELEASE, 0, 7);
        act(2);
        assertTrue(heldBytes() > 0);

        loop.close();

        assertEquals(0, heldBytes());
    }

    /** Two clients that never answer, of which one always waits: what is held spans the time that one waits. */
    @Test
    void shouldHoldNoMoreThanOneWaitsForGivenThatSomebodyAlwaysWaits()
    {
        final List<NotingOutlet> waiting = new ArrayList<>();
        final int half = (int)FALLBACK_NS / 2;
        long mostHeldBytes = 0;
        for (int now = 1; now <= 30 * half; now++)
        {
            if (now % half == 0)
            {
                waiting.add(barred(now, 7));
            }
            fanOut(7, now, String.format(Locale.ROOT, "%0100d", now));
            act(now);
            loop.endBatch();
            loop.onTick(now);
            mostHeldBytes = Math.max(mostHeldBytes, heldBytes());
        }

        assertTrue(waiting.size() > 25 && mostHeldBytes < 100 * FALLBACK_NS + 2 * 64 * 1024, mostHeldBytes + " bytes");
        for (int i = 0; i < waiting.size() - 3; i++)
        {
            final NotingOutlet outlet = waiting.get(i);
            outlet.noted.removeIf("flush"::equals);
            final long first = outlet.connectionId();
            assertEquals(30 * half - first + 1, outlet.noted.size());
            for (int item = 0; item < outlet.noted.size(); item++)
            {
                assertEquals(first + item, Long.parseLong(outlet.noted.get(item).substring(0, 100)));
            }
        }
        assertEquals(0, counters.get(RelayCounter.ACTIVATIONS_BY_SPACE));
    }

    /** A frame that is half of its chunk is not copied. */
    @Test
    void shouldLetGoOfALargeFrameAsSoonAsItHasNobodyToWaitFor()
    {
        final NotingOutlet alice = barred(1, 7);
        fanOut(7, "x".repeat(chunk.capacity() / 2));
        act(1);
        assertEquals(2, chunk.refCnt());
        final NotingOutlet bob = barred(2, 7);
        loop.endBatch();

        loop.onPong(alice, alice.lastToken, 2);

        assertEquals(1, chunk.refCnt());
        loop.onPong(bob, bob.lastToken, 3);
        assertEquals(List.of(), bob.noted);
    }
}
