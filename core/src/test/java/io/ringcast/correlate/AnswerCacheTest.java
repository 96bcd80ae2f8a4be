package io.ringcast.correlate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerCacheTest
{
    private static final String METHOD = "eth_getBlockByHash";
    private static final int ANSWER_BYTES = 100;
    private static final int ENTRIES = 10;
    private static final long LIMIT_BYTES = ENTRIES * weight(ANSWER_BYTES);

    private final CounterSet counters = new CounterSet();
    private final AnswerCache cache = new AnswerCache(LIMIT_BYTES, counters);

    @Test
    void shouldFindWhatWasKeptByEqualMethodAndParams()
    {
        put(1, ANSWER_BYTES, false);

        assertNotNull(find(1));
        assertNull(find(2));
        assertEquals(1, counters.get(RelayCounter.CACHE_HITS));
    }

    @Test
    void shouldLetTheOneGoThatWasNotUsedForLongest()
    {
        for (int i = 0; i < ENTRIES; i++)
        {
            put(i, ANSWER_BYTES, false);
        }
        find(0);
        put(ENTRIES, ANSWER_BYTES, false);

        assertNotNull(find(0));
        assertNull(find(1));
        assertNotNull(find(2));
        assertEquals(1, counters.get(RelayCounter.CACHE_EVICTIONS));
        assertEquals(LIMIT_BYTES, cache.keptBytes());
    }

    @Test
    void shouldHaveAllItsRoomAgainGivenItWasCleared()
    {
        for (int i = 0; i < ENTRIES; i++)
        {
            put(i, ANSWER_BYTES, i % 2 == 0);
        }
        cache.clear();
        cache.dropLatest();
        assertEquals(0, cache.keptBytes());
        assertNull(find(0));

        for (int i = 0; i < ENTRIES; i++)
        {
            put(i, ANSWER_BYTES, false);
        }

        assertNotNull(find(0));
        assertEquals(0, counters.get(RelayCounter.CACHE_EVICTIONS));
    }

    @Test
    void shouldRefuseAnAnswerThatWouldDriveOutTooManyOthers()
    {
        put(1, (int)(LIMIT_BYTES / AnswerCache.LARGEST_PART), false);

        assertNull(find(1));
        assertEquals(1, counters.get(RelayCounter.CACHE_REFUSALS));
        assertEquals(0, cache.keptBytes());
    }

    @Test
    void shouldReplaceTheAnswerOfAnEqualCall()
    {
        put(1, ANSWER_BYTES, false);
        put(1, ANSWER_BYTES / 2, false);

        assertEquals(ANSWER_BYTES / 2, find(1).text().length);
        assertEquals(weight(ANSWER_BYTES / 2), cache.keptBytes());
    }

    @Test
    void shouldForgetOnlyWhatWasTrueOfTheLatestBlock()
    {
        put(1, ANSWER_BYTES, true);
        put(2, ANSWER_BYTES, false);
        put(3, ANSWER_BYTES, true);
        cache.dropLatest();

        assertNull(find(1));
        assertNotNull(find(2));
        assertNull(find(3));
        assertEquals(weight(ANSWER_BYTES), cache.keptBytes());
    }

    @Test
    void shouldAgreeWithAMapInTheOrderOfUseWhateverComes()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            final Random random = new Random(seed);
            final AnswerCache checked = new AnswerCache(LIMIT_BYTES, counters);
            final Map<Integer, Integer> oracle = new LinkedHashMap<>(16, 0.75f, true);
            for (int i = 0; i < 500; i++)
            {
                final int key = random.nextInt(30);
                if (random.nextBoolean())
                {
                    final int bytes = random.nextInt(2 * ANSWER_BYTES);
                    put(checked, key, bytes, false);
                    if (weight(bytes) <= LIMIT_BYTES / AnswerCache.LARGEST_PART)
                    {
                        putIntoOracle(oracle, key, bytes);
                    }
                }
                else
                {
                    final HeldAnswer answer = checked.find(key(key));
                    final Integer expected = oracle.get(key);
                    assertEquals(expected, answer == null ? null : answer.text().length, "seed " + seed + ' ' + i);
                }
                assertTrue(checked.keptBytes() <= LIMIT_BYTES);
                assertEquals(weights(oracle), checked.keptBytes(), "seed " + seed + ' ' + i);
            }
        }
    }

    private static void putIntoOracle(final Map<Integer, Integer> oracle, final int key, final int bytes)
    {
        oracle.remove(key);
        while (weights(oracle) + weight(bytes) > LIMIT_BYTES)
        {
            oracle.remove(oracle.keySet().iterator().next());
        }
        oracle.put(key, bytes);
    }

    private static long weights(final Map<Integer, Integer> oracle)
    {
        return oracle.values().stream().mapToLong(AnswerCacheTest::weight).sum();
    }

    private static long weight(final int answerBytes)
    {
        return AnswerCache.ENTRY_BYTES + METHOD.length() + params(0).length() + answerBytes;
    }

    private static String params(final int key)
    {
        return String.format("[\"0x%04x\"]", key);
    }

    private static CallKey key(final int key)
    {
        final CallKey wrapped = new CallKey();
        wrapped.bytes = (METHOD + params(key)).getBytes(StandardCharsets.US_ASCII);
        wrapped.methodLength = METHOD.length();
        wrapped.paramsOffset = METHOD.length();
        wrapped.paramsLength = params(key).length();
        wrapped.hash = key + 1;
        return wrapped;
    }

    private HeldAnswer find(final int key)
    {
        return cache.find(key(key));
    }

    private void put(final int key, final int answerBytes, final boolean isLatest)
    {
        put(cache, key, answerBytes, isLatest);
    }

    private static void put(final AnswerCache cache, final int key, final int answerBytes, final boolean isLatest)
    {
        final CallKey wrapped = key(key);
        final PendingCall call = new PendingCall(0);
        call.text = wrapped.bytes;
        call.methodLength = wrapped.methodLength;
        call.paramsOffset = wrapped.paramsOffset;
        call.paramsLength = wrapped.paramsLength;
        call.keyHash = wrapped.hash;
        cache.put(call, new HeldAnswer(new byte[answerBytes], 0, 0, false, -1), isLatest);
    }
}
