package io.ringcast.tools.load;

/**
 * Whether one subscriber got every item that it asked for, once and in order.
 * Confined to the subscriber's event loop while items come; readable when none come any more.
 *
 * <p>An item that comes late but for the first time is reordered, one that was seen before is doubled. Of items more
 * than 63 places late that can't be told; they count as doubled. Both make a run fail.
 */
final class SequenceCheck
{
    private final long first;
    private final long step;
    private long lastPlace = -1;
    private long seenBits;
    private long received;
    private long duplicates;
    private long reordered;
    private long strays;

    /**
     * Expects {@code first}, {@code first + step} and so on.
     *
     * @param first the first sequence that this subscriber's filter matches.
     * @param step  how far apart they are: the number of distinct filters.
     */
    SequenceCheck(final long first, final long step)
    {
        this.first = first;
        this.step = step;
    }

    void onItem(final long sequence)
    {
        final long place = (sequence - first) / step;
        if (sequence < first || first + place * step != sequence)
        {
            strays++;
        }
        else if (place > lastPlace)
        {
            final long shift = place - lastPlace;
            seenBits = shift < Long.SIZE ? seenBits << shift | 1 : 1;
            lastPlace = place;
            received++;
        }
        else
        {
            onLate(lastPlace - place);
        }
    }

    private void onLate(final long age)
    {
        if (age < Long.SIZE && (seenBits >>> age & 1) == 0)
        {
            seenBits |= 1L << age;
            reordered++;
            received++;
        }
        else
        {
            duplicates++;
        }
    }

    /** Items up to this sequence that the filter matches. */
    long expected(final long lastSequence)
    {
        return lastSequence < first ? 0 : (lastSequence - first) / step + 1;
    }

    /** Different items received. */
    long received()
    {
        return received;
    }

    long duplicates()
    {
        return duplicates;
    }

    long reordered()
    {
        return reordered;
    }

    /** Items that the filter does not match. */
    long strays()
    {
        return strays;
    }
}
