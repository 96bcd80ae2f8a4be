package io.ringcast.match;

/**
 * Where a session's subscription to logs is while its client is away, and until that has proved to have read what it
 * missed: what it had may have been removed meanwhile, and it is told so though that is no longer kept.
 * Confined to the pipeline thread that runs match.
 */
final class AwayPlace
{
    private final AwayRemovals removals;
    /** The number of the first item that its client may not have. */
    private long from;
    /** The number behind the last one that it may have. */
    private long hadTo;
    private boolean isLost;
    /** What it has missed is told: up to this number, or {@link Long#MAX_VALUE} as long as not all of it is. */
    private long toldTo = Long.MAX_VALUE;

    AwayPlace(final AwayRemovals removals)
    {
        this.removals = removals;
    }

    /**
     * The connection has ended.
     *
     * @param first  the number of the first item that its client may not have.
     * @param behind the number behind the last one that it may have.
     */
    void onEnd(final long first, final long behind)
    {
        from = first;
        hadTo = behind;
        toldTo = Long.MAX_VALUE;
        removals.join(this);
    }

    long from()
    {
        return from;
    }

    /** Something that it would have to be told is known to nobody. */
    void onLost()
    {
        isLost = true;
    }

    /** Whether it may have had a log of which nobody knows any more that it was removed. */
    boolean isLost()
    {
        return isLost || !removals.knowsAllFrom(from);
    }

    /** Whether its client is back and has yet to be told of all that it missed. */
    boolean isReturning()
    {
        return toldTo == Long.MAX_VALUE;
    }

    /** See {@link AwayRemovals#tryTell}. */
    boolean tryTell(final long sequence, final SpillPlace.Removals taker)
    {
        return !isReturning() || removals.tryTell(sequence, hadTo, taker);
    }

    /** Its client is back and was sent all before a number; that is all that it missed, or not. */
    void onAnsweredTo(final long sequence, final boolean isAll)
    {
        hadTo = Math.max(hadTo, sequence);
        toldTo = isAll ? sequence : toldTo;
    }

    /** Whether its client has proved to have read that. */
    boolean isProved(final long readTo)
    {
        return readTo >= toldTo;
    }

    /** Nothing is kept for it any more. */
    void leave()
    {
        removals.leave(this);
    }
}
