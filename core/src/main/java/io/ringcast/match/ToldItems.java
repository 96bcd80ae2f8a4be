package io.ringcast.match;

import java.util.BitSet;

/**
 * The last items that one topic of whole blocks was told, in the order of telling.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Their <em>places</em> go up by one with each; their numbers need not go up. Kept are runs: items with
 * consecutive numbers that were told in one step, each with its index among all of that step. A step of which nothing
 * could be told, since its items were not kept, has a run without items. All topics share what there is for their runs
 * ({@link FairShare}); who has to give up drops the older half.
 *
 * <pre>
 *   place      ... 7 8 9 | 10 11 | 12 | ...
 *   number       31 32 33  40 41   34
 *   step            5        5      6
 *   index         0  1  2   3  4    0     of 5, 5, 1
 * </pre>
 */
final class ToldItems extends FairShare.Member
{
    /** How many runs are kept at most, a power of two: as many as there are {@link ToldBlocks steps}. */
    static final int LIMIT_RUNS = ToldBlocks.KEPT;
    static final long NOT_FOUND = -1;
    /** Of a run without items; counts as kept. */
    private static final long NO_SEQUENCE = Long.MAX_VALUE;
    private static final int FIRST_RUNS = 8;
    /** What a run takes. */
    private static final int RUN_BYTES = 3 * Long.BYTES + 3 * Integer.BYTES;

    private long oldestRun;
    private long nextRun;
    private long next;
    private long knownFrom;
    private long looks;
    private long[] places = new long[0];
    private long[] sequences = new long[0];
    private long[] steps = new long[0];
    private int[] counts = new int[0];
    private int[] indexes = new int[0];
    private int[] totals = new int[0];

    /** Creates it without items; what all such of the network may take is shared. */
    ToldItems(final FairShare shared)
    {
        super(shared);
    }

    /**
     * An item is told.
     *
     * @param step     in which step of the {@link ToldBlocks}.
     * @param sequence its number.
     * @param index    its index among all items of the step.
     * @param total    how many those are.
     */
    void add(final long step, final long sequence, final int index, final int total)
    {
        if (nextRun > oldestRun)
        {
            final int last = at(nextRun - 1);
            if (steps[last] == step && sequences[last] + counts[last] == sequence)
            {
                counts[last]++;
                next++;
                return;
            }
        }
        if (!tryAddRun(step))
        {
            next++;
            return;
        }
        final int run = at(nextRun - 1);
        places[run] = next++;
        sequences[run] = sequence;
        steps[run] = step;
        counts[run] = 1;
        indexes[run] = index;
        totals[run] = total;
    }

    /** None of the items of a step can be told. */
    void addNone(final long step)
    {
        if (tryAddRun(step))
        {
            final int run = at(nextRun - 1);
            places[run] = next;
            sequences[run] = NO_SEQUENCE;
            steps[run] = step;
            counts[run] = 0;
            indexes[run] = 0;
            totals[run] = 0;
        }
    }

    private boolean tryAddRun(final long step)
    {
        if (nextRun - oldestRun == places.length && !tryGrow())
        {
            knownFrom = 1 + (places.length == 0 ? step : steps[at(oldestRun)]);
            if (places.length == 0)
            {
                return false;
            }
            oldestRun++;
        }
        nextRun++;
        return true;
    }

    /** The place of the oldest item that is known; {@link #next()} if none is. */
    long oldest()
    {
        return oldestRun == nextRun ? next : places[at(oldestRun)];
    }

    /** The step from which on it is known which ones had items. */
    long knownFrom()
    {
        return knownFrom;
    }

    /** The place that the next item gets. */
    long next()
    {
        return next;
    }

    /**
     * The place from which on all items are known, and are in a history.
     *
     * @param oldestSequence the number of the oldest item in the history.
     * @param oldestStep     the oldest step that is known: of what was told before nobody can say in which block.
     */
    long oldestKept(final long oldestSequence, final long oldestStep)
    {
        final long run = oldestKeptRun(oldestSequence, oldestStep);
        return run == nextRun ? next : places[at(run)];
    }

    /** The same for whole steps. */
    long oldestWhole(final long oldestSequence, final long oldestStep)
    {
        long run = oldestKeptRun(oldestSequence, oldestStep);
        while (run < nextRun && indexes[at(run)] > 0)
        {
            run++;
        }
        return run == nextRun ? next : places[at(run)];
    }

    /** The number of an item that is known, by its place. */
    long sequence(final long place)
    {
        final int run = at(runOf(place));
        return sequences[run] + (place - places[run]);
    }

    /** The step in which an item was told, by its place. */
    long step(final long place)
    {
        return steps[at(runOf(place))];
    }

    int index(final long place)
    {
        final int run = at(runOf(place));
        return indexes[run] + (int)(place - places[run]);
    }

