package io.ringcast.tools.load;

/**
 * What one run does.
 * Immutable.
 *
 * @param kind             what subscribers ask for.
 * @param filter           the filter of a logs subscription as JSON, or null.
 * @param distinct         distinct address filters, spread over the subscribers; 0 for none.
 * @param subscribers      connections.
 * @param itemsPerSecond   the rate of the stamping node.
 * @param burst            items due at the same moment.
 * @param window           items under way at most, sent as fast as all subscribers take them; 0 for the rate.
 * @param warmUpPerSecond  the rate of the stamping node in the warm-up; a pause of 2 s follows if it is another one.
 * @param warmUpSeconds    how long it runs before it measures.
 * @param seconds          how long it measures.
 * @param drainSeconds     how long to wait at the end without any progress before what is missing counts as lost.
 * @param callsOutstanding calls that each connection keeps outstanding; 0 for subscriptions.
 * @param clientThreads    event loops of the subscribers.
 */
public record LoadPlan(
    LoadKind kind,
    String filter,
    int distinct,
    int subscribers,
    double itemsPerSecond,
    int burst,
    int window,
    double warmUpPerSecond,
    double warmUpSeconds,
    double seconds,
    double drainSeconds,
    int callsOutstanding,
    int clientThreads)
{
    /**
     * A plan for subscriptions.
     *
     * @param kind        what subscribers ask for.
     * @param subscribers connections.
     * @param rate        items a second.
     * @return the plan: one client thread, no filter, 3 s of warm-up, 10 s measured.
     */
    public static LoadPlan of(final LoadKind kind, final int subscribers, final double rate)
    {
        return new LoadPlan(kind, null, 0, subscribers, rate, 1, 0, rate, 3, 10, 5, 0, 1);
    }

    /** The same with these filters. */
    public LoadPlan withFilters(final String newFilter, final int newDistinct)
    {
        return new LoadPlan(kind, newFilter, newDistinct, subscribers, itemsPerSecond, burst, window, warmUpPerSecond,
            warmUpSeconds, seconds, drainSeconds, callsOutstanding, clientThreads);
    }

    /** The same in bursts of this size. */
    public LoadPlan withBurst(final int newBurst)
    {
        return new LoadPlan(kind, filter, distinct, subscribers, itemsPerSecond, newBurst, window, warmUpPerSecond,
            warmUpSeconds, seconds, drainSeconds, callsOutstanding, clientThreads);
    }

    /** The same in a closed loop with so many items under way; 0 for the rate. */
    public LoadPlan withWindow(final int newWindow)
    {
        return new LoadPlan(kind, filter, distinct, subscribers, itemsPerSecond, burst, newWindow, warmUpPerSecond,
            warmUpSeconds, seconds, drainSeconds, callsOutstanding, clientThreads);
    }

    /** The same for so long. */
    public LoadPlan withSeconds(final double newWarmUpSeconds, final double newSeconds)
    {
        return new LoadPlan(kind, filter, distinct, subscribers, itemsPerSecond, burst, window, warmUpPerSecond,
            newWarmUpSeconds, newSeconds, drainSeconds, callsOutstanding, clientThreads);
    }

    /** The same with another rate before it measures, in items a second. */
    public LoadPlan withWarmUpPerSecond(final double newWarmUpPerSecond)
    {
        return new LoadPlan(kind, filter, distinct, subscribers, itemsPerSecond, burst, window, newWarmUpPerSecond,
            warmUpSeconds, seconds, drainSeconds, callsOutstanding, clientThreads);
    }

    /** The same with another patience at the end. */
    public LoadPlan withDrainSeconds(final double newDrainSeconds)
    {
        return new LoadPlan(kind, filter, distinct, subscribers, itemsPerSecond, burst, window, warmUpPerSecond,
            warmUpSeconds, seconds, newDrainSeconds, callsOutstanding, clientThreads);
    }

    /** Calls instead of subscriptions; 0 for subscriptions. */
    public LoadPlan withCallsOutstanding(final int newCallsOutstanding)
    {
        return new LoadPlan(kind, filter, distinct, subscribers, itemsPerSecond, burst, window, warmUpPerSecond,
            warmUpSeconds, seconds, drainSeconds, newCallsOutstanding, clientThreads);
    }

    /** The same on so many event loops. */
    public LoadPlan withClientThreads(final int newClientThreads)
    {
        return new LoadPlan(kind, filter, distinct, subscribers, itemsPerSecond, burst, window, warmUpPerSecond,
            warmUpSeconds, seconds, drainSeconds, callsOutstanding, newClientThreads);
    }

    boolean isCalls()
    {
        return callsOutstanding > 0;
    }

    boolean isClosedLoop()
    {
        return window > 0;
    }

    /** Which of the distinct filters the subscriber or item at this place, counted from 0, belongs to. */
    int group(final long place)
    {
        return distinct == 0 ? 0 : (int)(place % distinct);
    }
}
