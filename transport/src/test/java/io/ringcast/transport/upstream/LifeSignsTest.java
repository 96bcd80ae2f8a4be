package io.ringcast.transport.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

class LifeSignsTest
{
    private static final long PATIENCE_NS = 10_000;
    private static final long IDLE_NS = 25_000;

    @Test
    void shouldNotBeOverdueGivenNobodyWhoAsks()
    {
        final LifeSigns signs = new LifeSigns(PATIENCE_NS, 0);

        assertFalse(signs.isOverdue(Long.MAX_VALUE));
        assertFalse(signs.isQuiet(IDLE_NS, IDLE_NS));
        assertTrue(signs.isQuiet(IDLE_NS + 1, IDLE_NS));
    }

    /** It is asked again before its time is up: a single slow answer is no sign of death. */
    @Test
    void shouldBeAskedAgainAfterHalfOfItsTime()
    {
        final LifeSigns signs = new LifeSigns(PATIENCE_NS, 0);
        signs.onAsked(100);

        assertFalse(signs.isQuiet(100 + PATIENCE_NS / 2, IDLE_NS));
        assertTrue(signs.isQuiet(101 + PATIENCE_NS / 2, IDLE_NS));
        assertFalse(signs.isOverdue(100 + PATIENCE_NS));
        assertTrue(signs.isOverdue(101 + PATIENCE_NS));

        signs.onHeard(20_000);
        assertFalse(signs.isOverdue(40_000));
    }

    /** A clock may stand at any number, also at that of one that has not been set. */
    @Test
    void shouldBeOverdueGivenAQuestionAtZero()
    {
        final LifeSigns signs = new LifeSigns(PATIENCE_NS, -PATIENCE_NS);
        signs.onAsked(0);

        assertFalse(signs.isOverdue(PATIENCE_NS));
        assertTrue(signs.isOverdue(PATIENCE_NS + 1));
    }

    /** Overdue is who has a question that is older than it may be, and behind which nothing came. */
    @Test
    void shouldAgreeWithTheListOfAllThatHappened()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            final SplittableRandom random = new SplittableRandom(seed);
            // The clock may pass through zero.
            long nowNs = random.nextLong(-500_000, 500_000);
            final LifeSigns signs = new LifeSigns(PATIENCE_NS, nowNs);
            long heardAtNs = nowNs;
            long firstAskedNs = 0;
            boolean isAsked = false;
            for (int i = 0; i < 200; i++)
            {
                nowNs += random.nextInt(6_000);
                if (random.nextInt(3) == 0)
                {
                    signs.onHeard(nowNs);
                    heardAtNs = nowNs;
                    isAsked = false;
                }
                else if (random.nextBoolean())
                {
                    signs.onAsked(nowNs);
                    firstAskedNs = isAsked ? firstAskedNs : nowNs;
                    isAsked = true;
                }
                final long waitedNs = isAsked ? nowNs - firstAskedNs : 0;
                assertEquals(waitedNs > PATIENCE_NS, signs.isOverdue(nowNs), "seed " + seed);
                assertEquals(nowNs - heardAtNs > IDLE_NS || waitedNs > PATIENCE_NS / 2,
                    signs.isQuiet(nowNs, IDLE_NS), "seed " + seed);
            }
        }
    }
}
