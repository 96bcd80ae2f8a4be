package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.config.Dialect;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.LogsMode;
import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.config.SubscriptionIdForm;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.session.DeliveryOptions;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Parser, filter, keys and index together, against geth's rules written down plainly. A failure names its seed. */
class LogMatchingTest
{
    private static final String ID_FORM = "\"0x[1-9a-f][0-9a-f]{31}\"";
    private static final SubscriptionIds IDS = new SubscriptionIds("main", SubscriptionIdForm.HEX);
    private static final SubscriptionIds OTHERS_IDS = new SubscriptionIds("other", SubscriptionIdForm.HEX);
    private static final int DISTINCT_VALUES = 4;

    private final SubscriptionParser parser = new SubscriptionParser(
        Dialect.ETHEREUM, LogsMode.MATCH, LimitsConfig.defaults(), OwnTopicsConfig.none());
    private final LogKeys logKeys = new LogKeys();

    /** What a filter means: null is a wildcard. */
    private record Meaning(Set<Integer> addresses, List<Set<Integer>> topics)
    {
        boolean matches(final int address, final List<Integer> logTopics)
        {
            if (addresses != null && !addresses.contains(address) || topics.size() > logTopics.size())
            {
                return false;
            }
            for (int i = 0; i < topics.size(); i++)
            {
                if (topics.get(i) != null && !topics.get(i).contains(logTopics.get(i)))
                {
                    return false;
                }
            }
            return true;
        }
    }

    @Test
    void shouldFindTheTopicsThatGethWouldGivenRandomFiltersAndLogs() throws BadParams
    {
        int matches = 0;
        for (long seed = 0; seed < 60; seed++)
        {
            matches += run(seed);
        }
        assertTrue(matches > 10_000, "too few logs matched: " + matches);
    }

    @Test
    void shouldFindTheTopicsThatGethWouldGivenThousandsOfFiltersComeAndGoInBulk() throws BadParams
    {
        // given so many on few values that the buckets are large
        final Random random = new Random(11);
        final TopicIndex index = new TopicIndex();
        final Map<IndexedFilter, Meaning> model = new HashMap<>();
        for (int round = 0; round < 6; round++)
        {
            while (model.size() < 3_000)
            {
                final Meaning meaning = meaning(random);
                final IndexedFilter topic = topic(spell(meaning, random));
                index.add(topic);
                model.put(topic, meaning);
            }
            for (int i = 0; i < 20; i++)
            {
                matchOne(index, model, random, "round " + round + ", full, " + i);
            }
            final List<IndexedFilter> leaving = new ArrayList<>(model.keySet());
            Collections.shuffle(leaving, random);
            for (final IndexedFilter topic : leaving.subList(0, 3_000 - random.nextInt(300)))
            {
                index.remove(topic);
                model.remove(topic);
            }
            for (int i = 0; i < 20; i++)
            {
                matchOne(index, model, random, "round " + round + ", thinned out, " + i);
            }
        }
    }

    private int run(final long seed) throws BadParams
    {
        final Random random = new Random(seed);
        final TopicIndex index = new TopicIndex();
        final Map<IndexedFilter, Meaning> model = new HashMap<>();
        int matches = 0;
        for (int step = 0; step < 400; step++)
        {
            final int kind = random.nextInt(10);
            if (kind < 3)
            {
                final Meaning meaning = meaning(random);
                final IndexedFilter topic = topic(spell(meaning, random));
                index.add(topic);
                model.put(topic, meaning);
            }
            else if (kind == 3 && !model.isEmpty())
            {
                final IndexedFilter topic = new ArrayList<>(model.keySet()).get(random.nextInt(model.size()));
                index.remove(topic);
                model.remove(topic);
            }
            else
            {
                matches += matchOne(index, model, random, "seed " + seed + ", step " + step);
            }
            assertEquals(model.size(), index.size(), "seed " + seed);
        }
        return matches;
    }

    private int matchOne(
        final TopicIndex index, final Map<IndexedFilter, Meaning> model, final Random random, final String where)
    {
        final int address = random.nextInt(DISTINCT_VALUES);
        final List<Integer> topics = new ArrayList<>();
        for (int left = random.nextInt(5); left > 0; left--)
        {
            topics.add(random.nextInt(DISTINCT_VALUES));
        }
        final byte[] log = bytes(" " + log(address, topics, random));
        assertTrue(logKeys.tryRead(log, 1, log.length - 1), where);
        final Set<IndexedFilter> expected = new HashSet<>();
        model.forEach((topic, meaning) ->
        {
            if (meaning.matches(address, topics))
            {
                expected.add(topic);
            }
        });

        final int count = index.match(logKeys);

        final Set<IndexedFilter> found = new HashSet<>();
        for (int i = 0; i < count; i++)
        {
            assertTrue(found.add(index.found(i)), where + ": found twice");
        }
        assertEquals(expected, found, () -> where + ": " + new String(log, StandardCharsets.US_ASCII));
        return count;
    }

