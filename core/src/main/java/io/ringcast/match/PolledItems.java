package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the filters of one topic have yet to be told. All share the items, each has a position in them.
 * Confined to the pipeline thread that runs match.
 *
 * <pre>
 *   position   first          ...          end
 *   items        x  x  x  x  x  x  x  x  x
 *   filters      2  0  0  1  0  0  0  0  0  5      how many stand there
 * </pre>
 *
 * The first item is always one that a filter has yet to be told. If too much is kept, the filters that stand there are
 * overrun: what they would have been told goes, and they end at their next poll.
 */
final class PolledItems
{
    private static final byte[] HASH = "hash".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BLOCK_NUMBER = "blockNumber".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = "[]".getBytes(StandardCharsets.US_ASCII);
    private static final int SMALLEST = 16;
    /** What an item takes beside its text. */
    private static final int OVERHEAD_BYTES = 40;

    /** Written and read by {@link PolledBudget}. */
    int budgetIndex;

    private final Feed.Kind kind;
    private final PolledBudget budget;
    private final CounterSet counters;
    private final JsonCursor members = new JsonCursor();
    /** By position: the text, the number of a log's block, and how many filters stand there. */
    private byte[][] texts = new byte[SMALLEST][];
    private long[] numbers = new long[SMALLEST];
    private int[] standing = new int[SMALLEST];
    private long first;
    private long end;
    private int standingAtEnd;
    private int filterCount;
    private long lengthBytes;

    PolledItems(final Feed.Kind kind, final PolledBudget budget, final CounterSet counters)
    {
        this.kind = kind;
        this.budget = budget;
        this.counters = counters;
    }

    /** Begins a filter; it is told of what comes from now on. */
    void begin(final PolledFilter filter)
    {
        filterCount++;
        standingAtEnd++;
        filter.position = end;
    }

    /** Ends a filter. */
    void end(final PolledFilter filter)
    {
        filterCount--;
        if (!isOverrun(filter))
        {
            leave(filter.position);
            trim();
        }
    }

    int filterCount()
    {
        return filterCount;
    }

    long lengthBytes()
    {
        return lengthBytes;
    }

    /** Whether items are gone that the filter was not told of. */
    boolean isOverrun(final PolledFilter filter)
    {
        return filter.position < first;
    }

    /**
     * Tells a filter what it was not told yet.
     *
     * @return an array as JSON.
     */
    byte[] poll(final PolledFilter filter)
    {
        final byte[] told = collect(filter);
        if (filter.position != end)
        {
            leave(filter.position);
            filter.position = end;
            standingAtEnd++;
            trim();
        }
        return told;
    }

    /** Takes an item of the topic, which is copied. */
    void add(final byte[] bytes, final int offset, final int length)
    {
        int from = offset;
        int taken = length;
        long number = 0;
        if (kind == Feed.Kind.HEADS)
        {
            if (!tryFind(HASH, bytes, offset, length))
            {
                return;
            }
            from = members.valueOffset;
            taken = members.valueLength;
        }
        else if (kind == Feed.Kind.LOGS && tryFind(BLOCK_NUMBER, bytes, offset, length))
        {
            number = HexWords.quantity(bytes, members.valueOffset, members.valueLength);
        }
        append(Arrays.copyOfRange(bytes, from, from + taken), number);
        if (end - first > budget.limitItems)
        {
            dropFirst();
        }
        shrinkTo(budget.limitBytes);
        budget.settle();
    }

    /** Overruns the filters that are farthest behind until so many bytes are left. */
    void shrinkTo(final long limitBytes)
    {
        while (lengthBytes > limitBytes)
        {
            dropFirst();
        }
    }

    private boolean tryFind(final byte[] name, final byte[] bytes, final int offset, final int length)
    {
        if (members.tryBegin(bytes, offset, length) && members.isObject())
        {
            while (members.next())
            {
                if (members.isNamed(name))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private void append(final byte[] text, final long number)
    {
        if (end - first == texts.length)
        {
            resize(texts.length * 2);
        }
        final int place = place(end);
        texts[place] = text;
        numbers[place] = number;
        standing[place] = standingAtEnd;
        standingAtEnd = 0;
        end++;
        lengthBytes += text.length + OVERHEAD_BYTES;
        budget.take(text.length + OVERHEAD_BYTES);
        trim();
    }

    private byte[] collect(final PolledFilter filter)
    {
        long sizeBytes = NOTHING.length;
        int count = 0;
        for (long at = filter.position; at < end; at++)
        {
            if (filter.takes(numbers[place(at)]))
            {
                sizeBytes += texts[place(at)].length + (count > 0 ? 1 : 0);
                count++;
            }
        }
        if (count == 0)
        {
            return NOTHING;
        }
        counters.add(RelayCounter.FILTER_ITEMS, count);
        final byte[] told = new byte[Math.toIntExact(sizeBytes)];
        int size = 0;
        for (long at = filter.position; at < end; at++)
        {
            if (filter.takes(numbers[place(at)]))
            {
                final byte[] text = texts[place(at)];
                told[size++] = (byte)(size == 1 ? '[' : ',');
                System.arraycopy(text, 0, told, size, text.length);
                size += text.length;
            }
        }
        told[size] = ']';
        return told;
    }

    private void leave(final long position)
    {
        if (position == end)
        {
            standingAtEnd--;
        }
        else
        {
            standing[place(position)]--;
        }
    }

    /** Lets go of what every filter was told. */
    private void trim()
    {
        while (first < end && standing[place(first)] == 0)
        {
            forgetFirst();
        }
        if (first == end && texts.length > SMALLEST)
        {
            resize(SMALLEST);
        }
    }

    private void dropFirst()
    {
        budget.onOverrun(standing[place(first)]);
        standing[place(first)] = 0;
        trim();
    }

    private void forgetFirst()
    {
        final int place = place(first++);
        final int freedBytes = texts[place].length + OVERHEAD_BYTES;
        texts[place] = null;
        lengthBytes -= freedBytes;
        budget.give(freedBytes);
    }

    private void resize(final int capacity)
    {
        final byte[][] newTexts = new byte[capacity][];
        final long[] newNumbers = new long[capacity];
        final int[] newStanding = new int[capacity];
        for (long at = first; at < end; at++)
        {
            final int to = (int)at & capacity - 1;
            newTexts[to] = texts[place(at)];
            newNumbers[to] = numbers[place(at)];
            newStanding[to] = standing[place(at)];
        }
        texts = newTexts;
        numbers = newNumbers;
        standing = newStanding;
    }

    private int place(final long position)
    {
        return (int)position & texts.length - 1;
    }
}
