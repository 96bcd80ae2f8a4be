package io.ringcast.pipeline;

import io.ringcast.law.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The law: who subscribes from an old block on has the chain from that block on, each item once, those of blocks which
 * the chain left taken back in reverse, whatever upstreams and sockets do meanwhile; and then what is published.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HistoryPropertyTest
{
    private static final int SEEDS = Seeds.count(40);
    private static final int STEPS = 120;
    /** Whole blocks from one on that was yet to come: those before it were told, too. */
    private static final long BLOCKS_BEFORE = 420;
    /** One who wanted whole blocks had its past, and it went on being read: that misled what it was told next. */
    private static final long[] READ_ON = {832, 5467, 6303};
    /** A hole in the heads was asked for by number but once, and the deadline was over before the walk by hash. */
    private static final long ASKED_ONCE = 778;

    @Test
    void shouldGiveTheChainFromAnyBlockOnOnce()
    {
        final long[] seen = SeededTraffic.run(
            LongStream.concat(LongStream.concat(LongStream.of(BLOCKS_BEFORE, ASKED_ONCE), LongStream.of(READ_ON)),
                LongStream.range(0, SEEDS)), STEPS, HistoryTraffic::new);
        for (final HistoryTraffic.Seen kind : HistoryTraffic.Seen.values())
        {
            assertTrue(seen[kind.ordinal()] > 0 || kind == HistoryTraffic.Seen.GAP, kind + " was never seen");
        }
        assertTrue(seen[HistoryTraffic.Seen.GAP.ordinal()] <= SEEDS / 10, "too many gaps to prove anything");
    }
}
