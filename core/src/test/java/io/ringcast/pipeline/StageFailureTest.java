package io.ringcast.pipeline;

import com.lmax.disruptor.EventHandler;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A fault in a stage is answered and counted, and neither stops the ring nor leaks. */
class StageFailureTest
{
    private static final int RING_SLOTS = 64;
    private static final String INTERNAL = ",\"error\":{\"code\":-32603,\"message\":\"internal error\"}}";

    /** Throws where the test wants it, before the stage has run or after. */
    private static final class Fault
    {
        final Class<?> stage;
        final boolean isBefore;
        volatile boolean isArmed;
        volatile boolean isAtEndOfBatchAlone;
        volatile EventKind kind = EventKind.CLIENT_FRAME;

        Fault(final Class<?> stage, final boolean isBefore)
        {
            this.stage = stage;
            this.isBefore = isBefore;
        }

        EventHandler<RelayEvent> wrap(final EventHandler<RelayEvent> handler)
        {
            return handler.getClass() != stage ? handler : (event, sequence, endOfBatch) ->
            {
                final boolean isDue =
                    isArmed && event.kind == kind && (endOfBatch || !isAtEndOfBatchAlone);
                if (isDue && isBefore)
                {
                    throw new IllegalStateException("a fault before");
                }
                handler.onEvent(event, sequence, endOfBatch);
                if (isDue)
                {
                    throw new AssertionError("a fault after");
                }
            };
        }
    }

