package io.ringcast.transport.door;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.OptionsParser;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * What the query of a stream's URL asks for.
 * Immutable.
 *
 * <pre>
 *   sub=newHeads
 *   sub=newPendingTransactions&amp;full=true
 *   sub=topic&amp;name=chat
 *   sub=logs&amp;address=0x…,0x…&amp;topics=0x…|0x…,,0x…     comma: next position; bar: or; empty: any
 *   sub=newHeads&amp;fromBlock=0x12d000                     heads or logs from an old block on
 *   sub=accountSubscribe&amp;params=["…"]                a method of the network, with its params
 * </pre>
 *
 * @param fault   what is wrong with it, or null.
 * @param count   how many subscriptions it asks for.
 * @param text    the batch that subscribes to all of them.
 * @param options what holds for all of them; null if it asks for nothing.
 */
record SseRequest(HttpFault fault, int count, String text, DeliveryOptions options)
{
    private static final String BY_NAME = "sub=KIND, and behind sub=logs address=0x...,0x... and " +
        "topics=0x...|0x...,,0x..., behind sub=logs or sub=newHeads fromBlock=BLOCK, " +
        "behind sub=newPendingTransactions full=true, behind sub=topic name=NAME; ";

    static SseRequest of(
        final String uri, final int maxCount, final NetworkConfig network, final SsePosition position)
    {
        final String allowed = allowed(network);
        final List<SseSubscription> subscriptions = new ArrayList<>();
        final int query = uri.indexOf('?');
        try
        {
            for (final String parameter : (query < 0 ? "" : uri.substring(query + 1)).split("&"))
            {
                if (!parameter.isEmpty() && !tryTake(parameter, subscriptions, network))
                {
                    return refused(shown(parameter) + "; " + allowed);
                }
            }
        }
        catch (final IllegalArgumentException e)
        {
            return refused("the query is not URL-encoded; " + allowed);
        }
        if (subscriptions.isEmpty() || subscriptions.size() > maxCount)
        {
            return refused(subscriptions.size() + " subscriptions, allowed: 1 to " + maxCount + "; " + allowed);
        }
        final ConnectionOptions options = ConnectionOptions.of(uri, network);
        if (options.fault() != null || !options.wish().isNothing())
        {
            return refused(options.fault() != null ? options.fault() :
                "relay.session, relay=restore and relay=status are for WebSockets; here there are Last-Event-ID and " +
                "sub=relay_status");
        }
        final StringJoiner batch = new StringJoiner(",", "[", "]");
        for (int i = 0; i < subscriptions.size(); i++)
        {
            batch.add("{\"jsonrpc\":\"2.0\",\"id\":" + (i + 1) + ",\"method\":\"" + subscriptions.get(i).method() +
                "\",\"params\":" + params(subscriptions.get(i), position.options(i, subscriptions.size())) + "}");
        }
        return new SseRequest(null, subscriptions.size(), batch.toString(), options.delivery());
    }

    private static String allowed(final NetworkConfig network)
    {
        return "allowed: " + (network.dialect().isEthereum() ? BY_NAME : "") + "sub=" +
            network.subscriptionMethods().stream().map(SubscriptionMethod::subscribe)
                .collect(Collectors.joining(" or ")) +
            ", and behind it params=JSON; relay options";
    }

    /** What are no params by place has no place for options. */
    private static String params(final SseSubscription subscription, final String resumed)
    {
        final String params = subscription.params();
        final String separator = resumed.isEmpty() || subscription.options().isEmpty() ? "" : ",";
        final String options = subscription.options() + separator + resumed;
        if (options.isEmpty() || !params.endsWith("]"))
        {
            return params;
        }
        final String others = params.substring(0, params.length() - 1);
        return others + (others.substring(1).isBlank() ? "" : ",") + "{\"relay\":{" + options + "}}]";
    }

    private static boolean tryTake(
        final String parameter, final List<SseSubscription> subscriptions, final NetworkConfig network)
    {
        final int equals = parameter.indexOf('=');
        if (equals > 0 && (OptionsParser.isOptionName(parameter.substring(0, equals)) ||
            Credentials.PARAMETERS.contains(parameter.substring(0, equals))))
        {
            // Read elsewhere, for all subscriptions of the stream together.
            return true;
        }
        if (equals < 0)
        {
            return false;
        }
        final String name = parameter.substring(0, equals);
        final String value = QueryStringDecoder.decodeComponent(parameter.substring(equals + 1));
        if ("sub".equals(name))
        {
            final SseSubscription next = SseSubscription.of(value, network);
            return next != null && subscriptions.add(next);
        }
        return !subscriptions.isEmpty() && subscriptions.get(subscriptions.size() - 1).tryTake(name, value);
    }

    private static SseRequest refused(final String reason)
    {
        return new SseRequest(new HttpFault(HttpResponseStatus.BAD_REQUEST, reason), 0, null, null);
    }

    /** Nothing of a URL goes into an answer that could be taken for something else there. */
    private static String shown(final String parameter)
    {
        return parameter.substring(0, Math.min(40, parameter.length())).replaceAll("[^A-Za-z0-9=_.,|-]", "?");
    }
}
