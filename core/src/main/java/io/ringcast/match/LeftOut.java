package io.ringcast.match;

/**
 * Which items of a topic a slow subscriber was not given, for newer ones: as long as these are kept, and as far as the
 * budget of the histories has room to note it.
 * Confined to the pipeline thread that runs match.
 *
 * <p>What can't be noted counts as given. Then a removal is told whose original was not: the safe side, since a removal
 * that is not told leaves a client with what is no longer true.
 */
final class LeftOut extends FairShare.Member
{
    private static final int BITS = 6;
    private static final int FIRST_WORDS = 8;

    private final TopicHistory history;
    /** A ring of bits, one for each item. */
    private long[] ring = new long[0];
    /** The words of the ring that hold something, of all by 64 numbers each: from the first to the last. */
    private long firstWord;
    private long lastWord = -1;

    LeftOut(final TopicHistory history)
    {
        super(history.shared());
        this.history = history;
    }

    /** Notes an item, behind those that were noted before. */
    void add(final long sequence)
    {
        final long word = sequence >> BITS;
        if (lastWord < firstWord)
        {
            firstWord = word;
            lastWord = word - 1;
        }
        firstWord = Math.max(firstWord, history.oldest() >> BITS);
        boolean mayGrow = true;
        while (mayGrow && word - firstWord >= ring.length)
        {
            mayGrow = tryGrow();
        }
        if (ring.length == 0)
        {
            return;
        }
        firstWord = Math.max(firstWord, word - ring.length + 1);
        for (long next = Math.max(firstWord, lastWord + 1); next <= word; next++)
        {
            ring[(int)next & ring.length - 1] = 0;
        }
        lastWord = word;
        ring[(int)word & ring.length - 1] |= 1L << sequence;
    }

    /** Whether an item is noted. */
    boolean has(final long sequence)
    {
        final long word = sequence >> BITS;
        return word >= firstWord && word <= lastWord && (ring[(int)word & ring.length - 1] & 1L << sequence) != 0;
    }

    /** Forgets all and gives back what it took. */
    void release()
    {
        give((long)ring.length * Long.BYTES);
        ring = new long[0];
        firstWord = 0;
        lastWord = -1;
    }

    @Override
    void giveUp()
    {
        release();
    }

    private boolean tryGrow()
    {
        final int length = Math.max(FIRST_WORDS, ring.length * 2);
        final boolean isNeeded = ring.length == 0 || (long)ring.length << BITS <= history.limitItems();
        if (!isNeeded || !tryTake((long)(length - ring.length) * Long.BYTES))
        {
            return false;
        }
        final long[] grown = new long[length];
        for (long word = Math.max(firstWord, lastWord - ring.length + 1); word <= lastWord; word++)
        {
            grown[(int)word & length - 1] = ring[(int)word & ring.length - 1];
        }
        ring = grown;
        return true;
    }
}
