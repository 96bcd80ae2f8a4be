package io.ringcast.pipeline;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A journal of before holds runs whose epochs and pauses came from the JDK's generator. */
class StageRandomTest
{
    @Test
    void shouldGiveTheNumbersOfTheJdksGenerator()
    {
        for (long seed = -3; seed < 100; seed++)
        {
            final StageRandom ours = new StageRandom(seed * 0x1234567890ABCDEFL);
            final SplittableRandom theirs = new SplittableRandom(seed * 0x1234567890ABCDEFL);
            for (int i = 1; i < 100; i++)
            {
                assertEquals(theirs.nextLong(), ours.nextLong());
                assertEquals(theirs.nextLong(i * 1_000_000_007L), ours.nextLong(i * 1_000_000_007L));
            }
        }
    }
}
