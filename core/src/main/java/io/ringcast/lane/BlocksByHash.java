package io.ringcast.lane;

import io.ringcast.frame.HexWords;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Finds what is kept of blocks by the whole hash. Nodes may say any hash: those that begin alike are told apart, or a
 * node could keep a block from being known by saying another in time.
 * Confined to the thread that runs match.
 *
 * @param <T> what is kept of a block.
 */
final class BlocksByHash<T extends BlocksByHash.Entry<T>>
{
    /** One block; its hash does not change while it is here. */
    abstract static class Entry<T extends Entry<T>>
    {
        final long[] hash = new long[HexWords.WORDS];
        /** The next one under the same key; null if there is none. */
        private T next;

        boolean isHash(final long[] words)
        {
            return HexWords.equal(hash, 0, words, 0);
        }
    }

    private final Long2ObjectHashMap<T> firsts = new Long2ObjectHashMap<>();

    /** Finds one; null if it is not here. */
    T find(final long[] hash)
    {
        return find(firsts.get(key(hash)), hash);
    }

    /** Finds a further one with the hash of one that is here; null if there is none. */
    T findNext(final T found)
    {
        return find(next(found), found.hash);
    }

    private T find(final T first, final long[] hash)
    {
        T entry = first;
        while (entry != null && !entry.isHash(hash))
        {
            entry = next(entry);
        }
        return entry;
    }

    /** Adds one that is not here; others with its hash may be. */
    void add(final T added)
    {
        final Entry<T> entry = added;
        entry.next = firsts.put(key(added.hash), added);
    }

    /** Takes one out that is here. */
    void remove(final T removed)
    {
        final long key = key(removed.hash);
        final T first = firsts.get(key);
        final Entry<T> entry = removed;
        if (first == removed)
        {
            if (entry.next == null)
            {
                firsts.remove(key);
            }
            else
            {
                firsts.put(key, entry.next);
            }
        }
        else
        {
            Entry<T> before = first;
            while (before.next != removed)
            {
                before = before.next;
            }
            before.next = entry.next;
        }
        entry.next = null;
    }

    private T next(final T of)
    {
        final Entry<T> entry = of;
        return entry.next;
    }

    private static long key(final long[] hash)
    {
        return HexWords.hash(hash, 0, 0);
    }
}
