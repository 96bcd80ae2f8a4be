package io.ringcast.match;

/**
 * The last steps of the chain that were told to topics of whole blocks: blocks that went out, and blocks that were
 * taken back, in that order.
 * Confined to the pipeline thread that runs match.
 *
 * <p>A step has a number, which goes up by one with each. Who comes back to a session is told the same steps again,
 * from the first on that it may not have had, so it gets what it would have got had it stayed.
 */
final class ToldBlocks
{
    /** How many steps are known. */
    static final int KEPT = 4_096;
    static final long NO_BRACKET = -1;

    private final int kept;
    private long next;
    /** Made with the first step: most networks never have one. */
    private long[] numbers;
    private boolean[] isTakenBack;
    /** What is said of the reorganisation that a step is a part of; null for most. */
    private byte[][] brackets;
    private long[] bracketStarts;
    private byte[] bracket;
    private long bracketStart = NO_BRACKET;

    ToldBlocks()
    {
        this(KEPT);
    }

    /** Keeps so many steps. */
    ToldBlocks(final int kept)
    {
        this.kept = kept;
    }

    /** The steps from here on are parts of a reorganisation, of which this is said. */
    void beginBracket(final byte[] text)
    {
        bracket = text;
        bracketStart = next;
    }

    void endBracket()
    {
        bracket = null;
        bracketStart = NO_BRACKET;
    }

    /** A block is told, or taken back. */
    void add(final long number, final boolean isBack)
    {
        if (numbers == null)
        {
            numbers = new long[kept];
            isTakenBack = new boolean[kept];
            brackets = new byte[kept][];
            bracketStarts = new long[kept];
        }
        final int place = (int)(next++ % kept);
        numbers[place] = number;
        isTakenBack[place] = isBack;
        brackets[place] = bracket;
        bracketStarts[place] = bracketStart;
    }

    /** The number of the oldest step that is known; {@link #next()} if none is. */
    long oldest()
    {
        return Math.max(0, next - kept);
    }

    /** The number that the next step gets. */
    long next()
    {
        return next;
    }

    /** The number of the block of a step that is known. */
    long blockNumber(final long step)
    {
        return numbers[place(step)];
    }

    boolean isTakenBack(final long step)
    {
        return isTakenBack[place(step)];
    }

    byte[] bracket(final long step)
    {
        return brackets[place(step)];
    }

    /** The first step of the reorganisation that a step is a part of, or {@link #NO_BRACKET}. */
    long bracketStart(final long step)
    {
        return bracketStarts[place(step)];
    }

    private int place(final long step)
    {
        assert step >= oldest() && step < next : step + " not in " + oldest() + ".." + next;
        return (int)(step % kept);
    }
}
