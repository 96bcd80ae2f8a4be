package io.ringcast.correlate;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Answers kept for equal calls, within a budget of bytes; the one that was not used for longest goes first.
 * Confined to the pipeline thread that runs correlate; the answers themselves are immutable.
 */
final class AnswerCache
{
    /** What an entry takes beside its bytes: objects, headers of arrays, its place in the map. */
    static final int ENTRY_BYTES = 160;
    /** No answer may take more than this part of the budget, or one would drive out all others. */
    static final int LARGEST_PART = 8;

    /** One kept answer; in the order of use, or in that of the latest ones. */
    private static final class Entry
    {
        final long hash;
        final byte[] key;
        final HeldAnswer answer;
        final boolean isLatest;
        Entry newer;
        Entry older;

        Entry(final long hash, final byte[] key, final HeldAnswer answer, final boolean isLatest)
        {
            this.hash = hash;
            this.key = key;
            this.answer = answer;
            this.isLatest = isLatest;
        }

        long weightBytes()
        {
            return (long)ENTRY_BYTES + key.length + answer.text().length;
        }
    }

    private final long limitBytes;
    private final CounterSet counters;
    private final Long2ObjectHashMap<Entry> entries = new Long2ObjectHashMap<>();
    private Entry newest;
    private Entry oldest;
    private long keptBytes;
    private int latestCount;

    AnswerCache(final long limitBytes, final CounterSet counters)
    {
        this.limitBytes = limitBytes;
        this.counters = counters;
    }

    boolean isOff()
    {
        return limitBytes == 0;
    }

    /** Finds the answer to a call, or null. */
    HeldAnswer find(final CallKey key)
    {
        final Entry entry = entries.get(key.hash);
        if (entry == null || !key.isEqual(entry.key))
        {
            return null;
        }
        counters.increment(RelayCounter.CACHE_HITS);
        unlink(entry);
        link(entry);
        return entry.answer;
    }

    /**
     * Keeps an answer.
     *
     * @param call     the call that it answers, with its text.
     * @param answer   the answer.
     * @param isLatest whether it is true only until {@link #dropLatest()}.
     */
    void put(final PendingCall call, final HeldAnswer answer, final boolean isLatest)
    {
        final byte[] key = new byte[call.methodLength + call.paramsLength];
        System.arraycopy(call.text, call.methodOffset, key, 0, call.methodLength);
        System.arraycopy(call.text, call.paramsOffset, key, call.methodLength, call.paramsLength);
        final Entry entry = new Entry(call.keyHash, key, answer, isLatest);
        if (entry.weightBytes() > limitBytes / LARGEST_PART)
        {
            counters.increment(RelayCounter.CACHE_REFUSALS);
            return;
        }
        final Entry known = entries.get(call.keyHash);
        if (known != null)
        {
            drop(known);
        }
        while (keptBytes + entry.weightBytes() > limitBytes)
        {
            counters.increment(RelayCounter.CACHE_EVICTIONS);
            drop(oldest);
        }
        entries.put(entry.hash, entry);
        keptBytes += entry.weightBytes();
        latestCount += isLatest ? 1 : 0;
        link(entry);
    }

    /** Forgets what was true of the latest block only. */
    void dropLatest()
    {
        Entry entry = newest;
        while (latestCount > 0)
        {
            final Entry older = entry.older;
            if (entry.isLatest)
            {
                drop(entry);
            }
            entry = older;
        }
    }

    /** Forgets everything. */
    void clear()
    {
        entries.clear();
        newest = null;
        oldest = null;
        keptBytes = 0;
        latestCount = 0;
    }

    long keptBytes()
    {
        return keptBytes;
    }

    private void drop(final Entry entry)
    {
        entries.remove(entry.hash);
        keptBytes -= entry.weightBytes();
        latestCount -= entry.isLatest ? 1 : 0;
        unlink(entry);
    }

    private void link(final Entry entry)
    {
        entry.older = newest;
        entry.newer = null;
        if (newest == null)
        {
            oldest = entry;
        }
        else
        {
            newest.newer = entry;
        }
        newest = entry;
    }

    private void unlink(final Entry entry)
    {
        if (entry.newer == null)
        {
            newest = entry.older;
        }
        else
        {
            entry.newer.older = entry.older;
        }
        if (entry.older == null)
        {
            oldest = entry.newer;
        }
        else
        {
            entry.older.newer = entry.newer;
        }
    }
}
