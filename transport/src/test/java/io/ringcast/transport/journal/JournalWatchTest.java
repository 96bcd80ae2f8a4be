package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.JournalPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.concurrent.TimeUnit;

/** The watch takes the rings from a thread that is stuck or gone, and from no other. */
class JournalWatchTest
{
    private static final long PUSH_BACK_MS = 1_000;
    private static final long CHECK_NS = TimeUnit.MILLISECONDS.toNanos(25);

    private final RecordedRings rings = new RecordedRings();
    private boolean isAlive = true;
    private long nowNs = Long.MAX_VALUE - 10 * CHECK_NS;

    private JournalWatch watch(final JournalPolicy policy)
    {
        final JournalWatch watch = new JournalWatch(rings, () -> isAlive, policy, PUSH_BACK_MS);
        watch.begin(nowNs);
        return watch;
    }

    private int checksUntilTaken(final JournalWatch watch, final int limit)
    {
        for (int i = 1; i <= limit; i++)
        {
            nowNs += CHECK_NS;
            if (watch.tryTake(nowNs))
            {
                return i;
            }
        }
        return -1;
    }

    @Test
    void shouldTakeTheRingsGivenAThreadThatIsStuck()
    {
        assertEquals(40, checksUntilTaken(watch(JournalPolicy.BREAK), 100));
        assertTrue(rings.isTaken());
        assertEquals(0, rings.poll(nowNs));
        assertEquals(0, rings.polls(), "the thread that comes back polls no more");
    }

    @Test
    void shouldLeaveThemGivenAThreadThatPollsNowAndThen()
    {
        final JournalWatch watch = watch(JournalPolicy.BREAK);
        for (int i = 0; i < 10; i++)
        {
            assertEquals(-1, checksUntilTaken(watch, 39));
            rings.poll(nowNs);
        }
    }

    /** The process was stopped, or the machine slept. */
    @Test
    void shouldLeaveThemGivenThatItDidNotRunItself()
    {
        final JournalWatch watch = watch(JournalPolicy.BREAK);
        for (int i = 0; i < 10; i++)
        {
            nowNs += TimeUnit.HOURS.toNanos(1);
            assertFalse(watch.tryTake(nowNs));
        }
    }

    @Test
    void shouldLeaveThemGivenThatItIsToHold()
    {
        assertEquals(-1, checksUntilTaken(watch(JournalPolicy.HOLD), 1_000));
    }

    @Test
    void shouldTakeThemGivenAThreadThatHasEndedWhateverTheSettings()
    {
        final JournalWatch watch = watch(JournalPolicy.HOLD);
        isAlive = false;

        assertEquals(1, checksUntilTaken(watch, 1));
    }

    /** The last sync may take the disk as long as it likes; a run that is recorded to its end stays whole. */
    @ParameterizedTest
    @EnumSource(JournalPolicy.class)
    void shouldLeaveThemGivenThatAllIsRecordedToItsEnd(final JournalPolicy policy)
    {
        final JournalWatch watch = watch(policy);
        assertEquals(-1, checksUntilTaken(watch, 39));
        assertTrue(rings.tryEnd());

        assertEquals(-1, checksUntilTaken(watch, 1_000));
        isAlive = false;
        assertEquals(-1, checksUntilTaken(watch, 1));
        assertFalse(rings.isTaken());
    }
}