    @Test
    void shouldGiveEqualFiltersOneIdAndDifferentOnesAnother() throws BadParams
    {
        final Map<Meaning, String> idByMeaning = new HashMap<>();
        final Map<String, Meaning> meaningById = new HashMap<>();
        final Random random = new Random(7);
        for (int i = 0; i < 5_000; i++)
        {
            final Meaning meaning = meaning(random);
            final String spelling = spell(meaning, random);

            final String id = id(parse(spelling));

            assertTrue(id.matches(ID_FORM), id);
            final String known = idByMeaning.putIfAbsent(meaning, id);
            assertEquals(known == null ? id : known, id, spelling);
            assertEquals(meaningById.computeIfAbsent(id, ignored -> meaning), meaning, spelling);
        }
        assertTrue(idByMeaning.size() > 500);
    }

    @Test
    void shouldMakeIdsThatAreQuantitiesAndDifferByEachPart()
    {
        final Set<String> ids = new HashSet<>();
        for (int i = 0; i < 2_000; i++)
        {
            final String id = IDS.next("eth_subscribe", "[\"newHeads\"]", i);
            assertTrue(id.matches(ID_FORM), id);
            assertTrue(ids.add(id));
        }
        assertTrue(ids.add(OTHERS_IDS.next("eth_subscribe", "[\"newHeads\"]", 0)));
        assertTrue(ids.add(IDS.next("eth_subscribe2", "[\"newHeads\"]", 0)));
        assertTrue(ids.add(IDS.next("eth_subscribe", "[\"syncing\"]", 0)));
    }

    @Test
    void shouldFindALogOnceGivenValuesMadeToShareAHash() throws BadParams
    {
        // given a second topic whose hash at position 2 is that of the first one at position 1
        final long factor = 0x9E3779B97F4A7C15L;
        long inverse = factor;
        for (int i = 0; i < 6; i++)
        {
            inverse *= 2 - factor * inverse;
        }
        final String wanted = "0x" + "11".repeat(32);
        final String made = "0x" + String.format("%016x", 0x1111111111111111L - inverse) + "11".repeat(24);
        final TopicIndex index = new TopicIndex();
        final IndexedFilter topic = topic("{\"topics\":[\"" + wanted + "\"]}");
        index.add(topic);
        final byte[] log = bytes(
            "{\"address\":\"" + value(0, 20) + "\",\"topics\":[\"" + wanted + "\",\"" + made + "\"]}");
        assertTrue(logKeys.tryRead(log, 0, log.length));
        assertEquals(
            HexWords.hash(logKeys.words, HexWords.WORDS, 1), HexWords.hash(logKeys.words, 2 * HexWords.WORDS, 2));

        final int count = index.match(logKeys);

        assertEquals(1, count);
    }

    @Test
    void shouldRemoveAFilterGivenTwoOfItsValuesShareAHash() throws BadParams
    {
        // given two addresses that differ in two words in such a way that the hash does not
        final long factor = 0x9E3779B97F4A7C15L;
        final long left = mix(factor);
        final long right = mix(2 * factor);
        final String one = "0x" + String.format("%016x%016x", 1L, right - left) + "00000000";
        final String two = "0x" + String.format("%016x%016x", 2L, 0L) + "00000000";
        final TopicIndex index = new TopicIndex();
        final IndexedFilter topic = topic("{\"address\":[\"" + one + "\",\"" + two + "\"]}");
        assertEquals(topic.filter.alternativeHash(0, 0), topic.filter.alternativeHash(0, 1));
        index.add(topic);
        final byte[] log = bytes("{\"address\":\"" + two + "\",\"topics\":[]}");
        assertTrue(logKeys.tryRead(log, 0, log.length));
        assertEquals(1, index.match(logKeys));

        index.remove(topic);

        assertEquals(0, index.match(logKeys));
    }

