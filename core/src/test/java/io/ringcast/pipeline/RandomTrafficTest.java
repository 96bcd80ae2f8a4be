package io.ringcast.pipeline;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Each call is answered once and in its place, and each subscriber hears just its items. A failure names its seed. */
class RandomTrafficTest
{
    private static final int SEEDS = 60;
    private static final int STEPS = 1_000;

    @Test
    void shouldDoAsTheModelDoesGivenRandomTraffic()
    {
        int answers = 0;
        int relayErrors = 0;
        int items = 0;
        for (long seed = 0; seed < SEEDS; seed++)
        {
            try (RandomTraffic traffic = new RandomTraffic(seed, seed % 10 == 0))
            {
                for (int step = 0; step < STEPS; step++)
                {
                    traffic.step();
                }
                traffic.finish();
                answers += traffic.answers;
                relayErrors += traffic.relayErrors;
                items += traffic.items;
            }
            catch (final AssertionError e)
            {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        assertTrue(answers > SEEDS * STEPS / 5, "too few answers: " + answers);
        assertTrue(relayErrors > SEEDS * STEPS / 100, "too few calls were lost: " + relayErrors);
        assertTrue(items > SEEDS * STEPS / 10, "too few items: " + items);
    }
}
