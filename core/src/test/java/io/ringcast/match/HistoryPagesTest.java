package io.ringcast.match;

import io.ringcast.lane.Head;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.PortableCursor;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The law: all readers together hold what they may, and one page more at most, whatever comes and whoever asks. */
class HistoryPagesTest
{
    private static final int LIMIT_BYTES = 1_000_000;
    private static final int LONGEST_BYTES = 400_000;
    /** What a page with one item takes beside its bytes. */
    private static final int PLACES_BYTES = 80;
    private static final int READERS = 12;
    private static final int STEPS = 4_000;

    private final CounterSet counters = new CounterSet();
    private final HistoryPages pages = new HistoryPages(LIMIT_BYTES, counters);
    private final List<HistoryPage> started = new ArrayList<>();

    @RepeatedTest(20)
    void shouldHoldNoMoreThanTheBoundAndOnePage(final RepetitionInfo info)
    {
        final Random random = new Random(info.getCurrentRepetition());
        final List<HistoryQueue> queues = new ArrayList<>();
        final List<List<HistoryPage>> pagesOf = new ArrayList<>();
        for (int i = 0; i < READERS; i++)
        {
            queues.add(queue());
            pagesOf.add(new ArrayList<>());
        }
        for (int step = 0; step < STEPS; step++)
        {
            final int reader = random.nextInt(READERS);
            final HistoryQueue queue = queues.get(reader);
            queue.onAsked();
            queue.askOn();
            while (!queue.isFull())
            {
                queue.addRange(null, 0, Long.MAX_VALUE);
            }
            pagesOf.get(reader).addAll(started);
            started.clear();
            final int other = random.nextInt(READERS);
            if (!pagesOf.get(other).isEmpty())
            {
                answer(queues.get(other), pagesOf.get(other), random);
            }
            assertTrue(pages.usedBytes() <= LIMIT_BYTES + LONGEST_BYTES, pages.usedBytes() + " bytes");
        }
        assertTrue(counters.get(RelayCounter.HISTORY_PAGES_DROPPED) > 0);

        queues.forEach(HistoryQueue::close);
        assertEquals(0, pages.usedBytes());
    }

    private static void answer(final HistoryQueue queue, final List<HistoryPage> asked, final Random random)
    {
        final HistoryPage page = asked.remove(random.nextInt(asked.size()));
        page.add(0, 1, 0, page.firstNumber);
        page.bytes = new byte[random.nextInt(LONGEST_BYTES - PLACES_BYTES)];
        queue.onAnswered(page, page.bytes.length, random.nextBoolean(), 0);
    }

    @Test
    void shouldAskForOnePageUntilItIsKnownHowMuchItBrings()
    {
        final HistoryQueue queue = queue();
        queue.addRange(null, 0, Long.MAX_VALUE);
        assertTrue(queue.isFull());

        answer(queue, HistoryQueue.READ_AHEAD_BYTES / 8);
        int more = 0;
        for (; !queue.isFull(); more++)
        {
            queue.addRange(null, 0, Long.MAX_VALUE);
        }
        assertEquals(7, more);
    }

    @Test
    void shouldForgetThePagesOfTheOneThatWasServedLongestAgo()
    {
        final List<HistoryQueue> queues = List.of(queue(), queue(), queue());
        for (final HistoryQueue queue : queues)
        {
            queue.addRange(null, 0, 10);
        }
        final List<HistoryPage> asked = List.copyOf(started);
        for (int i = 0; i < 2; i++)
        {
            answer(queues.get(i), asked.get(i), LONGEST_BYTES);
        }
        queues.get(0).onAsked();
        answer(queues.get(2), asked.get(2), LONGEST_BYTES);

        assertEquals(1, counters.get(RelayCounter.HISTORY_PAGES_DROPPED));
        assertTrue(asked.get(0).heldBytes() > 0 && asked.get(2).heldBytes() > 0);
        started.clear();
        queues.forEach(HistoryQueue::askOn);
        assertEquals(1, started.size());
        assertEquals(asked.get(1).firstNumber, started.get(0).firstNumber);
    }

