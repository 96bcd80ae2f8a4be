package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.frame.HexWords;
import org.junit.jupiter.api.Test;

/** What the log says of blocks as old as it can know. */
class HeadLogTest
{
    private static final long FORK = 1L << 40;
    private static final int TIP = 3 * HeadLog.CAPACITY;

    private final HeadLog log = new HeadLog();
    private final long[] words = new long[HexWords.WORDS];

    @Test
    void shouldNotTakeALeftBlockForAnOldOneGivenAShorterBranch()
    {
        for (long number = 1; number <= TIP; number++)
        {
            append(number, number, number - 1);
        }
        final long oldest = TIP - HeadLog.CAPACITY + 1;
        assertEquals(oldest, log.oldestNumber());

        append(TIP - 100, FORK, TIP - 101);

        assertEquals(oldest, log.oldestNumber());
        assertFalse(log.tryCopyHash(oldest - 1, words), "the place of what the chain has left");
        assertTrue(log.tryCopyHash(oldest, words));
        assertEquals(oldest, words[0]);
        assertFalse(log.tryCopyParent(oldest, new long[]{oldest, 0, 0, 0}, words));
        for (long number = TIP - 99; number <= TIP + 1; number++)
        {
            append(number, FORK + number, number - 1);
        }
        assertEquals(oldest + 1, log.oldestNumber());
    }

    @Test
    void shouldKnowAChainThatWasBegunAnewFarBelow()
    {
        for (long number = 1; number <= TIP; number++)
        {
            append(number, number, number - 1);
        }

        log.breakChain(5, true);
        append(5, FORK, FORK - 1);
        append(6, FORK + 1, FORK);

        assertEquals(5, log.oldestNumber());
        assertTrue(log.isOnChain(6, new long[]{FORK + 1, 0, 0, 0}));
        assertTrue(log.tryCopyParent(5, new long[]{FORK, 0, 0, 0}, words));
        assertEquals(FORK - 1, words[0]);
    }

    private void append(final long number, final long hash, final long parent)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = hash;
        head.parentHash[0] = parent;
        log.append(head, 0, 0);
    }
}
