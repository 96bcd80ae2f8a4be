package io.ringcast.match;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is noted of the logs that a slow subscriber was not given, and what that takes. */
class LeftOutTest
{
    private static final String LOGS = "eth_subscribe[\"logs\",{}]";
    private static final long MIB = 1024 * 1024;
    private static final byte[] LOG = {'{', '}'};

    private final HistoryBudget budget = new HistoryBudget(64 * MIB);
    private TopicState topic;

    private PatientSubscriber subscriber()
    {
        topic = ConflationLawTest.topic(LOGS, true, budget);
        return new PatientSubscriber(topic, ConflationLawTest.conflating(), 1, -1);
    }

    private void say()
    {
        topic.feed.history.append(LOG, 0, LOG.length, 0, 0, 0, 0, 0);
        topic.group.history.append();
    }

    static LongStream seeds()
    {
        final long start = System.nanoTime();
        return LongStream.range(0, 40).map(i -> i < 20 ? i : start + i);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldKnowWhatWasLeftOutOfAllThatIsKept(final long seed)
    {
        final Random random = new Random(seed);
        final PatientSubscriber subscriber = subscriber();
        final Set<Long> leftOut = new HashSet<>();
        long next = 1;
        for (int round = 0; round < 60; round++)
        {
            final boolean mayLeaveOut = random.nextInt(3) > 0;
            for (int burst = random.nextInt(1_000); burst > 0; burst--)
            {
                say();
                if (mayLeaveOut && random.nextInt(4) == 0)
                {
                    subscriber.onLeftOut(next);
                    leftOut.add(next);
                }
                next++;
            }
            for (long sequence = topic.group.history.oldest(); sequence < next; sequence++)
            {
                assertEquals(leftOut.contains(sequence), subscriber.isLeftOut(sequence), "seed " + seed);
            }
        }
    }

    @Test
    void shouldTakeWhatItsSpanNeedsAndGiveItBackWhenItIsOver()
    {
        final PatientSubscriber subscriber = subscriber();
        say();
        final long usedBytes = budget.usedBytes();

        subscriber.onLeftOut(1);
        assertEquals(64, budget.usedBytes() - usedBytes);
        assertTrue(subscriber.isLeftOut(1));

        assertTrue(subscriber.endIf(topic));
        assertEquals(usedBytes, budget.usedBytes());
        subscriber.onLeftOut(2);
        assertEquals(usedBytes, budget.usedBytes());
        assertFalse(subscriber.isLeftOut(1));
    }

    /** Then a removal is told of what was not given, rather than nothing of what was. */
    @Test
    void shouldTakeForGivenWhatItHadNotedGivenThatOthersNeedTheRoom()
    {
        subscriber();
        say();
        say();
        final long usedBytes = budget.usedBytes();
        final LeftOut leftOut = new LeftOut(topic.group.history);
        leftOut.add(1);
        assertTrue(leftOut.has(1));

        leftOut.giveUp();
        assertFalse(leftOut.has(1));
        assertEquals(usedBytes, budget.usedBytes());
        leftOut.add(2);
        assertTrue(leftOut.has(2));
        assertFalse(leftOut.has(1));
    }

    /** A bit for each item that is kept, and as many again at most: the ring doubles. */
    @Test
    void shouldTakeNoMoreThanAllThatIsKeptNeedsHoweverLongItGoesOn()
    {
        final PatientSubscriber subscriber = subscriber();
        long most = 0;
        for (long next = 1; next <= 4L * topic.group.history.limitItems(); next++)
        {
            say();
            final long usedBytes = budget.usedBytes();
            subscriber.onLeftOut(next);
            most += budget.usedBytes() - usedBytes;
        }

        assertTrue(topic.group.history.oldest() > 1, "something is no longer kept");
        assertTrue(most <= 2L * topic.group.history.limitItems() / Byte.SIZE, most + " bytes");
    }
}