    static Stream<Arguments> faults()
    {
        final List<Arguments> faults = new ArrayList<>();
        for (final ThreadingMode mode : new ThreadingMode[]{ThreadingMode.INVOKER, ThreadingMode.SHARED})
        {
            for (final Class<?> stage : List.of(CorrelateStage.class, MatchStage.class, EncodeStage.class))
            {
                faults.add(Arguments.of(mode, stage, true));
                faults.add(Arguments.of(mode, stage, false));
            }
        }
        return faults.stream();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void shouldAnswerEachCallOnceAndGoOnWhenAStageThrows(
        final ThreadingMode mode, final Class<?> stage, final boolean isBefore)
    {
        final Fault fault = new Fault(stage, isBefore);
        try (FakeRelay relay = relay(mode, fault))
        {
            final FakeOutlet alice = subscribed(relay);

            // when every client frame fails, several in one batch of the ring
            fault.isArmed = true;
            relay.says(alice, call(1));
            relay.says(alice, "[" + call(2) + "," + call(3) + "]");
            relay.says(alice, "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"eth_unsubscribe\",\"params\":[\"0x1\"]}");
            relay.says(alice, "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"eth_subscribe\",\"params\":[\"syncing\"]}");
            relay.says(alice, "{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":5}");
            settle(relay, mode);
            fault.isArmed = false;
            answerAll(relay, mode);
            relay.tick(3_600_000_000_000L);
            settle(relay, mode);

            // then each was answered once
            assertEquals(5, relay.count(RelayCounter.STAGE_FAILURES));
            assertEquals(5, alice.received.stream().filter(text -> !text.equals(FakeOutlet.PING)).count(),
                () -> alice.received.toString());
            final String all = String.join("\n", alice.received);
            for (int id = 1; id <= 6; id++)
            {
                final String token = "\"id\":" + id + ",";
                assertEquals(2, all.split(token, -1).length, () -> token + " in " + all);
            }
            final boolean isLost = stage == CorrelateStage.class && isBefore;
            assertEquals(isLost, all.contains("{\"jsonrpc\":\"2.0\",\"id\":1" + INTERNAL), all);
            assertEquals(isLost, all.contains("[{\"jsonrpc\":\"2.0\",\"id\":2" + INTERNAL + ","), all);
            final boolean isUndecided = stage != EncodeStage.class && isBefore;
            assertEquals(isUndecided, all.contains("{\"jsonrpc\":\"2.0\",\"id\":4" + INTERNAL), all);
            assertEquals(isUndecided, all.contains("{\"jsonrpc\":\"2.0\",\"id\":5" + INTERNAL), all);
            assertEquals(0, relay.parts.correlator.outstandingCalls());

            // and what follows is served
            alice.received.clear();
            relay.says(alice, call(7));
            relay.nodeSays(item(1));
            settle(relay, mode);
            answerAll(relay, mode);
            assertEquals(2, alice.received.size(), () -> alice.received.toString());
            assertTrue(alice.received.contains("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":true}"));
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void shouldNotStallWhenEveryLastEventOfABatchThrows(
        final ThreadingMode mode, final Class<?> stage, final boolean isBefore)
    {
        final Fault fault = new Fault(stage, isBefore);
        try (FakeRelay relay = relay(mode, fault))
        {
            final FakeOutlet alice = subscribed(relay);
            fault.kind = EventKind.UPSTREAM_FRAME;
            fault.isAtEndOfBatchAlone = true;
            fault.isArmed = true;

            // when far more events than the ring has slots go by
            for (int batch = 0; batch < 5 * RING_SLOTS; batch++)
            {
                relay.nodeSays(item(2 * batch));
                relay.nodeSays(item(2 * batch + 1));
                settle(relay, mode);
            }

            // then nothing came twice or out of order, and chunks do not pile up
            int last = -1;
            for (final String text : alice.received)
            {
                final int number = Integer.parseInt(text.replaceAll(".*\"result\":|}}$", ""));
                assertTrue(number > last, () -> number + " again");
                last = number;
            }
            assertTrue(alice.received.size() >= 5 * RING_SLOTS || mode == ThreadingMode.SHARED);
            assertTrue(relay.count(RelayCounter.STAGE_FAILURES) > 0);
            assertTrue(relay.heldBytes() <= 3 * 256 * 1024, () -> relay.heldBytes() + " bytes held");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAnswerAtOnceGivenAnUpstreamAnswerThatFails(final boolean isBefore)
    {
        final Fault fault = new Fault(CorrelateStage.class, isBefore);
        fault.kind = EventKind.UPSTREAM_FRAME;
        try (FakeRelay relay = relay(ThreadingMode.INVOKER, fault))
        {
            final FakeOutlet alice = relay.connect();
            relay.nodeUp();
            relay.says(alice, call(1));
            relay.says(alice, "[" + call(2) + "," + call(3) + "]");
            relay.run();
            final List<String> calls = new ArrayList<>(relay.node.received);

            // when the node answers one alone and two in an array
            fault.isArmed = true;
            relay.nodeSays(answer(calls.get(0)));
            relay.nodeSays("[" + answer(calls.get(1)) + "," + answer(calls.get(2)) + "]");
            relay.run();

            // then nobody waits for a time-out
            assertEquals(2, alice.received.size(), () -> alice.received.toString());
            assertEquals(isBefore, alice.received.peek().equals("{\"jsonrpc\":\"2.0\",\"id\":1" + INTERNAL));
            assertEquals(0, relay.parts.correlator.outstandingCalls());
        }
    }

    @Test
    void shouldAnswerWithTheNextEventGivenACallThatCannotBeEncoded()
    {
        try (FakeRelay relay = relay(ThreadingMode.INVOKER, new Fault(EncodeStage.class, true)))
        {
            final FakeOutlet alice = relay.connect();
            relay.nodeUp();
            relay.run();

            // when there is no memory for the one frame
            relay.allocator.isExhausted = true;
            relay.says(alice, call(1));
            relay.run();
            relay.allocator.isExhausted = false;
            relay.tick(1);
            relay.run();

            assertEquals(List.of("{\"jsonrpc\":\"2.0\",\"id\":1" + INTERNAL), List.copyOf(alice.received));
            assertEquals(List.of(), List.copyOf(relay.node.received));
            assertEquals(0, relay.parts.correlator.outstandingCalls());
        }
    }

    @Test
    void shouldGiveBackAllChunksWhenClosedWithFramesOfEverySizeUnderWay()
    {
        final FakeRelay relay = relay(ThreadingMode.INVOKER, new Fault(EncodeStage.class, true));
        final FakeOutlet alice = subscribed(relay);
        // given one who stays behind the barrier, so that the backlog holds chunks
        final FakeOutlet bob = relay.connect();
        relay.says(bob, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}");
        relay.run();
        for (int i = 0; i < 20; i++)
        {
            relay.nodeSays("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":" +
                "{\"subscription\":\"0xaa\",\"result\":\"" + "x".repeat(i * 20_000) + "\"}}");
            relay.run();
        }
        relay.nodeSays(item(1));
        relay.pipeline.runStages();
        assertTrue(relay.heldBytes() > 0);

        relay.close();

        assertEquals(0, relay.heldBytes());
        assertEquals(20, alice.received.size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCutOffWhoseQuestionFailsAndAnswerTheOthers(final boolean isBefore)
    {
        final Fault fault = new Fault(MatchStage.class, isBefore);
        fault.kind = EventKind.CATCH_UP;
        try (FakeRelay relay = relay(ThreadingMode.INVOKER, fault))
        {
            tellTwoItems(relay);

            // when more questions fail than may be under way at once
            fault.isArmed = true;
            final List<FakeOutlet> failed = new ArrayList<>();
            for (int i = 0; i < 5; i++)
            {
                failed.add(resumed(relay));
            }
            fault.isArmed = false;
            final FakeOutlet bob = resumed(relay);

            // then each of them has all or is told to come back, and who comes then is served
            assertEquals(5, relay.count(RelayCounter.STAGE_FAILURES));
            failed.forEach(outlet ->
            {
                assertEquals(isBefore, outlet.isGone);
                assertEquals(isBefore ? 1 : 2, outlet.received.size(), () -> outlet.received.toString());
            });
            assertEquals(2, bob.received.size(), () -> bob.received.toString());
            relay.nodeSays(item(3));
            relay.run();
            assertEquals(3, bob.received.size(), () -> bob.received.toString());
        }
    }

    @Test
    void shouldLeaveASubscriptionAloneGivenThatAQuestionOfTheOneBeforeItFails()
    {
        final Fault fault = new Fault(MatchStage.class, true);
        fault.kind = EventKind.CATCH_UP;
        try (FakeRelay relay = relay(ThreadingMode.INVOKER, fault))
        {
            tellTwoItems(relay);
            final FakeOutlet bob = resumed(relay, "\"lag\":{\"policy\":\"spill\"},");
            final String id = bob.received.peekFirst().replaceAll(".*\"result\":\"|\".*", "");
            relay.parts.loops[0].onCongested(bob);
            relay.nodeSays(item(3));
            relay.run();

            relay.says(bob, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_unsubscribe\",\"params\":[\"" + id +
                "\"]}");
            subscribeAgain(relay, bob, "\"lag\":{\"policy\":\"spill\"},");
            relay.parts.loops[0].onDrained(bob, relay.nowNs);
            relay.pipeline.poller(0).poll();
            fault.isArmed = true;
            relay.pipeline.runStages();
            fault.isArmed = false;
            bob.received.clear();
            relay.run();

            assertEquals(1, relay.count(RelayCounter.STAGE_FAILURES));
            assertEquals(false, bob.isGone);
            assertEquals(2, bob.received.stream().filter(text -> text.contains("eth_subscription")).count(),
                () -> bob.received.toString());
        }
    }

    private static FakeOutlet resumed(final FakeRelay relay)
    {
        return resumed(relay, "");
    }

    private static FakeOutlet resumed(final FakeRelay relay, final String options)
    {
        final FakeOutlet outlet = relay.connect();
        outlet.hasBarrier = false;
        outlet.onCutOff = () -> relay.closes(outlet);
        subscribeAgain(relay, outlet, options);
        relay.run();
        return outlet;
    }

    private static void subscribeAgain(final FakeRelay relay, final FakeOutlet outlet, final String options)
    {
        relay.says(outlet, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"," +
            "{\"relay\":{" + options + "\"resume\":{\"e\":\"" + relay.parts.epoch() + "\",\"q\":1}}}]}");
    }

    private static FakeRelay relay(final ThreadingMode mode, final Fault fault)
    {
        return new FakeRelay(
            RelayConfig.builder().ringSlots(RING_SLOTS), NetworkConfig.builder(), mode,
            parts -> parts.stageGuard = fault::wrap);
    }

    /** Two items are there to resume behind, since there is a subscriber. */
    private static void tellTwoItems(final FakeRelay relay)
    {
        subscribed(relay);
        relay.nodeSays(item(1));
        relay.nodeSays(item(2));
        relay.run();
    }

    /** A subscriber of heads, with the node that it needs. */
    private static FakeOutlet subscribed(final FakeRelay relay)
    {
        final FakeOutlet alice = relay.connect();
        relay.nodeUp();
        alice.hasBarrier = false;
        relay.says(alice, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}");
        settle(relay, relay.parts.mode);
        final String subscribe = relay.node.received.poll();
        relay.nodeSays(subscribe.replaceAll(",\"method\".*", ",\"result\":\"0xaa\"}"));
        settle(relay, relay.parts.mode);
        alice.received.clear();
        return alice;
    }

    private static void answerAll(final FakeRelay relay, final ThreadingMode mode)
    {
        while (!relay.node.received.isEmpty())
        {
            relay.nodeSays(relay.node.received.poll().replaceAll(",\"method\".*", ",\"result\":true}"));
        }
        settle(relay, mode);
    }

    private static void settle(final FakeRelay relay, final ThreadingMode mode)
    {
        if (mode == ThreadingMode.INVOKER)
        {
            relay.run();
        }
        else
        {
            relay.awaitQuiet(RING_SLOTS);
        }
    }

    private static String answer(final String call)
    {
        return call.replaceAll(",\"method\".*", ",\"result\":true}");
    }

    private static String call(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"a\"}";
    }

    private static String item(final int number)
    {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":" +
            "{\"subscription\":\"0xaa\",\"result\":" + number + "}}";
    }
}