    @Test
    void shouldRefuseToReadWhatIsNoLog()
    {
        for (final String text : new String[]{"5", "{}", "null", "{\"topics\":[]}", "{\"address\":\"0x12\"}",
            "{\"address\":null}", "{\"address\":\"" + value(1, 20) + "\",\"topics\":[null]}",
            "{\"address\":\"" + value(1, 20) + "\",\"topics\":5}", "\"{\""})
        {
            final byte[] bytes = bytes(text);
            assertFalse(logKeys.tryRead(bytes, 0, bytes.length), text);
        }
    }

    private static long mix(final long word)
    {
        return (word ^ word >>> 32) * 0xD6E8FEB86659FD93L;
    }

    private static Meaning meaning(final Random random)
    {
        final List<Set<Integer>> topics = new ArrayList<>();
        for (int left = random.nextInt(5); left > 0; left--)
        {
            topics.add(valuesOrAny(random));
        }
        return new Meaning(valuesOrAny(random), topics);
    }

    private static Set<Integer> valuesOrAny(final Random random)
    {
        if (random.nextInt(3) == 0)
        {
            return null;
        }
        final Set<Integer> values = new HashSet<>();
        for (int left = 1 + random.nextInt(3); left > 0; left--)
        {
            values.add(random.nextInt(DISTINCT_VALUES));
        }
        return values;
    }

    /** Writes a filter in one of its many spellings. */
    private static String spell(final Meaning meaning, final Random random)
    {
        final List<String> members = new ArrayList<>();
        final String addresses = spellValues(meaning.addresses, 20, random, false);
        if (meaning.addresses != null || random.nextBoolean())
        {
            members.add("\"address\":" + addresses);
        }
        if (!meaning.topics.isEmpty() || random.nextBoolean())
        {
            final List<String> topics = new ArrayList<>();
            for (final Set<Integer> position : meaning.topics)
            {
                topics.add(spellValues(position, 32, random, true));
            }
            members.add("\"topics\": [" + String.join(" ,", topics) + "]");
        }
        if (random.nextInt(4) == 0)
        {
            members.add("\"fromBlock\":\"0x1\"");
        }
        Collections.shuffle(members, random);
        return "{" + String.join(",", members) + "}";
    }

    private static String spellValues(
        final Set<Integer> values, final int bytes, final Random random, final boolean mayHoldNull)
    {
        if (values == null)
        {
            final int kind = random.nextInt(mayHoldNull ? 4 : 2);
            return kind == 0 ? "null" : kind == 1 ? "[]" :
                kind == 2 ? "[null]" : "[\"" + value(random.nextInt(DISTINCT_VALUES), bytes) + "\",null]";
        }
        final List<String> spelt = new ArrayList<>();
        for (final int value : values)
        {
            final String text = '"' + value(value, bytes) + '"';
            spelt.add(random.nextBoolean() ? text : text.toUpperCase(Locale.ROOT).replace("0X", "0x"));
        }
        if (spelt.size() == 1 && random.nextBoolean())
        {
            return spelt.get(0);
        }
        if (random.nextBoolean())
        {
            spelt.add(spelt.get(0));
        }
        Collections.shuffle(spelt, random);
        return "[" + String.join(",", spelt) + "]";
    }

    /** Values that share most of their bytes, so that each word counts. */
    private static String value(final int number, final int bytes)
    {
        final char[] digits = "a".repeat(bytes * 2).toCharArray();
        digits[number * 13 % (bytes * 2)] = 'b';
        return "0x" + new String(digits);
    }

    private static String log(final int address, final List<Integer> topics, final Random random)
    {
        final List<String> texts = new ArrayList<>();
        topics.forEach(topic -> texts.add('"' + value(topic, 32) + '"'));
        final List<String> members = new ArrayList<>(List.of(
            "\"address\" : \"" + value(address, 20) + '"', "\"topics\":[ " + String.join(" , ", texts) + " ]",
            "\"data\":\"0x\"", "\"x\":{\"address\":1,\"topics\":[{}]}"));
        Collections.shuffle(members, random);
        return "{ " + String.join(" ,", members) + "}";
    }

    private IndexedFilter topic(final String filter) throws BadParams
    {
        final SubscriptionRequest request = parse(filter);
        return new IndexedFilter(null, request.filters().get(0), 0);
    }

    private SubscriptionRequest parse(final String filter) throws BadParams
    {
        final byte[] params = bytes("[\"logs\", " + filter + "]");
        return parser.parse(SubscriptionMethod.ETH, params, 0, params.length, DeliveryOptions.PLAIN);
    }

    private static String id(final SubscriptionRequest request)
    {
        return IDS.next("eth_subscribe", request.canonicalParams(), 0);
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
