package io.ringcast.pipeline;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The law: a client with a session that comes back, however little of what it missed is still kept, has no log that the
 * chain has left, unless its connection was closed to say so.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SessionRemovalLawTest
{
    private static final int SEEDS = Integer.getInteger("ringcast.seeds", 40);
    private static final int STEPS = 150;

    @Test
    void shouldTellOfEachRemovalOfWhatItHad()
    {
        final long[] seen = SeededTraffic.run(LongStream.range(0, SEEDS), STEPS, SessionRemovalTraffic::new);
        for (final SessionRemovalTraffic.Seen kind : SessionRemovalTraffic.Seen.values())
        {
            assertTrue(seen[kind.ordinal()] > 0, kind + " was never seen");
        }
    }
}
