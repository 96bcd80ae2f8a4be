package io.ringcast.match;

/**
 * What a new filter is to be told of.
 * Immutable.
 *
 * @param subscription the topic that has it.
 * @param fromBlock    logs of blocks before this one are left out; {@link PolledFilter#NONE} for none.
 * @param toBlock      logs of blocks behind this one are left out; {@link PolledFilter#NONE} for none.
 * @param query        the parameter of {@code eth_getLogs} that asks for all of them; null if it is no filter of logs.
 */
record FilterRequest(SubscriptionRequest subscription, long fromBlock, long toBlock, String query)
{
    FilterRequest(final SubscriptionRequest subscription)
    {
        this(subscription, PolledFilter.NONE, PolledFilter.NONE, null);
    }
}
