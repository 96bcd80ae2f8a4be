package io.ringcast.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the figures rest on: nothing is lost or doubled. Confined to the test thread. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class FailoverIT
{
    @Test
    void shouldLoseNothingWhenTheBestFeedIsLost() throws Exception
    {
        try (FailoverRun run = FailoverRun.start(0, 10))
        {
            for (final FailoverRun.Loss loss : FailoverRun.Loss.values())
            {
                final FailoverRun.Outcome outcome = run.measure(loss, 2);

                assertEquals(2, outcome.times().getTotalCount());
                assertEquals(0, outcome.lost(), loss.title());
                assertEquals(0, outcome.disordered(), loss.title());
                assertEquals(2 * 5 * (1 + FailoverRun.LOGS_PER_BLOCK), outcome.items(), loss.title());
                assertTrue(outcome.times().getMinValue() > 0);
            }
        }
    }
}
