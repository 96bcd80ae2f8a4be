package io.ringcast.match;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The logs that were published to one group as removed while sessions were away that may have them: they are kept once
 * for all of these, when the history lets go of them, since no upstream can tell them any more.
 * Confined to the pipeline thread that runs match.
 *
 * <p>While nobody is away nothing is noted. If there is no room for one, whoever may have had it can't be told of all.
 *
 * <pre>
 *   sequence   unknown | text kept here .......... | in the feed's history, noted by position ........ next
 *              lostTo  ^                    copied to ^
 * </pre>
 */
final class AwayRemovals extends FairShare.Member
{
    private static final int ENTRY_BYTES = 128;
    private static final long UNKNOWN = -1;

    /** One log, which was published as removed. */
    private static final class Removal
    {
        /** The number of the item that it removes, or {@link #UNKNOWN} if that was no longer kept. */
        private final long original;
        private final long position;
        private final long readAtNs;
        /** Null as long as it is in the feed's history. */
        private byte[] text;

        Removal(final long original, final long position, final long readAtNs)
        {
            this.original = original;
            this.position = position;
            this.readAtNs = readAtNs;
        }
    }

    private final TopicGroup group;
    private final FeedHistory feed;
    private final HistoryBudget budget;
    private final Set<AwayPlace> places = new LinkedHashSet<>();
    /** By their numbers. */
    private final TreeMap<Long, Removal> removals = new TreeMap<>();
    /** All from this number on are noted, or were lost. */
    private long notedFrom;
    /** All before this number are held here. */
    private long copiedTo;
    /** The number behind the last one that was lost. */
    private long lostTo = Long.MIN_VALUE;

    AwayRemovals(final TopicGroup group, final HistoryBudget budget)
    {
        super(budget.removals());
        this.group = group;
        feed = group.feed.history;
        this.budget = budget;
    }

    /** Somebody is away from now on, or still is. */
    void join(final AwayPlace place)
    {
        if (places.isEmpty())
        {
            notedFrom = group.history.next();
            copiedTo = notedFrom;
            lostTo = Long.MIN_VALUE;
        }
        places.add(place);
        final long from = Math.max(place.from(), group.history.oldest());
        for (long sequence = notedFrom - 1; sequence >= from; sequence--)
        {
            final long position = group.history.position(sequence);
            if (feed.isRemoved(position))
            {
                note(sequence, position);
            }
        }
        if (from < notedFrom)
        {
            notedFrom = from;
            copiedTo = removals.isEmpty() ? copiedTo : Math.min(copiedTo, removals.firstKey());
        }
        if (place.from() < notedFrom && group.lastRemoval >= place.from())
        {
            place.onLost();
        }
        want();
    }

    private void want()
    {
        final Map.Entry<Long, Removal> next = removals.ceilingEntry(copiedTo);
        if (next != null)
        {
            feed.spilling.want(next.getValue().position, this);
        }
    }

    /** Somebody is up to date, or comes back no more. */
    void leave(final AwayPlace place)
    {
        places.remove(place);
        if (places.isEmpty())
        {
            forgetBefore(Long.MAX_VALUE);
        }
        else if (!removals.isEmpty() && place.from() <= removals.firstKey())
        {
            notedFrom = Math.max(notedFrom, places.stream().mapToLong(AwayPlace::from).min().orElseThrow());
            forgetBefore(notedFrom);
        }
    }

    private void forgetBefore(final long sequence)
    {
        while (!removals.isEmpty() && removals.firstKey() < sequence)
        {
            give(heldBytes(removals.pollFirstEntry().getValue()));
        }
    }

    private static long heldBytes(final Removal removal)
    {
        return ENTRY_BYTES + (removal.text == null ? 0 : removal.text.length);
    }

    /** A log was published as removed, and its feed has kept that last. */
    void onRemoval(final long sequence)
    {
        if (places.isEmpty())
        {
            return;
        }
        final long position = feed.next() - 1;
        if (position < feed.oldest())
        {
            onLost(sequence);
            return;
        }
        final boolean wantsNone = removals.ceilingKey(copiedTo) == null;
        note(sequence, position);
        if (wantsNone)
        {
            want();
        }
    }

    private void note(final long sequence, final long position)
    {
        if (!tryTakeOrCount(ENTRY_BYTES))
        {
            onLost(sequence);
            return;
        }
        final long found = feed.originalBefore(position, position);
        final long original = found < 0 || found < group.history.coveredFrom() ? UNKNOWN :
            group.history.sequenceFrom(found);
        removals.put(sequence, new Removal(original, position, feed.readAtNs(position)));
    }

    private boolean tryTakeOrCount(final long bytes)
    {
        final boolean isTaken = tryTake(bytes);
        if (!isTaken)
        {
            budget.onRemovalRefused();
        }
        return isTaken;
    }

    private void onLost(final long sequence)
    {
        lostTo = Math.max(lostTo, sequence + 1);
    }

    /** The feed's history, or the group's index, lets go of an item. */
    void onDropping(final long position)
    {
        for (Map.Entry<Long, Removal> next = removals.ceilingEntry(copiedTo);
            next != null && next.getValue().position <= position; next = removals.ceilingEntry(copiedTo))
        {
            copiedTo = next.getKey() + 1;
            copy(next.getKey(), next.getValue());
        }
        want();
    }

    private void copy(final long sequence, final Removal removal)
    {
        if (removal.text != null)
        {
            return;
        }
        final byte[] text = new byte[feed.length(removal.position)];
        if (!tryTakeOrCount(text.length))
        {
            removals.remove(sequence);
            give(ENTRY_BYTES);
            onLost(sequence);
            return;
        }
        System.arraycopy(feed.bytes(removal.position), feed.offset(removal.position), text, 0, text.length);
        removal.text = text;
    }

    /** Whether all that were published from a number on are known. */
    boolean knowsAllFrom(final long sequence)
    {
        return sequence >= lostTo;
    }

    /**
     * Tells of those that the history no longer has, in the order in which they were published.
     *
     * @param sequence the number of the first item that the subscriber has yet to get.
     * @param hadTo    behind the last one that it may have: what was published later and removed is not told.
     * @param taker    takes them.
     * @return false if there was no room for all.
     */
    boolean tryTell(final long sequence, final long hadTo, final SpillPlace.Removals taker)
    {
        for (final Map.Entry<Long, Removal> next :
            removals.subMap(sequence, Math.max(sequence, group.history.oldest())).entrySet())
        {
            final Removal removal = next.getValue();
            if (removal.original < hadTo && !taker.tryTell(next.getKey(), removal.text, removal.readAtNs))
            {
                return false;
            }
        }
        return true;
    }

    /** The oldest one. */
    @Override
    void giveUp()
    {
        final Map.Entry<Long, Removal> oldest = removals.pollFirstEntry();
        onLost(oldest.getKey());
        give(heldBytes(oldest.getValue()));
    }
}
