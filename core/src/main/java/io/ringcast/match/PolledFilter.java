package io.ringcast.match;

import io.ringcast.session.ClientRights;

/**
 * One filter that is polled.
 * Confined to the pipeline thread that runs match.
 */
final class PolledFilter
{
    /** No bound. */
    static final long NONE = -1;

    /** The two halves of its id. */
    final long high;
    final long low;
    /** Over which connection it was made; it outlives that. */
    final long ownerId;
    /** Whose subscriptions it counts against. */
    final ClientRights payer;
    final TopicState topic;
    final FilterRequest request;

    /** Of the next item of {@link PolledItems} that it is to be told. */
    long position;
    long usedAtNs;

    /** In the order of use. */
    PolledFilter older;
    PolledFilter newer;

    PolledFilter(
        final long high, final long low, final long ownerId, final ClientRights payer, final TopicState topic,
        final FilterRequest request)
    {
        this.high = high;
        this.low = low;
        this.ownerId = ownerId;
        this.payer = payer;
        this.topic = topic;
        this.request = request;
    }

    /** Whether logs of a block are wanted; what is no log has number 0 and no bounds. */
    boolean takes(final long blockNumber)
    {
        return (request.fromBlock() == NONE || blockNumber >= request.fromBlock()) &&
            (request.toBlock() == NONE || blockNumber <= request.toBlock());
    }
}
