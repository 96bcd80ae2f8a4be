package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What heads take together is bounded, whatever upstreams say and queues hold. */
class HeadStoreTest
{
    private static final int LONGEST = HeadStore.LONGEST_HEAD_BYTES;
    private static final int MOST_LONGEST = HeadStore.LIMIT_BYTES / LONGEST;

    private final HeadStore store = new HeadStore();
    private final HeadKeys keys = new HeadKeys();

    @Test
    void shouldKeepNoMoreBytesThanTheLimit()
    {
        for (int number = 0; number < 2 * MOST_LONGEST; number++)
        {
            assertNotNull(put(number, LONGEST));
        }

        assertEquals(MOST_LONGEST, countKept(2 * MOST_LONGEST));
        assertNull(find(0));
        assertNotNull(find(2 * MOST_LONGEST - 1));
    }

    @Test
    void shouldKeepAsManyUsualHeadsAsThereArePlaces()
    {
        for (int number = 0; number < 2 * HeadStore.CAPACITY; number++)
        {
            put(number, 2_000);
        }

        assertEquals(HeadStore.CAPACITY, countKept(2 * HeadStore.CAPACITY));
    }

    @Test
    void shouldHaveTheWholeRoomAgainBehindLongOnes()
    {
        for (int number = 0; number < 3 * HeadStore.CAPACITY; number++)
        {
            put(number, number < HeadStore.CAPACITY ? LONGEST : 2_000);
        }

        assertEquals(HeadStore.CAPACITY, countKept(3 * HeadStore.CAPACITY));
    }

    @Test
    void shouldRefuseAHeadThatIsTooLongAlsoIfItIsKept()
    {
        put(1, 2_000);

        assertNull(put(1, LONGEST + 1));
        assertNull(put(2, LONGEST + 1));
        assertNotNull(find(1));
    }

    @Test
    void shouldRefuseWhatHasNoRoomBesideWhatQueuesHold()
    {
        for (int number = 0; number < MOST_LONGEST; number++)
        {
            put(number, LONGEST).pins++;
        }
        assertNull(put(MOST_LONGEST, 2_000));
        assertNull(find(MOST_LONGEST));

        find(7).pins--;
        assertNotNull(put(MOST_LONGEST, 2_000));
        assertNull(find(7));
        assertEquals(MOST_LONGEST, countKept(MOST_LONGEST + 1));
    }

    @Test
    void shouldCountALongerVersionThatTakesTheOthersPlace()
    {
        final Head first = put(0, 2_000);
        for (int number = 1; number < MOST_LONGEST; number++)
        {
            put(number, LONGEST);
        }
        final byte[] longer = text(0, LONGEST);
        assertTrue(store.tryReplace(first, keys, longer, 0, longer.length));
        assertSame(first, find(0));
        assertEquals(LONGEST, first.length);
        assertEquals(MOST_LONGEST, countKept(MOST_LONGEST));

        final Head last = put(MOST_LONGEST, 2_000);
        last.pins++;
        for (int number = 2; number < MOST_LONGEST; number++)
        {
            find(number).pins++;
        }
        put(MOST_LONGEST + 1, LONGEST).pins++;
        put(MOST_LONGEST + 2, 2_000).pins++;
        final byte[] tooLong = text(MOST_LONGEST, LONGEST);
        assertFalse(store.tryReplace(last, keys, tooLong, 0, tooLong.length));
        assertEquals(2_000, last.length);
        assertSame(last, find(MOST_LONGEST));
    }

    private int countKept(final int end)
    {
        int kept = 0;
        for (int number = 0; number < end; number++)
        {
            kept += find(number) != null ? 1 : 0;
        }
        return kept;
    }

    private Head put(final int number, final int length)
    {
        final byte[] text = text(number, length);
        return store.put(keys, text, 0, text.length);
    }

    private Head find(final int number)
    {
        text(number, 0);
        return store.find(keys.hash);
    }

    /** Makes a head's text, and reads its keys. */
    private byte[] text(final int number, final int length)
    {
        final String start = "{\"parentHash\":\"" + hash(number - 1) + "\",\"number\":\"0x" +
            Integer.toHexString(number) + "\",\"hash\":\"" + hash(number) + "\",\"extraData\":\"";
        final byte[] text = LaneWatchBed.bytes(start + "0".repeat(Math.max(0, length - start.length() - 2)) + "\"}");
        assertTrue(keys.tryRead(text, 0, text.length));
        return text;
    }

    private static String hash(final int number)
    {
        return "0x" + String.format("%016x", number * 0x9E3779B97F4A7C15L) + "0".repeat(48);
    }
}
