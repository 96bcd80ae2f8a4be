package io.ringcast.match;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a reader's pages take of the budget of the histories. */
class HistoryQueueTest
{
    private static final int LENGTH_BYTES = 1_000;

    private final HistoryBudget budget = new HistoryBudget(160_000);
    private final HistoryQueue queue = new HistoryQueue(
        null, null, budget, new HistoryPages(LENGTH_BYTES, null), null, null);
    private final TailBlock block = new TailBlock(7, new long[]{1, 2, 3, 4});

    /** Others may know the block still: the page, a run, or who has yet to say that the chain has left it. */
    @Test
    void shouldHoldNoBytesOfABlockOnceTheBudgetHasThemBack()
    {
        block.page = new HistoryPage(HistoryPage.Kind.BLOCK, null, "", block.number, block.number, block.hash);
        block.page.bytes = new byte[LENGTH_BYTES];
        assertTrue(new KeptRemovals(budget).tryKeep(block.page));

        queue.release(block);
        queue.release(block);

        assertEquals(0, budget.usedBytes());
        assertNull(block.page.keptBy);
        assertNull(block.page.bytes);
    }

    @Test
    void shouldKeepWhatIsNotPaidForGivenThatItIsStillToBeSent()
    {
        block.page = new HistoryPage(HistoryPage.Kind.BLOCK, null, "", block.number, block.number, block.hash);
        block.page.bytes = new byte[LENGTH_BYTES];

        List.of(block).forEach(queue::release);

        assertEquals(LENGTH_BYTES, block.page.heldBytes());
    }
}