    int total(final long place)
    {
        return totals[at(runOf(place))];
    }

    /**
     * Finds who has had an item and nothing that was told behind it.
     *
     * @param sequence the item's number.
     * @param from     it was told at this place or behind it.
     * @return the place behind it, or {@link #NOT_FOUND}.
     */
    long behind(final long sequence, final long from)
    {
        for (long run = from >= next ? nextRun : from <= oldest() ? oldestRun : runOf(from); run < nextRun; run++)
        {
            looks++;
            final int at = at(run);
            final long place = places[at] + (sequence - sequences[at]);
            if (place >= from && sequence >= sequences[at] && sequence - sequences[at] < counts[at])
            {
                return place + 1;
            }
        }
        return NOT_FOUND;
    }

    /**
     * Tells which of some items were told, as far as that is known.
     *
     * @param from the number of the first one.
     * @param to   the number behind the last one.
     * @return the distances of those from the first.
     */
    BitSet told(final long from, final long to)
    {
        final BitSet told = new BitSet();
        for (long run = oldestRun; run < nextRun; run++)
        {
            looks++;
            final int at = at(run);
            final long first = Math.max(from, sequences[at]);
            final long behind = Math.min(to, counts[at] == 0 ? from : sequences[at] + counts[at]);
            if (first < behind)
            {
                told.set((int)(first - from), (int)(behind - from));
            }
        }
        return told;
    }

    /** Whether a step had items, told or not. */
    boolean isOf(final long step)
    {
        final long run = firstRunFrom(step);
        return run < nextRun && steps[at(run)] == step;
    }

    /** Whether an item was told from one step on and before another. */
    boolean hasAny(final long fromStep, final long beforeStep)
    {
        for (long run = firstRunFrom(fromStep); run < nextRun && steps[at(run)] < beforeStep; run++)
        {
            if (counts[at(run)] > 0)
            {
                return true;
            }
        }
        return false;
    }

    /** How many runs were looked at so far for a step, or for who has had an item. */
    long looks()
    {
        return looks;
    }

    /** Gives back what it took. */
    void release()
    {
        give(takenBytes());
        places = new long[0];
        oldestRun = nextRun;
    }

    @Override
    void giveUp()
    {
        final int capacity = places.length > FIRST_RUNS ? places.length / 2 : 0;
        if (nextRun - oldestRun > capacity)
        {
            oldestRun = nextRun - capacity;
            knownFrom = 1 + steps[at(oldestRun - 1)];
        }
        final long freedBytes = (long)(places.length - capacity) * RUN_BYTES;
        resize(capacity);
        give(freedBytes);
    }

    private long oldestKeptRun(final long oldestSequence, final long oldestStep)
    {
        long run = nextRun;
        while (run > oldestRun && sequences[at(run - 1)] >= oldestSequence && steps[at(run - 1)] >= oldestStep)
        {
            run--;
        }
        return run;
    }

    /** The first run of a step or of a later one: steps never fall. */
    private long firstRunFrom(final long step)
    {
        long low = oldestRun;
        long high = nextRun;
        while (low < high)
        {
            looks++;
            final long middle = low + high >>> 1;
            if (steps[at(middle)] < step)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    private long runOf(final long place)
    {
        assert place >= oldest() && place < next : place + " not in " + oldest() + ".." + next;
        long low = oldestRun;
        long high = nextRun - 1;
        while (low < high)
        {
            final long middle = low + high + 1 >>> 1;
            if (places[at(middle)] <= place)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }
        return low;
    }

    private int at(final long run)
    {
        return (int)run & places.length - 1;
    }

    private boolean tryGrow()
    {
        final int capacity = Math.max(FIRST_RUNS, places.length * 2);
        if (capacity > LIMIT_RUNS || !tryTake((long)(capacity - places.length) * RUN_BYTES))
        {
            return false;
        }
        resize(capacity);
        return true;
    }

    private void resize(final int capacity)
    {
        final long[] newPlaces = new long[capacity];
        final long[] newSequences = new long[capacity];
        final long[] newSteps = new long[capacity];
        final int[] newCounts = new int[capacity];
        final int[] newIndexes = new int[capacity];
        final int[] newTotals = new int[capacity];
        for (long run = oldestRun; run < nextRun; run++)
        {
            final int from = at(run);
            final int to = (int)run & capacity - 1;
            newPlaces[to] = places[from];
            newSequences[to] = sequences[from];
            newSteps[to] = steps[from];
            newCounts[to] = counts[from];
            newIndexes[to] = indexes[from];
            newTotals[to] = totals[from];
        }
        places = newPlaces;
        sequences = newSequences;
        steps = newSteps;
        counts = newCounts;
        indexes = newIndexes;
        totals = newTotals;
    }
}
