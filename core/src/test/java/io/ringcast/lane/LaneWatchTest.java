package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A chain that stands still is no reason to give up a connection; an upstream that is silent on its own account is. */
class LaneWatchTest
{
    private static final long MS = 1_000_000L;
    private static final long TICK_NS = 50 * MS;
    private static final long GAP_NS = 200 * MS;
    private static final int STALE_GAPS = 5;
    private static final long SILENT_NS = 10_000 * MS;
    private static final long ANSWER_NS = 5_000 * MS;
    private static final long PUSH_NS = 1_000 * MS;

    private record Call(long id, int laneIndex, String text)
    {
    }

    private final class RecordingSink implements HeadSink
    {
        @Override
        public void onHead(final Head head, final byte[] bytes, final int offset, final int length)
        {
            published++;
        }

        @Override
        public long fetch(final int laneIndex, final String call)
        {
            calls.add(new Call(calls.size() + 1, laneIndex, call));
            return calls.size();
        }

        @Override
        public void reset(final int laneIndex)
        {
            resets.add(laneIndex);
        }
    }

    private final List<Call> calls = new ArrayList<>();
    private final List<Integer> resets = new ArrayList<>();
    private final CounterSet counters = new CounterSet();
    private int published;
    private HeadArbiter arbiter;
    private long nowNs = Long.MAX_VALUE - 3_000_000_000L;
    private int block;

    @Nested
    class GivenOneUpstream
    {
        GivenOneUpstream()
        {
            start(1);
        }

        @Test
        void shouldAskInPlaceOfResettingWhenTheChainStandsStill()
        {
            for (int i = 1; i <= 30; i++)
            {
                pass(SILENT_NS);
                assertEquals(i, calls.size());
                assertEquals("\"method\":\"eth_getBlockByNumber\",\"params\":[\"latest\",false]", last().text);
                answer(last(), block(block));
            }

            assertEquals(List.of(), resets);
            assertEquals(0, counters.get(RelayCounter.LANES_STALE));
        }

        @Test
        void shouldNotAskWhileHeadsCome()
        {
            for (int i = 0; i < 100; i++)
            {
                pass(GAP_NS);
                say(0, ++block);
            }

            assertEquals(List.of(), calls);
            assertEquals(List.of(), resets);
        }

        @Test
        void shouldNotAskWhileHeadsComeThatCannotBeRead()
        {
            final byte[] odd = "{\"slot\":7}".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 30; i++)
            {
                pass(SILENT_NS / 2);
                assertFalse(arbiter.onHead(0, odd, 0, odd.length, nowNs));
            }

            assertEquals(List.of(), calls);
            assertEquals(List.of(), resets);
        }

        @Test
        void shouldResetWhenItDoesNotAnswerInTime()
        {
            pass(SILENT_NS);
            pass(ANSWER_NS - TICK_NS);
            assertEquals(List.of(), resets);

            pass(TICK_NS);

            assertEquals(List.of(0), resets);
            assertEquals(1, counters.get(RelayCounter.LANES_STALE));
        }

        @Test
        void shouldWaitTwiceAsLongWhenAResetHasNotHelped()
        {
            pass(SILENT_NS + ANSWER_NS);
            assertEquals(List.of(0), resets);

            pass(2 * SILENT_NS - TICK_NS);
            assertEquals(1, calls.size());
            pass(TICK_NS);
            assertEquals(2, calls.size());
            pass(ANSWER_NS);

            assertEquals(List.of(0, 0), resets);
        }

        @Test
        void shouldResetWhenItShowsAHeadThatItHasNotPushed()
        {
            pass(SILENT_NS);
            answer(last(), block(block + 1));
            pass(PUSH_NS - TICK_NS);
            assertEquals(List.of(), resets);

            pass(TICK_NS);

            assertEquals(List.of(0), resets);
        }

        @Test
        void shouldNotResetWhenThePushComesBehindTheAnswer()
        {
            pass(SILENT_NS);
            answer(last(), block(block + 1));
            pass(PUSH_NS - TICK_NS);
            say(0, ++block);
            pass(SILENT_NS - TICK_NS);

            assertEquals(List.of(), resets);
            assertEquals(1, calls.size());
            assertEquals(block, published);
        }

        @Test
        void shouldForgetTheQuestionWhenAHeadComesBeforeTheAnswer()
        {
            pass(SILENT_NS);
            final Call asked = last();
            say(0, ++block);
            answer(asked, block(block - 1));
            pass(ANSWER_NS);

            assertEquals(List.of(), resets);
        }

