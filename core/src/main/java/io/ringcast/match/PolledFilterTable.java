package io.ringcast.match;

import io.ringcast.session.ClientRights;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The filters that are polled: by id, by use, and how many each connection made.
 * Confined to the pipeline thread that runs match.
 */
final class PolledFilterTable
{
    private final FilterIds ids;
    private final Long2ObjectHashMap<PolledFilter> byLow = new Long2ObjectHashMap<>();
    private final Long2LongHashMap countByOwner = new Long2LongHashMap(0);
    private PolledFilter oldest;
    private PolledFilter newest;

    PolledFilterTable(final FilterIds ids)
    {
        this.ids = ids;
    }

    PolledFilter add(
        final long ownerId, final ClientRights payer, final TopicState topic, final FilterRequest request,
        final long nowNs)
    {
        do
        {
            ids.next();
        }
        while (byLow.containsKey(ids.low()));
        final PolledFilter filter = new PolledFilter(ids.high(), ids.low(), ownerId, payer, topic, request);
        byLow.put(filter.low, filter);
        countByOwner.put(ownerId, countByOwner.get(ownerId) + 1);
        append(filter, nowNs);
        return filter;
    }

    /** Finds a filter; null if there is none. */
    PolledFilter find(final long high, final long low)
    {
        final PolledFilter filter = byLow.get(low);
        return filter != null && filter.high == high ? filter : null;
    }

    void onUse(final PolledFilter filter, final long nowNs)
    {
        unlink(filter);
        append(filter, nowNs);
    }

    void remove(final PolledFilter filter)
    {
        byLow.remove(filter.low);
        unlink(filter);
        final long count = countByOwner.get(filter.ownerId) - 1;
        if (count == 0)
        {
            countByOwner.remove(filter.ownerId);
        }
        else
        {
            countByOwner.put(filter.ownerId, count);
        }
    }

    /** The one that has not been used for longest, or null. */
    PolledFilter oldest()
    {
        return oldest;
    }

    int size()
    {
        return byLow.size();
    }

    long countOf(final long ownerId)
    {
        return countByOwner.get(ownerId);
    }

    private void append(final PolledFilter filter, final long nowNs)
    {
        filter.usedAtNs = nowNs;
        filter.older = newest;
        filter.newer = null;
        if (newest == null)
        {
            oldest = filter;
        }
        else
        {
            newest.newer = filter;
        }
        newest = filter;
    }

    private void unlink(final PolledFilter filter)
    {
        if (filter.older == null)
        {
            oldest = filter.newer;
        }
        else
        {
            filter.older.newer = filter.newer;
        }
        if (filter.newer == null)
        {
            newest = filter.older;
        }
        else
        {
            filter.newer.older = filter.older;
        }
    }
}
