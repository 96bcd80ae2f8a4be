package io.ringcast.match;

import io.ringcast.frame.HexWords;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.Object2IntHashMap;

import java.util.Arrays;

/**
 * Finds the filters that a log matches without trying them all.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Each filter stands in the buckets of the values of <em>one</em> of its positions: the one whose buckets are the
 * emptiest, so filters that share a busy address spread over their topics. A log looks into at most six buckets: its
 * address's, its topics', and the one of the filters that are all wildcards.
 *
 * <p>With many filters a look-up costs what it misses in the caches, and little else. So a position that no filter
 * stands at is not looked up, and a value with one filter, which is nearly every one, needs no bucket.
 */
final class TopicIndex
{
    private static final int ALL_WILDCARDS = -1;

    /** By hash: the {@link IndexedFilter} that stands there alone, or a {@link Bucket} of several. */
    private final Long2ObjectHashMap<Object> entries = new Long2ObjectHashMap<>();
    /** How many filters stand at each position. */
    private final int[] sizeAt = new int[LogKeys.POSITIONS];
    private final Bucket wildcards = new Bucket();
    private IndexedFilter[] found = new IndexedFilter[16];
    private int foundCount;
    private int size;

    void add(final IndexedFilter indexed)
    {
        indexed.indexPosition = emptiestPosition(indexed.filter);
        size++;
        if (indexed.indexPosition == ALL_WILDCARDS)
        {
            wildcards.add(indexed);
            return;
        }
        sizeAt[indexed.indexPosition]++;
        for (int i = 0; i < indexed.filter.alternativeCount(indexed.indexPosition); i++)
        {
            addTo(indexed.filter.alternativeHash(indexed.indexPosition, i), indexed);
        }
    }

    private void addTo(final long hash, final IndexedFilter indexed)
    {
        final Object entry = entries.get(hash);
        if (entry == null)
        {
            entries.put(hash, indexed);
        }
        else if (entry instanceof Bucket bucket)
        {
            bucket.add(indexed);
        }
        else if (entry != indexed)
        {
            final Bucket bucket = new Bucket();
            bucket.add((IndexedFilter)entry);
            bucket.add(indexed);
            entries.put(hash, bucket);
        }
    }

    void remove(final IndexedFilter indexed)
    {
        size--;
        if (indexed.indexPosition == ALL_WILDCARDS)
        {
            wildcards.remove(indexed);
            return;
        }
        sizeAt[indexed.indexPosition]--;
        for (int i = 0; i < indexed.filter.alternativeCount(indexed.indexPosition); i++)
        {
            removeFrom(indexed.filter.alternativeHash(indexed.indexPosition, i), indexed);
        }
    }

    /** Two values of a filter may share a hash; the second time there is nothing left to remove. */
    private void removeFrom(final long hash, final IndexedFilter indexed)
    {
        final Object entry = entries.get(hash);
        if (entry == indexed)
        {
            entries.remove(hash);
        }
        else if (entry instanceof Bucket bucket)
        {
            bucket.remove(indexed);
            if (bucket.size == 1)
            {
                entries.put(hash, bucket.filters[0]);
            }
        }
    }

    /**
     * Looks up one log; {@link #found(int)} gives the filters until the next look-up.
     *
     * @param log the log's keys.
     * @return how many filters it matches.
     */
    int match(final LogKeys log)
    {
        foundCount = 0;
        collectAll(wildcards, ALL_WILDCARDS, log);
        for (int position = 0; position <= log.topicCount; position++)
        {
            if (sizeAt[position] > 0)
            {
                final Object entry = entries.get(HexWords.hash(log.words, position * HexWords.WORDS, position));
                if (entry instanceof Bucket bucket)
                {
                    collectAll(bucket, position, log);
                }
                else if (entry != null)
                {
                    collect((IndexedFilter)entry, position, log);
                }
            }
        }
        return foundCount;
    }

    IndexedFilter found(final int index)
    {
        return found[index];
    }

    int size()
    {
        return size;
    }

    /**
     * Values can be made to have the same hash, at one position or at two. So that a log is found once all the same, a
     * bucket holds a filter once, and gives it for the position alone that it stands under.
     */
    private void collect(final IndexedFilter indexed, final int position, final LogKeys log)
    {
        if (indexed.indexPosition == position && indexed.filter.matches(log))
        {
            if (foundCount == found.length)
            {
                found = Arrays.copyOf(found, foundCount * 2);
            }
            found[foundCount++] = indexed;
        }
    }

    private void collectAll(final Bucket bucket, final int position, final LogKeys log)
    {
        for (int i = 0; i < bucket.size; i++)
        {
            collect(bucket.filters[i], position, log);
        }
    }

    private int emptiestPosition(final LogFilter filter)
    {
        int best = ALL_WILDCARDS;
        long bestLoad = Long.MAX_VALUE;
        for (int position = 0; position < LogKeys.POSITIONS; position++)
        {
            final int count = filter.alternativeCount(position);
            if (count > 0)
            {
                final long load = load(filter, position, count);
                if (load < bestLoad)
                {
                    best = position;
                    bestLoad = load;
                }
            }
        }
        return best;
    }

    private long load(final LogFilter filter, final int position, final int count)
    {
        long load = count;
        for (int i = 0; i < count; i++)
        {
            final Object entry = entries.get(filter.alternativeHash(position, i));
            load += entry instanceof Bucket bucket ? bucket.size : entry == null ? 0 : 1;
        }
        return load;
    }

    /**
     * The filters that stand under one value; two or more, but for the wildcards.
     *
     * <p>A large one knows where each filter stands in it, so that thousands can leave it without a search each.
     */
    private static final class Bucket
    {
        private static final int SEARCHED = 32;
        private static final int MISSING = -1;

        private IndexedFilter[] filters = new IndexedFilter[2];
        private int size;
        /** Null up to {@link #SEARCHED} filters. */
        private Object2IntHashMap<IndexedFilter> places;

        void add(final IndexedFilter indexed)
        {
            if (size > 0 && filters[size - 1] == indexed)
            {
                return;
            }
            if (size == filters.length)
            {
                filters = Arrays.copyOf(filters, size * 2);
            }
            filters[size] = indexed;
            if (places != null)
            {
                places.put(indexed, size);
            }
            else if (size == SEARCHED)
            {
                places = new Object2IntHashMap<>(MISSING);
                for (int i = 0; i <= size; i++)
                {
                    places.put(filters[i], i);
                }
            }
            size++;
        }

        void remove(final IndexedFilter indexed)
        {
            final int place = placeOf(indexed);
            if (place == MISSING)
            {
                return;
            }
            final IndexedFilter last = filters[--size];
            filters[place] = last;
            filters[size] = null;
            if (places != null)
            {
                places.put(last, place);
                places.removeKey(indexed);
                if (size <= SEARCHED / 2)
                {
                    places = null;
                    filters = Arrays.copyOf(filters, SEARCHED);
                }
            }
        }

        private int placeOf(final IndexedFilter indexed)
        {
            if (places != null)
            {
                return places.getValue(indexed);
            }
            for (int i = 0; i < size; i++)
            {
                if (filters[i] == indexed)
                {
                    return i;
                }
            }
            return MISSING;
        }
    }
}
