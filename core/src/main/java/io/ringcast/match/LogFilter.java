package io.ringcast.match;

import io.ringcast.frame.HexWords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Which logs a subscriber wants: any of some addresses, and for each topic position any of some values.
 * Immutable. The rules are geth's ({@code eth/filters}): an empty list is a wildcard; a filter with n topic positions
 * never matches a log with fewer topics.
 */
final class LogFilter
{
    /** Position 0 is the address, 1 to 4 the topics; null is a wildcard. Sorted values of WORDS longs each. */
    private final long[][] alternatives;
    private final int topicPositions;
    private final String canonicalJson;

    /**
     * Creates a filter.
     *
     * @param addresses lower-case hex with 0x; empty for any.
     * @param topics    one list per position, lower-case hex with 0x; an empty list for any.
     */
    LogFilter(final List<String> addresses, final List<List<String>> topics)
    {
        alternatives = new long[LogKeys.POSITIONS][];
        topicPositions = topics.size();
        final StringBuilder json = new StringBuilder("{");
        final TreeSet<String> sortedAddresses = new TreeSet<>(addresses);
        if (!sortedAddresses.isEmpty())
        {
            alternatives[0] = words(sortedAddresses, HexWords.ADDRESS_DIGITS);
            json.append("\"address\":");
            appendList(sortedAddresses, json);
        }
        if (!topics.isEmpty())
        {
            json.append(json.length() > 1 ? ",\"topics\":[" : "\"topics\":[");
            for (int i = 0; i < topics.size(); i++)
            {
                final TreeSet<String> sorted = new TreeSet<>(topics.get(i));
                json.append(i > 0 ? "," : "");
                if (sorted.isEmpty())
                {
                    json.append("null");
                }
                else
                {
                    alternatives[i + 1] = words(sorted, HexWords.TOPIC_DIGITS);
                    appendList(sorted, json);
                }
            }
            json.append(']');
        }
        canonicalJson = json.append('}').toString();
    }

    /**
     * Gives the one spelling that equal filters share.
     *
     * @return a filter object as JSON.
     */
    String canonicalJson()
    {
        return canonicalJson;
    }

    /** The addresses that it allows; empty for any. */
    List<String> addresses()
    {
        final List<String> addresses = new ArrayList<>();
        for (int i = 0; i < alternativeCount(0); i++)
        {
            addresses.add(HexWords.toText(alternatives[0], i * HexWords.WORDS).substring(
                0, 2 + HexWords.ADDRESS_DIGITS));
        }
        return addresses;
    }

    /**
     * How many values one position allows.
     *
     * @param position 0 for the address, 1 to 4 for the topics.
     * @return the number, 0 for a wildcard.
     */
    int alternativeCount(final int position)
    {
        return alternatives[position] == null ? 0 : alternatives[position].length / HexWords.WORDS;
    }

    long alternativeHash(final int position, final int index)
    {
        return HexWords.hash(alternatives[position], index * HexWords.WORDS, position);
    }

    boolean matches(final LogKeys log)
    {
        if (topicPositions > log.topicCount)
        {
            return false;
        }
        for (int position = 0; position <= topicPositions; position++)
        {
            final long[] values = alternatives[position];
            if (values != null && !contains(values, log.words, position * HexWords.WORDS))
            {
                return false;
            }
        }
        return true;
    }

    private static boolean contains(final long[] sorted, final long[] words, final int index)
    {
        int low = 0;
        int high = sorted.length / HexWords.WORDS - 1;
        while (low <= high)
        {
            final int middle = low + high >>> 1;
            final int order = compare(sorted, middle * HexWords.WORDS, words, index);
            if (order == 0)
            {
                return true;
            }
            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return false;
    }

    private static int compare(final long[] left, final int leftIndex, final long[] right, final int rightIndex)
    {
        for (int w = 0; w < HexWords.WORDS; w++)
        {
            final int order = Long.compareUnsigned(left[leftIndex + w], right[rightIndex + w]);
            if (order != 0)
            {
                return order;
            }
        }
        return 0;
    }

    /** Text order of equally long lower-case hex is the unsigned order of the words. */
    private static long[] words(final TreeSet<String> sorted, final int digits)
    {
        final long[] words = new long[sorted.size() * HexWords.WORDS];
        int index = 0;
        for (final String value : sorted)
        {
            final byte[] token = ('"' + value + '"').getBytes(StandardCharsets.US_ASCII);
            if (!HexWords.tryRead(token, 0, token.length, digits, words, index))
            {
                throw new IllegalArgumentException(value + ": not " + digits + " hex digits");
            }
            index += HexWords.WORDS;
        }
        return words;
    }

    private static void appendList(final TreeSet<String> values, final StringBuilder json)
    {
        String separator = "[";
        for (final String value : values)
        {
            json.append(separator).append('"').append(value).append('"');
            separator = ",";
        }
        json.append(']');
    }
}
