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
 * </pre>
 *
 * @param fault   what is wrong with it, or null.
 * @param count   how many subscriptions it asks for.
 * @param text    the batch that subscribes to all of them.
 * @param options what holds for all of them; null if it asks for nothing.
 */
record SseRequest(HttpFault fault, int count, String text, DeliveryOptions options)
{
    private static final String ALLOWED = "allowed: sub=KIND, and behind sub=logs address=0x…,0x… and " +
        "topics=0x…|0x…,,0x…, behind sub=logs or sub=newHeads fromBlock=BLOCK, " +
        "behind sub=newPendingTransactions full=true, behind sub=topic name=NAME, and relay options";
    private static final String LOGS = "logs";
    private static final String HEADS = "newHeads";
    private static final String TOPIC = "topic";
    private static final String PENDING = "newPendingTransactions";

    /** One subscription as far as it has been read. */
    private static final class Subscription
    {
        private final String kind;
        private final StringJoiner addresses = new StringJoiner(",", "[", "]").setEmptyValue("");
        private String topics = "";
        private String name = "";
        private String fromBlock = "";
        private boolean isFull;

        Subscription(final String kind)
        {
            this.kind = kind;
        }

        String params()
        {
            if (isFull)
            {
                return "[\"" + kind + "\",true]";
            }
            if (TOPIC.equals(kind))
            {
                return "[\"" + kind + "\",\"" + name + "\"]";
            }
            final StringJoiner filter = new StringJoiner(",", "{", "}");
            if (!addresses.toString().isEmpty())
            {
                filter.add("\"address\":" + addresses);
            }
            if (!topics.isEmpty())
            {
                filter.add("\"topics\":" + topics);
            }
            if (!fromBlock.isEmpty())
            {
                filter.add("\"fromBlock\":\"" + fromBlock + '"');
            }
            return LOGS.equals(kind) || !fromBlock.isEmpty() ? "[\"" + kind + "\"," + filter + "]" :
                "[\"" + kind + "\"]";
        }

        /** The members of its own options. */
        String options()
        {
            return fromBlock.isEmpty() ? "" : "\"history\":true";
        }
    }

    static SseRequest of(
        final String uri, final int maxCount, final NetworkConfig network, final SsePosition position)
    {
        if (!network.dialect().isEthereum())
        {
            return refused(
                "no server-sent events on a network of dialect " + network.dialect() + "; allowed: WebSocket");
        }
        final List<Subscription> subscriptions = new ArrayList<>();
        final int query = uri.indexOf('?');
        try
        {
            for (final String parameter : (query < 0 ? "" : uri.substring(query + 1)).split("&"))
            {
                if (!parameter.isEmpty() && !tryTake(parameter, subscriptions))
                {
                    return refused(shown(parameter) + "; " + ALLOWED);
                }
            }
        }
        catch (final IllegalArgumentException e)
        {
            return refused("the query is not URL-encoded; " + ALLOWED);
        }
        if (subscriptions.isEmpty() || subscriptions.size() > maxCount)
        {
            return refused(subscriptions.size() + " subscriptions, allowed: 1 to " + maxCount + "; " + ALLOWED);
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
            batch.add("{\"jsonrpc\":\"2.0\",\"id\":" + (i + 1) + ",\"method\":\"" + SubscriptionMethod.ETH.subscribe() +
                "\",\"params\":" + params(subscriptions.get(i), position.options(i, subscriptions.size())) + "}");
        }
        return new SseRequest(null, subscriptions.size(), batch.toString(), options.delivery());
    }

    private static String params(final Subscription subscription, final String resumed)
    {
        final String params = subscription.params();
        final String separator = resumed.isEmpty() || subscription.options().isEmpty() ? "" : ",";
        final String options = subscription.options() + separator + resumed;
        return options.isEmpty() ? params :
            params.substring(0, params.length() - 1) + ",{\"relay\":{" + options + "}}]";
    }

    private static boolean tryTake(final String parameter, final List<Subscription> subscriptions)
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
        final String value = QueryStringDecoder.decodeComponent(parameter.substring(equals + 1));
        final Subscription last = subscriptions.isEmpty() ? null : subscriptions.get(subscriptions.size() - 1);
        switch (parameter.substring(0, equals))
        {
            case "sub":
                subscriptions.add(new Subscription(value));
                return value.matches("[A-Za-z0-9_]{1,64}");

            case "full":
                if (last != null && PENDING.equals(last.kind))
                {
                    last.isFull = "true".equals(value);
                    return last.isFull || "false".equals(value);
                }
                return false;

            case "name":
                return last != null && TOPIC.equals(last.kind) && tryTakeName(value, last);

            case "address":
                return last != null && LOGS.equals(last.kind) && tryTakeAddresses(value, last);

            case "topics":
                return last != null && LOGS.equals(last.kind) && tryTakeTopics(value, last);

            case "fromBlock":
                return last != null && (LOGS.equals(last.kind) || HEADS.equals(last.kind)) &&
                    tryTakeFromBlock(value, last);

            default:
                return false;
        }
    }

    /** Which blocks there are to begin with is looked at where every subscribe is. */
    private static boolean tryTakeFromBlock(final String value, final Subscription subscription)
    {
        final boolean isFirst = subscription.fromBlock.isEmpty();
        subscription.fromBlock = value;
        return isFirst && value.matches("0x[0-9a-fA-F]{1,16}|[a-z]{1,16}");
    }

    /** Which names there are is looked at where every subscribe is. */
    private static boolean tryTakeName(final String value, final Subscription topic)
    {
        final boolean isFirst = topic.name.isEmpty();
        topic.name = value;
        return isFirst && value.matches("[A-Za-z0-9._:/@~+-]{1,1024}");
    }

    private static boolean tryTakeAddresses(final String value, final Subscription logs)
    {
        for (final String address : value.split(",", -1))
        {
            if (!isHex(address))
            {
                return false;
            }
            logs.addresses.add('"' + address + '"');
        }
        return true;
    }

    private static boolean tryTakeTopics(final String value, final Subscription logs)
    {
        final StringJoiner positions = new StringJoiner(",", "[", "]");
        for (final String position : value.split(",", -1))
        {
            if (position.isEmpty() || "null".equals(position))
            {
                positions.add("null");
                continue;
            }
            final StringJoiner alternatives = new StringJoiner(",", "[", "]");
            for (final String topic : position.split("\\|", -1))
            {
                if (!isHex(topic))
                {
                    return false;
                }
                alternatives.add('"' + topic + '"');
            }
            positions.add(alternatives.toString());
        }
        final boolean isFirst = logs.topics.isEmpty();
        logs.topics = positions.toString();
        return isFirst;
    }

    /** That it is of the right length is looked at where every filter is. */
    private static boolean isHex(final String value)
    {
        return value.matches("0x[0-9a-fA-F]{1,64}");
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
