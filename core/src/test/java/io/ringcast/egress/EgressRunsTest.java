package io.ringcast.egress;

import io.ringcast.session.EgressAction;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What is appended to each connection of a topic, in which pieces and in which order. Confined to the test thread. */
class EgressRunsTest extends EgressLoopBed
{
    @Test
    void shouldAppendOnceGivenFramesOfOneTopicThatLieBehindEachOther()
    {
        final NotingOutlet alice = subscribed(1, 7);
        final NotingOutlet bob = subscribed(2, 7);

        fanOut(7, "a");
        act(10);
        fanOut(7, "b");
        fanOut(7, "c");
        act(20);
        loop.endBatch();

        assertEquals(List.of("abc:3@10", "flush"), alice.noted);
        assertEquals(List.of("abc:3@10", "flush"), bob.noted);
    }

    @Test
    void shouldKeepTheOrderAcrossTopicsAndRepliesOfOneConnection()
    {
        final NotingOutlet alice = subscribed(1, 7);
        open(alice, 8);
        act(0);
        final NotingOutlet bob = subscribed(2, 8);

        fanOut(7, "a");
        fanOut(8, "b");
        fanOut(7, "c");
        write(1, "r");
        fanOut(7, "d");
        act(5);
        loop.endBatch();

        assertEquals(List.of("a:1@5", "b:1@5", "c:1@5", "r:0@0", "d:1@5", "flush"), alice.noted);
        assertEquals(List.of("b:1@5", "flush"), bob.noted);
    }

    @Test
    void shouldNotJoinFramesGivenAGapBetweenThem()
    {
        final NotingOutlet alice = subscribed(1, 7);

        fanOut(7, "a");
        write(99, "for nobody");
        fanOut(7, "b");
        fanOut(55, "a topic nobody has");
        fanOut(7, "c");
        act(5);
        loop.endBatch();

        assertEquals(List.of("a:1@5", "b:1@5", "c:1@5", "flush"), alice.noted);
    }

    @Test
    void shouldWriteNothingBehindAShut()
    {
        final NotingOutlet alice = subscribed(1, 7);

        fanOut(7, "a");
        action(EgressAction.Kind.SHUT, 1, 7);
        write(1, "true");
        fanOut(7, "b");
        act(5);
        loop.endBatch();

        assertEquals(List.of("a:1@5", "true:0@0", "flush"), alice.noted);
    }

    @Test
    void shouldEndTheUpstreamsConnectionWhenItIsToBeReset()
    {
        final NotingOutlet upstream = new NotingOutlet(0);
        reset();
        loop.setLane(0, upstream);
        reset();

        assertEquals(List.of("fail"), upstream.noted);

        loop.setLane(0, null);
        reset();
        assertEquals(List.of("fail"), upstream.noted);
    }

    private void reset()
    {
        action(EgressAction.Kind.RESET_UPSTREAM, 0, 0).laneIndex = 0;
        act(5);
        loop.endBatch();
    }
}