        @Test
        void shouldPollWhenAResetHasNotMadeItPush()
        {
            beSilentTwice();

            assertEquals(List.of(0), resets);
            assertTrue(status(0).isHeadsPolled());
            assertEquals(LaneMark.SILENT, status(0).mark());
            assertEquals(1, counters.get(RelayCounter.HEAD_LANES_SILENT));
            final int before = published;
            for (int i = 0; i < 20; i++)
            {
                answer(last(), block(++block));
                assertTrue(passUntilAsked() <= GAP_NS);
            }
            assertEquals(before + 20, published);
            assertEquals(List.of(0), resets);
        }

        @Test
        void shouldFetchWhatLiesBetweenTwoPolls()
        {
            beSilentTwice();
            answer(last(), block(block + 2));
            final int before = published;
            answer(last(), block(block + 1));

            assertEquals(before + 2, published);
        }

        @Test
        void shouldPublishNothingWhenAPollBringsNothingNew()
        {
            beSilentTwice();
            answer(last(), block(++block));
            final int before = published;
            passUntilAsked();
            answer(last(), block(block));

            assertEquals(before, published);
            assertEquals(0, counters.get(RelayCounter.ITEMS_DUPLICATE));
        }

        @Test
        void shouldPollMoreSeldomWhileItFails()
        {
            beSilentTwice();
            answer(last(), block(block));
            final long usualNs = passUntilAsked();
            for (int failures = 1; failures <= 4; failures++)
            {
                arbiter.onFetched(0, last().id, true, bytes("{\"code\":-32005}"), 0, 15, nowNs);
                final long pauseNs = passUntilAsked();
                assertTrue(pauseNs > (usualNs - TICK_NS << failures) - TICK_NS && pauseNs <= usualNs << failures);
            }
        }

        @Test
        void shouldPollNoMoreWhenItPushesAgain()
        {
            beSilentTwice();
            answer(last(), block(++block));
            say(0, ++block);
            calls.clear();
            for (int i = 0; i < 10; i++)
            {
                pass(GAP_NS);
                say(0, ++block);
            }

            assertEquals(List.of(), calls);
            assertFalse(status(0).isHeadsPolled());
            assertEquals(LaneMark.NONE, status(0).mark());
        }

        @Test
        void shouldResetWhenItDoesNotEvenAnswerAPoll()
        {
            beSilentTwice();
            pass(ANSWER_NS);

            assertEquals(List.of(0, 0), resets);
        }

        @Test
        void shouldPollOneThatHasNeverPushedAnything()
        {
            create(1);
            pass(TICK_NS + SILENT_NS);
            answer(last(), block(block));
            pass(SILENT_NS);
            assertEquals(List.of(), resets);
            answer(last(), block(block + 1));
            pass(PUSH_NS);
            assertEquals(List.of(0), resets);
            pass(2 * SILENT_NS);
            answer(last(), block(block + 2));
            pass(PUSH_NS);
            assertTrue(status(0).isHeadsPolled());
            answer(last(), block(block + 2));

            assertEquals(1, published);
        }

        @Test
        void shouldNotBlameItForAPauseOfTheRelay()
        {
            pass(TICK_NS);
            nowNs += 100 * SILENT_NS;
            pass(SILENT_NS - 3 * TICK_NS);

            assertEquals(List.of(), calls);
        }

        /** Behind this it is polled, and the first question is asked. */
        private void beSilentTwice()
        {
            pass(SILENT_NS);
            answer(last(), block(block + 1));
            pass(PUSH_NS);
            assertEquals(List.of(0), resets);
            reconnect(0);
            answer(last(), block(++block));
            pass(SILENT_NS);
            answer(last(), block(block + 1));
            pass(PUSH_NS);
        }

