package io.ringcast.tools.bench;

import io.ringcast.tools.load.LoadKind;
import io.ringcast.tools.load.LoadPlan;
import java.util.List;

/**
 * One of the standard loads.
 * Immutable.
 *
 * @param name            of its files and for {@code --only}.
 * @param title           for people.
 * @param plan            what the client does; null for idle connections.
 * @param idleConnections connections that only exist; 0 for a plan.
 */
record Scenario(String name, String title, LoadPlan plan, int idleConnections)
{
    private static final int RESERVED_FILES = 500;

    boolean isCalls()
    {
        return plan != null && plan.callsOutstanding() > 0;
    }

    boolean isIdle()
    {
        return plan == null;
    }

    /** The same load, measured later, with another rate until then. */
    Scenario withWarmUp(final double seconds, final double itemsPerSecond)
    {
        return new Scenario(name, title,
            plan.withSeconds(seconds, plan.seconds()).withWarmUpPerSecond(itemsPerSecond), idleConnections);
    }

    /** All of them, in the order of the page. */
    static List<Scenario> all(final boolean isQuick, final long fileLimit)
    {
        final int many = isQuick ? 100 : 1000;
        final int idle = (int)Math.min(isQuick ? 500 : 10_000, fileLimit - RESERVED_FILES);
        final double warmUp = isQuick ? 0.5 : 4;
        final double seconds = isQuick ? 1 : 8;
        return List.of(
            heads("window-1", many + " subscribers, one item at a time", many, 20, 1, warmUp, seconds),
            heads("burst-32", many + " subscribers, bursts of 32 items", many, 64, 32, warmUp, seconds),
            heads("single", "1 subscriber, 500 items a second", 1, 500, 1, warmUp, seconds),
            heads("hundred", "100 subscribers, 500 items a second", 100, isQuick ? 50 : 500, 1, warmUp, seconds),
            new Scenario("filters", many + " subscribers, each with a logs filter of its own",
                LoadPlan.of(LoadKind.LOGS, many, isQuick ? 500 : 2000).withFilters(null, many)
                    .withSeconds(warmUp, seconds), 0),
            new Scenario("idle", String.format("%,d idle connections", idle), null, idle),
            new Scenario("calls", "request/response, 16 connections with 4 calls outstanding each",
                LoadPlan.of(LoadKind.HEADS, 16, 1).withCallsOutstanding(4).withSeconds(warmUp, seconds), 0));
    }

    /**
     * As fast as the subscribers take it, with so many items under way at most: what a subject costs when it has a
     * backlog (32) or never has one (1), and nothing of it gets cold in between.
     */
    static Scenario closedLoop(final int window, final boolean isQuick)
    {
        final int many = isQuick ? 100 : 1000;
        return new Scenario("closed-" + window, String.format("%d subscribers, closed loop, %d item%s under way", many,
            window, window == 1 ? "" : "s"),
            LoadPlan.of(LoadKind.HEADS, many, 1).withWindow(window).withSeconds(isQuick ? 0.5 : 4, isQuick ? 1 : 8), 0);
    }

    private static Scenario heads(
        final String name, final String title, final int subscribers, final double rate, final int burst,
        final double warmUp, final double seconds)
    {
        return new Scenario(name, title, LoadPlan.of(LoadKind.HEADS, subscribers, rate).withBurst(burst)
            .withSeconds(warmUp, seconds), 0);
    }
}
