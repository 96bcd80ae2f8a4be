package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;
import io.ringcast.session.LagOptions;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Finds, among the next items of a slow subscription, those that a newer one makes needless.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Of heads, of topics of one's own, and of kinds that nothing is known of, only the newest counts. Of logs the
 * newest of each address and chosen topics; of pending transactions the newest of each sender and nonce, of their
 * hashes the newest. Of the status nothing is left out: what one item tells, no other does. A {@code removed:true} goes
 * with its original if that has not been sent, and else is never left out.
 *
 * <p>It looks at a window of items at a time. The newest item of each key is in the last window, so it always arrives.
 */
final class Conflation
{
    /** How many items are looked at together. */
    static final int WINDOW = 256;
    private static final List<String> USUAL_LOG_PARTS = LagOptions.KEY_PARTS.subList(0, 2);
    private static final int LOG_WORDS = LogKeys.POSITIONS * HexWords.WORDS;
    /** Holds how the item begins: a hash has no other key, and a transaction may have no word that is not 0. */
    private static final int KIND_WORD = LOG_WORDS;
    private static final int KEY_WORDS = LOG_WORDS + 1;
    private static final int TABLE_SLOTS = WINDOW * 4;
    private static final byte[] FROM = "from".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONCE = "nonce".getBytes(StandardCharsets.US_ASCII);

    private final LogKeys logKeys = new LogKeys();
    private final JsonCursor members = new JsonCursor();
    private final boolean[] isSkipped = new boolean[WINDOW];
    /** True for an item that replaces none and is replaced by none. */
    private final boolean[] isKept = new boolean[WINDOW];
    private final long[] keys = new long[WINDOW * KEY_WORDS];
    private final int[] table = new int[TABLE_SLOTS];
    private long first;

    /** Whether of all items of a topic only the newest counts. */
    static boolean isNewestOnly(final TopicState topic)
    {
        return topic.feed.kind == Feed.Kind.HEADS || topic.feed.kind == Feed.Kind.OWN ||
            topic.feed.kind == Feed.Kind.OTHER;
    }

    /**
     * Looks at items.
     *
     * @param subscriber whose.
     * @param from       the number of the first one.
     * @param to         the number behind the last one, at most {@link #WINDOW} higher.
     */
    void look(final PatientSubscriber subscriber, final long from, final long to)
    {
        first = from;
        final int count = (int)(to - from);
        Arrays.fill(isSkipped, 0, count, false);
        Arrays.fill(keys, 0, count * KEY_WORDS, 0);
        for (int i = 0; i < count; i++)
        {
            readKey(subscriber, i);
        }
        for (int i = 0; i < count; i++)
        {
            if (isRemoved(subscriber.topic, from + i))
            {
                annihilate(subscriber, i);
            }
        }
        replace(count);
    }

    /** Whether an item that was looked at is left out. */
    boolean isSkipped(final long sequence)
    {
        return isSkipped[(int)(sequence - first)];
    }

    private static boolean isRemoved(final TopicState topic, final long sequence)
    {
        return topic.feed.history.isRemoved(topic.group.history.position(sequence));
    }

    private void readKey(final PatientSubscriber subscriber, final int index)
    {
        final FeedHistory feed = subscriber.topic.feed.history;
        final long position = subscriber.topic.group.history.position(first + index);
        final byte[] bytes = feed.bytes(position);
        final int offset = feed.offset(position);
        final int length = feed.length(position);
        final int key = index * KEY_WORDS;
        isKept[index] = switch (subscriber.topic.feed.kind)
        {
            case LOGS -> feed.isRemoved(position) || !hasLogKey(subscriber, bytes, offset, length, key);
            case PENDING -> bytes[offset] == '{' && !hasSenderAndNonce(bytes, offset, length, key);
            default -> true;
        };
        keys[key + KIND_WORD] = bytes[offset];
    }

    private boolean hasLogKey(
        final PatientSubscriber subscriber, final byte[] bytes, final int offset, final int length, final int key)
    {
        if (!logKeys.tryRead(bytes, offset, length))
        {
            return false;
        }
        final List<String> asked = subscriber.options.lag().key();
        final List<String> parts = asked.isEmpty() ? USUAL_LOG_PARTS : asked;
        for (int i = 0; i < parts.size(); i++)
        {
            final int position = LagOptions.KEY_PARTS.indexOf(parts.get(i));
            if (position <= logKeys.topicCount)
            {
                System.arraycopy(
                    logKeys.words, position * HexWords.WORDS, keys, key + position * HexWords.WORDS, HexWords.WORDS);
            }
        }
        return true;
    }

    private boolean hasSenderAndNonce(final byte[] bytes, final int offset, final int length, final int key)
    {
        boolean hasSender = false;
        boolean hasNonce = false;
        if (members.tryBegin(bytes, offset, length) && members.isObject())
        {
            while (members.next())
            {
                if (members.isNamed(FROM))
                {
                    hasSender = HexWords.tryRead(
                        bytes, members.valueOffset, members.valueLength, HexWords.ADDRESS_DIGITS, keys, key);
                }
                else if (members.isNamed(NONCE))
                {
                    final long nonce = HexWords.quantity(bytes, members.valueOffset, members.valueLength);
                    keys[key + HexWords.WORDS] = nonce;
                    hasNonce = nonce >= 0;
                }
            }
        }
        return hasSender && hasNonce;
    }

    /** A removal goes with its original, unless that was sent. */
    private void annihilate(final PatientSubscriber subscriber, final int index)
    {
        final TopicState topic = subscriber.topic;
        final FeedHistory feed = topic.feed.history;
        final long removal = topic.group.history.position(first + index);
        final TopicHistory history = topic.group.history;
        for (long original = feed.originalBefore(removal, removal); original >= 0;
            original = feed.originalBefore(original, removal))
        {
            final long sequence = history.sequenceFrom(original);
            if (sequence < first)
            {
                isSkipped[index] = history.position(sequence) == original && subscriber.isLeftOut(sequence);
                return;
            }
            if (!isSkipped[(int)(sequence - first)])
            {
                isSkipped[(int)(sequence - first)] = true;
                isSkipped[index] = true;
                return;
            }
        }
    }

    private void replace(final int count)
    {
        Arrays.fill(table, 0);
        for (int i = count - 1; i >= 0; i--)
        {
            if (!isSkipped[i] && !isKept[i])
            {
                isSkipped[i] = !isFirst(i);
            }
        }
    }

    /** Whether the key is met for the first time; notes it. */
    private boolean isFirst(final int index)
    {
        final int key = index * KEY_WORDS;
        long hash = 0;
        for (int position = 0; position < LogKeys.POSITIONS; position++)
        {
            hash = hash * 31 + HexWords.hash(keys, key + position * HexWords.WORDS, position);
        }
        hash += keys[key + KIND_WORD];
        int slot = (int)(hash ^ hash >>> 32) & TABLE_SLOTS - 1;
        while (table[slot] != 0)
        {
            final int other = (table[slot] - 1) * KEY_WORDS;
            if (Arrays.equals(keys, key, key + KEY_WORDS, keys, other, other + KEY_WORDS))
            {
                return false;
            }
            slot = slot + 1 & TABLE_SLOTS - 1;
        }
        table[slot] = index + 1;
        return true;
    }
}