        @Test
        void shouldNotResetWhenItAnswersWithAnError()
        {
            pass(SILENT_NS);
            arbiter.onFetched(last().laneIndex, last().id, true, bytes("{\"code\":-32005}"), 0, 15, nowNs);
            pass(ANSWER_NS);

            assertEquals(List.of(), resets);
        }
    }

    @Nested
    class GivenTwoUpstreams
    {
        GivenTwoUpstreams()
        {
            start(2);
        }

        @Test
        void shouldResetAtOnceWhenTheOtherOneGoesOn()
        {
            for (int i = 0; i < STALE_GAPS; i++)
            {
                pass(GAP_NS);
                say(1, ++block);
            }

            assertEquals(List.of(0), resets);
            assertEquals(List.of(), calls);
        }

        @Test
        void shouldMarkTheSilentOneUntilItPushes()
        {
            for (int i = 0; i < STALE_GAPS; i++)
            {
                pass(GAP_NS);
                say(1, ++block);
            }
            assertEquals(LaneMark.SILENT, status(0).mark());
            assertEquals(LaneMark.NONE, status(1).mark());

            reconnect(0);
            say(0, block);

            assertEquals(LaneMark.NONE, status(0).mark());
        }

        @Test
        void shouldPollTheSilentOneWhenAResetHasNotHelped()
        {
            for (int i = 0; i < 2 * STALE_GAPS + 1; i++)
            {
                pass(GAP_NS);
                say(1, ++block);
                if (resets.size() == 1 && !status(0).isHeadsPolled() && i == STALE_GAPS)
                {
                    reconnect(0);
                }
            }

            assertTrue(status(0).isHeadsPolled());
            assertEquals(List.of(0), resets);
        }

        @Test
        void shouldMarkTheOneThatIsBehindUntilItHasCaughtUp()
        {
            final int start = block;
            for (int i = 0; i < 3 * STALE_GAPS && resets.isEmpty(); i++)
            {
                pass(GAP_NS);
                say(1, ++block);
                say(0, start + 1 + i / 3);
            }
            assertEquals(List.of(0), resets);
            assertEquals(LaneMark.BEHIND, status(0).mark());

            reconnect(0);
            say(0, block);
            pass(TICK_NS);

            assertEquals(LaneMark.NONE, status(0).mark());
        }

        @Test
        void shouldResetTheOneThatDoesNotAnswerWhenBothAreSilent()
        {
            pass(SILENT_NS);
            assertEquals(2, calls.size());
            answer(calls.get(1), block(block));
            pass(ANSWER_NS);

            assertEquals(List.of(0), resets);
        }
    }

    private LaneStatus status(final int laneIndex)
    {
        return arbiter.status(laneIndex, "n", nowNs);
    }

    /** The connection that was reset is there again; the newest head is asked for. */
    private void reconnect(final int laneIndex)
    {
        arbiter.onLaneDown(laneIndex, nowNs);
        arbiter.onLaneLive(laneIndex, nowNs);
    }

    private void start(final int laneCount)
    {
        create(laneCount);
        for (int i = 0; i < 20; i++)
        {
            pass(GAP_NS);
            block++;
            for (int lane = 0; lane < laneCount; lane++)
            {
                say(lane, block);
            }
        }
    }

    private void create(final int laneCount)
    {
        published = 0;
        arbiter = new HeadArbiter(
            new LaneRules(laneCount, 1, 150 * MS, 256, STALE_GAPS, 1 << 20, 50 * MS, 5_000 * MS, 1024),
            counters, new RecordingSink());
        for (int lane = 0; lane < laneCount; lane++)
        {
            arbiter.onLaneUp(lane, nowNs);
            arbiter.onLaneLive(lane, nowNs);
        }
    }

    private void pass(final long passedNs)
    {
        for (long left = passedNs; left > 0; left -= TICK_NS)
        {
            nowNs += TICK_NS;
            arbiter.onTime(nowNs);
        }
    }

    private long passUntilAsked()
    {
        final int asked = calls.size();
        final long startNs = nowNs;
        while (calls.size() == asked && nowNs - startNs < 100 * SILENT_NS)
        {
            pass(TICK_NS);
        }
        return nowNs - startNs;
    }

    private Call last()
    {
        return calls.get(calls.size() - 1);
    }

    private void say(final int laneIndex, final int number)
    {
        final byte[] head = bytes("{" + head(number) + "}");
        arbiter.onHead(laneIndex, head, 0, head.length, nowNs);
    }

    private void answer(final Call call, final byte[] result)
    {
        arbiter.onFetched(call.laneIndex, call.id, false, result, 0, result.length, nowNs);
    }

    private static byte[] block(final int number)
    {
        return bytes("{\"size\":\"0x1\"," + head(number) + ",\"transactions\":[]}");
    }

    private static String head(final int number)
    {
        return "\"parentHash\":\"" + hash(number - 1) + "\",\"logsBloom\":\"0x00\",\"number\":\"0x" +
            Integer.toHexString(number) + "\",\"hash\":\"" + hash(number) + "\"";
    }

    private static String hash(final int number)
    {
        return "0x" + String.format("%016x", number * 0x9E3779B97F4A7C15L) + "0".repeat(48);
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
