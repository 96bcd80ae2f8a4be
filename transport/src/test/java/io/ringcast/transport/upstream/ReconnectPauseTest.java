package io.ringcast.transport.upstream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.TimingConfig;
import org.junit.jupiter.api.Test;

import java.util.Random;

class ReconnectPauseTest
{
    private final TimingConfig timing = TimingConfig.builder().build();
    private final ReconnectPause pause = new ReconnectPause(timing, new Random(1));

    @Test
    void shouldDoubleUpToTheLongestOne()
    {
        long boundMs = timing.reconnectMinMs();
        for (int i = 0; i < 20; i++)
        {
            assertWithin(boundMs);
            boundMs = Math.min(timing.reconnectMaxMs(), 2 * boundMs);
        }
    }

    @Test
    void shouldBeginWithTheShortestAgainBehindAConnectionThatLasted()
    {
        for (int i = 0; i < 20; i++)
        {
            for (int tries = 0; tries < 4; tries++)
            {
                pause.nextMs();
            }
            pause.onGone(33L * timing.reconnectMinMs());
            assertWithin(timing.reconnectMinMs());
        }
    }

    @Test
    void shouldGoOnGrowingGivenConnectionsThatEndAtOnce()
    {
        for (int i = 0; i < 20; i++)
        {
            pause.nextMs();
            pause.onGone(timing.reconnectMinMs() / 2);
        }
        assertWithin(timing.reconnectMaxMs());
    }

    private void assertWithin(final long boundMs)
    {
        final long nextMs = pause.nextMs();
        assertTrue(nextMs >= boundMs / 2 && nextMs <= boundMs, () -> nextMs + " ms, not up to " + boundMs);
    }
}
