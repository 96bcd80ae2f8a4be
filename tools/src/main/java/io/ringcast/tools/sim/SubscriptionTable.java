package io.ringcast.tools.sim;

import io.ringcast.tools.sim.SimulatedSubscription.Kind;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The subscriptions of one connection. Confined to the node's thread. */
final class SubscriptionTable
{
    private static final int LIMIT_SUBSCRIPTIONS = 10_000;

    private final Map<String, SimulatedSubscription> subscriptions = new LinkedHashMap<>();

    String subscribe(final RpcParams params)
    {
        final String kind = params.text(0);
        return switch (kind)
        {
            case "newHeads" -> add(params, 1, Kind.HEADS, null);
            case "logs" -> add(params, 2, Kind.LOGS, LogFilter.of(params.mapping(1)));
            case "newPendingTransactions" ->
                add(params, 2, params.flag(1) ? Kind.PENDING_OBJECTS : Kind.PENDING_HASHES, null);
            case "syncing" -> add(params, 1, Kind.SYNCING, null);
            default -> throw new RpcException(-32601, "no \"" + kind + "\" subscription in eth namespace");
        };
    }

    private String add(final RpcParams params, final int limitParams, final Kind kind, final LogFilter filter)
    {
        if (params.values().size() > limitParams)
        {
            throw RpcException.invalidParams("too many arguments, want at most " + limitParams);
        }
        if (subscriptions.size() >= LIMIT_SUBSCRIPTIONS)
        {
            throw new RpcException(-32005, "too many subscriptions");
        }
        final ThreadLocalRandom random = ThreadLocalRandom.current();
        final String id = "0x" + Long.toHexString(random.nextLong(1, Long.MAX_VALUE)) +
            String.format("%016x", random.nextLong());
        subscriptions.put(id, new SimulatedSubscription(id, kind, filter));
        return JsonText.quote(id);
    }

    String unsubscribe(final RpcParams params)
    {
        if (subscriptions.remove(params.text(0)) == null)
        {
            throw new RpcException(-32000, "subscription not found");
        }
        return "true";
    }

    Collection<SimulatedSubscription> all()
    {
        return subscriptions.values();
    }
}
