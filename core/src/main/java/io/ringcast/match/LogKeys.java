package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonScanner;

/**
 * The address and topics of one log, read from its JSON.
 * Confined to the pipeline thread that runs match; filled again for each log.
 */
final class LogKeys
{
    /** Position 0 is the address, 1 to 4 are the topics. */
    static final int POSITIONS = 5;

    private static final byte[] ADDRESS = {'"', 'a', 'd', 'd', 'r', 'e', 's', 's', '"'};
    private static final byte[] TOPICS = {'"', 't', 'o', 'p', 'i', 'c', 's', '"'};

    /** {@link HexWords#WORDS} longs per position. */
    final long[] words = new long[POSITIONS * HexWords.WORDS];
    int topicCount;

    private final JsonScanner scanner = new JsonScanner();

    /**
     * Reads a log.
     *
     * @param bytes  a text that the scanner has accepted.
     * @param offset where the log's object starts.
     * @param length its length in bytes.
     * @return false if it has no address or a malformed one: not a log.
     */
    boolean tryRead(final byte[] bytes, final int offset, final int length)
    {
        final int limit = offset + length;
        if (length < 2 || bytes[offset] != '{')
        {
            return false;
        }
        boolean hasAddress = false;
        boolean hasTopics = false;
        int position = skipWhite(bytes, offset + 1, limit);
        while (position < limit && bytes[position] == '"' && !(hasAddress && hasTopics))
        {
            final int nameOffset = position;
            final int nameEnd = scanner.skipValue(bytes, position, limit, 0);
            final int value = skipWhite(bytes, skipWhite(bytes, nameEnd, limit) + 1, limit);
            final int valueEnd = scanner.skipValue(bytes, value, limit, 0);
            if (matches(ADDRESS, bytes, nameOffset, nameEnd))
            {
                hasAddress =
                    HexWords.tryRead(bytes, value, valueEnd - value, HexWords.ADDRESS_DIGITS, words, 0);
                if (!hasAddress)
                {
                    return false;
                }
            }
            else if (matches(TOPICS, bytes, nameOffset, nameEnd))
            {
                hasTopics = tryReadTopics(bytes, value, valueEnd);
                if (!hasTopics)
                {
                    return false;
                }
            }
            position = skipWhite(bytes, valueEnd, limit);
            if (position < limit && bytes[position] == ',')
            {
                position = skipWhite(bytes, position + 1, limit);
            }
        }
        if (!hasTopics)
        {
            topicCount = 0;
        }
        return hasAddress;
    }

    private boolean tryReadTopics(final byte[] bytes, final int offset, final int limit)
    {
        topicCount = 0;
        if (bytes[offset] != '[')
        {
            return false;
        }
        int position = skipWhite(bytes, offset + 1, limit);
        while (position < limit && bytes[position] == '"')
        {
            final int end = scanner.skipValue(bytes, position, limit, 0);
            final int index = (topicCount + 1) * HexWords.WORDS;
            if (topicCount == POSITIONS - 1 ||
                !HexWords.tryRead(bytes, position, end - position, HexWords.TOPIC_DIGITS, words, index))
            {
                return false;
            }
            topicCount++;
            position = skipWhite(bytes, end, limit);
            if (bytes[position] == ',')
            {
                position = skipWhite(bytes, position + 1, limit);
            }
        }
        return bytes[position] == ']';
    }

    private static boolean matches(final byte[] name, final byte[] bytes, final int offset, final int end)
    {
        if (end - offset != name.length)
        {
            return false;
        }
        for (int i = 1; i < name.length; i++)
        {
            if (bytes[offset + i] != name[i])
            {
                return false;
            }
        }
        return true;
    }

    private static int skipWhite(final byte[] bytes, final int offset, final int limit)
    {
        int position = offset;
        while (position < limit && bytes[position] <= ' ')
        {
            position++;
        }
        return position;
    }
}