    @Test
    void shouldKeepAPageThatIsLongerThanTheBoundGivenThatItIsTheNextToBeSent()
    {
        final HistoryQueue queue = queue();
        queue.addRange(null, 0, 10);
        final HistoryPage page = started.get(0);

        answer(queue, page, 3 * LIMIT_BYTES);

        assertTrue(page.isAnswered);
        assertTrue(pages.isTight());
        assertTrue(queue.isFull());
        queue.close();
        assertFalse(pages.isTight());
    }

    /** A page of which some was sent goes on with the block that comes next, and leaves out what was sent of it. */
    @Test
    void shouldGoOnAmidABlockGivenAPageThatWasForgotten()
    {
        final HistoryPage page = new HistoryPage(HistoryPage.Kind.RANGE, null, null, 1, 9, null);
        for (final int number : new int[]{2, 2, 5, 5, 5, 7})
        {
            page.add(0, 1, 0, number);
        }
        page.bytes = new byte[1];

        assertEquals("RANGE 1..9 behind 0", shown(page, 0));
        assertEquals("RANGE 2..9 behind 1", shown(page, 1));
        assertEquals("RANGE 5..9 behind 0", shown(page, 2));
        assertEquals("RANGE 5..9 behind 2", shown(page, 4));
        assertEquals("RANGE 7..9 behind 0", shown(page, 5));
    }

    private static String shown(final HistoryPage page, final int sent)
    {
        final HistoryRun run = new HistoryRun(page, null, false, null);
        run.sent = sent;
        final HistoryRun left = run.forgotten();
        return left.page + " behind " + left.sent;
    }

    private void answer(final HistoryQueue queue, final int lengthBytes)
    {
        answer(queue, started.get(started.size() - 1), lengthBytes);
    }

    private static void answer(final HistoryQueue queue, final HistoryPage page, final int lengthBytes)
    {
        page.add(0, 1, 0, page.firstNumber);
        page.bytes = new byte[lengthBytes - PLACES_BYTES];
        queue.onAnswered(page, lengthBytes, false, 0);
    }

    private HistoryQueue queue()
    {
        final TopicState topic =
            ConflationLawTest.topic("eth_subscribe[\"logs\",{}]", true, new HistoryBudget(1 << 20));
        return new HistoryQueue(
            new PatientSubscriber(topic, ConflationLawTest.conflating(), 1, Resumption.NO_POSITION), new Kind(),
            new HistoryBudget(0), pages, started::add, counters);
    }

    /** Only how many may be asked for is of importance. */
    private static final class Kind implements HistoryKind
    {
        @Override
        public String rangeCall(final long firstNumber, final long lastNumber)
        {
            return "";
        }

        @Override
        public int limitBlocks()
        {
            return PageRange.LIMIT_BLOCKS;
        }

        @Override
        public int limitCalls()
        {
            return 8;
        }

        @Override
        public String blockCall(final long[] hash)
        {
            return "";
        }

        @Override
        public boolean tryRead(final HistoryPage page, final byte[] bytes, final int offset, final int length)
        {
            return false;
        }

        @Override
        public boolean isUpTo(final HistoryPage page, final int item, final PortableCursor place)
        {
            return false;
        }

        @Override
        public boolean tellsRemovals()
        {
            return true;
        }

        @Override
        public byte[] removal(final HistoryPage page, final int item)
        {
            return null;
        }

        @Override
        public boolean tryFindSeam(final HistorySeam seam)
        {
            return false;
        }

        @Override
        public long wholeNumber()
        {
            return 0;
        }

        @Override
        public long nextPosition()
        {
            return 0;
        }

        @Override
        public RunPlace placeOfNext()
        {
            throw new AssertionError("nothing is published");
        }

        @Override
        public RunPlace placeBefore(final Head head)
        {
            throw new AssertionError("nothing is published");
        }

        @Override
        public boolean isTold(final HistoryPage page)
        {
            return false;
        }
    }
}
