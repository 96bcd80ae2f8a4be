package io.ringcast.egress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.EgressAction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EgressLoopTest
{
    private static final long FALLBACK_NS = 250;
    /** A connection of the loop, as its id says too. */
    private static final long BOB = ConnectionId.of(2, 0);

    private final CounterSet counters = new CounterSet();
    private final EgressLoop loop = new EgressLoop(0, 1, FALLBACK_NS, counters);
    private final ByteBuf chunk = Unpooled.directBuffer(Backlog.LIMIT_BYTES * 2);
    private final ActionList<EgressAction> actions = new ActionList<>(EgressAction::new);
    /** Whose flush wrote something, in order. */
    private final List<Long> flushed = new ArrayList<>();
    /** What actions have thrown. */
    private final List<Exception> failures = new ArrayList<>();
    private int expectedFailures;
    private int written;

    @AfterEach
    void shouldHaveGivenBackTheChunk()
    {
        loop.close();
        assertEquals(1, chunk.refCnt());
        chunk.release();
        assertEquals(expectedFailures, failures.size());
    }

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
        loop.askCatchUps((connectionId, topicId, ticket, sequence, nowNs) -> asked.add(topicId));

        assertEquals(List.of(8), asked);
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
        assertEquals(1, chunk.refCnt());
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
        assertEquals(1, chunk.refCnt());
    }

    @Test
    void shouldReleaseTheBacklogWhenThoseItWaitsForAreGone()
    {
        final NotingOutlet alice = barred(1, 7);
        final NotingOutlet bob = barred(2, 7);
        fanOut(7, "a");
        act(1);
        assertTrue(chunk.refCnt() > 1);

        loop.removeConnection(alice);
        assertTrue(chunk.refCnt() > 1);
        action(EgressAction.Kind.SHUT, 2, 7);
        act(2);

        assertEquals(1, chunk.refCnt());
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
        assertEquals(1, chunk.refCnt());
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
        assertEquals(2, chunk.refCnt());

        loop.close();

        assertEquals(1, chunk.refCnt());
    }

    @Test
    void shouldDoTheOtherActionsOfASlotGivenOneThatThrows()
    {
        expectedFailures = 1;
        final NotingOutlet alice = subscribed(1, 7);
        final NotingOutlet bob = new NotingOutlet(BOB);
        loop.addConnection(bob);
        open(bob, 8).isCatchingUp = true;
        act(0);
        loop.askCatchUps((connectionId, topicId, ticket, sequence, nowNs) -> true);
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

    private static int itemsOf(final NotingOutlet outlet)
    {
        return outlet.noted.stream().filter(text -> text.contains(":"))
            .mapToInt(text -> Integer.parseInt(text.replaceAll(".*:|@.*", ""))).sum();
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

    @Test
    void shouldNotAskAgainGivenThatItIsCutOffAndItsDoorClosesItLater()
    {
        final NotingOutlet bob = new NotingOutlet(BOB);
        loop.addConnection(bob);
        open(bob, 8).isCatchingUp = true;
        act(0);
        loop.askCatchUps((connectionId, topicId, ticket, sequence, nowNs) -> true);

        action(EgressAction.Kind.CUT_OFF, BOB, 8);
        action(EgressAction.Kind.REPLAY_PAUSED, BOB, 8).ticket = 1;
        act(1);

        assertEquals(List.of("fail"), bob.noted);
        assertEquals(false, loop.hasCatchUpsDue());
        assertEquals(0, loop.connectionCount());
    }

    private NotingOutlet subscribed(final long connectionId, final int topicId)
    {
        final NotingOutlet outlet = new NotingOutlet(connectionId);
        loop.addConnection(outlet);
        open(outlet, topicId);
        act(0);
        return outlet;
    }

    private NotingOutlet barred(final long connectionId, final int topicId)
    {
        final NotingOutlet outlet = new NotingOutlet(connectionId);
        outlet.hasBarrier = true;
        loop.addConnection(outlet);
        open(outlet, topicId);
        act(0);
        return outlet;
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

    private EgressAction open(final NotingOutlet outlet, final int topicId)
    {
        return action(EgressAction.Kind.OPEN, outlet.connectionId(), topicId);
    }

    private EgressAction action(final EgressAction.Kind kind, final long connectionId, final int topicId)
    {
        final EgressAction action = actions.add();
        action.kind = kind;
        action.connectionId = connectionId;
        action.topicId = topicId;
        return action;
    }

    private void write(final long connectionId, final String text)
    {
        fill(action(EgressAction.Kind.WRITE, connectionId, 0), text);
    }

    private void fanOut(final int topicId, final long sequence, final String text)
    {
        final EgressAction action = action(EgressAction.Kind.FAN_OUT, 0, topicId);
        action.sequence = sequence;
        fill(action, text);
    }

    private void fanOut(final int topicId, final String text)
    {
        fill(action(EgressAction.Kind.FAN_OUT, 0, topicId), text);
    }

    /** Frames lie behind each other in the chunk, as encode writes them. */
    private void fill(final EgressAction action, final String text)
    {
        action.chunk = chunk;
        action.offset = written;
        action.length = text.length();
        chunk.setBytes(written, text.getBytes(StandardCharsets.US_ASCII));
        written += text.length();
    }

    private void act(final long nowNs)
    {
        loop.onActions(actions, nowNs, failures::add);
        actions.clear();
    }

    /** Notes what it is told. Confined to the test's thread. */
    private final class NotingOutlet extends Outlet
    {
        private final List<String> noted = new ArrayList<>();
        private boolean hasBarrier;
        private boolean isThrowing;
        private boolean isFailThrowing;
        private boolean isRemovedByFail;
        private boolean takesItems;
        private boolean isRemovedByFlush;
        private boolean isCongestedByFlush;
        private List<Long> served = new ArrayList<>();
        private long lastToken;

        NotingOutlet(final long connectionId)
        {
            super(connectionId);
        }

        @Override
        public void append(
            final ByteBuf bytes, final int offset, final int length, final long receivedAtNs, final int items)
        {
            if (isThrowing)
            {
                throw new IllegalStateException("a fault");
            }
            final String text = bytes.toString(offset, length, StandardCharsets.US_ASCII);
            noted.add(text + ":" + items + "@" + receivedAtNs);
        }

        @Override
        public void flush()
        {
            if (!noted.isEmpty() && !"flush".equals(noted.get(noted.size() - 1)))
            {
                noted.add("flush");
                flushed.add(connectionId());
            }
            if (isCongestedByFlush)
            {
                loop.onCongested(this);
            }
            if (isRemovedByFlush)
            {
                loop.removeConnection(this);
            }
        }

        @Override
        public boolean isFull()
        {
            return isCongestedByFlush;
        }

        @Override
        public void fail()
        {
            if (isFailThrowing)
            {
                throw new IllegalStateException("a fault");
            }
            noted.add("fail");
            if (isRemovedByFail)
            {
                loop.removeConnection(this);
            }
        }

        @Override
        public boolean takesItems()
        {
            return takesItems;
        }

        @Override
        public void onItem(
            final int topicId, final long sequence, final boolean isNew, final ByteBuf bytes, final int offset,
            final int length, final int frameOffset, final int frameLength)
        {
            if (isThrowing)
            {
                throw new IllegalStateException("a fault");
            }
            noted.add("item");
            served.add(connectionId());
        }

        @Override
        public boolean hasBarrier()
        {
            return hasBarrier;
        }

        @Override
        public void ping(final long token)
        {
            lastToken = token;
        }
    }
}
