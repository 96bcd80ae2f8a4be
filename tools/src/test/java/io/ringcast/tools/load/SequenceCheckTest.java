package io.ringcast.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
final class SequenceCheckTest
{
    private static SequenceCheck checked(final SequenceCheck check, final long... sequences)
    {
        for (final long sequence : sequences)
        {
            check.onItem(sequence);
        }
        return check;
    }

    private static void assertCounts(
        final SequenceCheck check, final long received, final long duplicates, final long reordered, final long strays)
    {
        assertEquals(
            List.of(received, duplicates, reordered, strays),
            List.of(check.received(), check.duplicates(), check.reordered(), check.strays()));
    }

    @Test
    void shouldFindNothingWhenAllComeInOrder()
    {
        final SequenceCheck check = checked(new SequenceCheck(1, 1), 1, 2, 3, 4);

        assertCounts(check, 4, 0, 0, 0);
        assertEquals(4, check.expected(4));
    }

    @Test
    void shouldMissThoseThatDidNotComeWhenThereIsAGap()
    {
        final SequenceCheck check = checked(new SequenceCheck(1, 1), 1, 2, 200);

        assertCounts(check, 3, 0, 0, 0);
        assertEquals(200, check.expected(200));
    }

    @Test
    void shouldTellLateFromDoubledWhenBothCome()
    {
        assertCounts(checked(new SequenceCheck(1, 1), 1, 3, 2, 2, 3, 4), 4, 2, 1, 0);
    }

    @Test
    void shouldTakeOnlyItsShareWhenFiltersAreDistinct()
    {
        final SequenceCheck check = checked(new SequenceCheck(3, 10), 3, 13, 14, 23, 2);

        assertCounts(check, 3, 0, 0, 2);
        assertEquals(0, check.expected(2));
        assertEquals(3, check.expected(32));
        assertEquals(4, check.expected(33));
    }
}
