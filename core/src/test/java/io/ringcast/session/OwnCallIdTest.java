package io.ringcast.session;

import io.ringcast.config.NetworkConfig;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The parts of an id come out as they went in, and it is a number that a double holds. */
class OwnCallIdTest
{
    private static final int ROUNDS = 10_000;
    private static final long LARGEST_EXACT_DOUBLE = 1L << 53;

    @Test
    void shouldGiveBackWhatItWasMadeOf()
    {
        final Random random = new Random(7);
        for (int i = 0; i < ROUNDS; i++)
        {
            final int feedId = random.nextInt(OwnCallId.MAX_FEED_ID + 1);
            final int method = random.nextInt(NetworkConfig.MAX_SUBSCRIPTION_METHODS);
            final long serial = random.nextLong() >>> 1;
            check(OwnCallId.subscribe(feedId, method, serial), feedId, method, false);
            check(OwnCallId.subscribeHeads(feedId, method, serial), feedId, method, true);
            final long fetch = OwnCallId.fetch(feedId, serial);
            assertTrue(OwnCallId.isFetch(fetch));
            assertFalse(OwnCallId.isUnsubscribe(fetch));
            assertEquals(feedId, OwnCallId.feedId(fetch));
            assertNotEquals(
                OwnCallId.subscribe(feedId, method, serial), OwnCallId.subscribe(feedId, method, serial + 1));
        }
    }

    private static void check(final long id, final int feedId, final int method, final boolean isHeads)
    {
        assertTrue(id > 0 && id < LARGEST_EXACT_DOUBLE, () -> id + "");
        assertTrue(OwnCallId.isOwn(id));
        assertFalse(OwnCallId.isFetch(id));
        assertFalse(OwnCallId.isUnsubscribe(id));
        assertEquals(feedId, OwnCallId.feedId(id));
        assertEquals(method, OwnCallId.methodIndex(id));
        assertEquals(isHeads, OwnCallId.isHeads(id));
        final long end = OwnCallId.unsubscribeOf(id);
        assertTrue(OwnCallId.isUnsubscribe(end));
        assertEquals(feedId, OwnCallId.feedId(end));
        assertEquals(id, OwnCallId.subscribeOf(end));
    }
}
