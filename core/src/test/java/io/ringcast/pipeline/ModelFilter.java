package io.ringcast.pipeline;

import java.util.List;

/**
 * A filter that is polled, as a model has it: a place in what a subscriber heard.
 * Confined to the test's thread.
 */
final class ModelFilter
{
    final String id;
    final List<String> stream;
    final long from;
    final long to;
    int position;
    long usedAtNs;

    /** From and to are block numbers, and -1 if they are not given. */
    ModelFilter(final String id, final List<String> stream, final long from, final long to, final long nowNs)
    {
        this.id = id;
        this.stream = stream;
        this.from = from;
        this.to = to;
        position = stream.size();
        usedAtNs = nowNs;
    }

    boolean isWanted(final String item)
    {
        if (from < 0)
        {
            return true;
        }
        final long number = Long.decode(item.replaceAll(".*\"blockNumber\":\"|\".*", ""));
        return number >= from && (to < 0 || number <= to);
    }
}
