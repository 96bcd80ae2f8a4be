package io.ringcast.transport.door;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.FrameView;

import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * One subscription of a stream's URL, as far as it has been read: a kind of {@code eth_subscribe} with parameters by
 * name, or any subscribe method of the network with its params as JSON.
 * Confined to one thread.
 */
final class SseSubscription
{
    private static final String LOGS = "logs";
    private static final String HEADS = "newHeads";
    private static final String TOPIC = "topic";
    private static final String PENDING = "newPendingTransactions";
    private static final Pattern KIND = Pattern.compile("[A-Za-z0-9_]{1,64}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/@~+-]{1,1024}");
    private static final Pattern BLOCK = Pattern.compile("0x[0-9a-fA-F]{1,16}|[a-z]{1,16}");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]{1,64}");
    /** The relay's options stand in the URL; here they would collide with those that resume. */
    private static final Pattern OPTIONS = Pattern.compile("\\{\\s*\"relay\"\\s*:");

    private final String method;
    /** Null if it is the params that say what is subscribed to. */
    private final String kind;
    private final StringJoiner addresses = new StringJoiner(",", "[", "]").setEmptyValue("");
    private String topics = "";
    private String name = "";
    private String fromBlock = "";
    private String json;
    private boolean isFull;

    private SseSubscription(final String method, final String kind)
    {
        this.method = method;
        this.kind = kind;
    }

    /**
     * Begins with what {@code sub} says.
     *
     * @param sub     a method of the network, or a kind if it is one of Ethereum.
     * @param network which network.
     * @return the subscription, or null if it is neither.
     */
    static SseSubscription of(final String sub, final NetworkConfig network)
    {
        for (final SubscriptionMethod known : network.subscriptionMethods())
        {
            if (known.subscribe().equals(sub))
            {
                return new SseSubscription(sub, null);
            }
        }
        return network.dialect().isEthereum() && KIND.matcher(sub).matches() ?
            new SseSubscription(SubscriptionMethod.ETH.subscribe(), sub) : null;
    }

    /**
     * Takes a parameter that stands behind {@code sub}.
     *
     * @param parameter its name.
     * @param value     its value, decoded.
     * @return false if it does not belong there or has no such value.
     */
    boolean tryTake(final String parameter, final String value)
    {
        return switch (parameter)
        {
            case "full" -> PENDING.equals(kind) && tryTakeFull(value);
            case "name" -> TOPIC.equals(kind) && tryTakeName(value);
            case "address" -> LOGS.equals(kind) && tryTakeAddresses(value);
            case "topics" -> LOGS.equals(kind) && tryTakeTopics(value);
            case "fromBlock" -> (LOGS.equals(kind) || HEADS.equals(kind)) && tryTakeFromBlock(value);
            case "params" -> kind == null && tryTakeJson(value);
            default -> false;
        };
    }

    String method()
    {
        return method;
    }

    String params()
    {
        if (kind == null)
        {
            return json == null ? "[]" : json;
        }
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
        return LOGS.equals(kind) || !fromBlock.isEmpty() ? "[\"" + kind + "\"," + filter + "]" : "[\"" + kind + "\"]";
    }

    /** The members of its own options. */
    String options()
    {
        return fromBlock.isEmpty() ? "" : "\"history\":true";
    }

    /** Which blocks there are to begin with is looked at where every subscribe is. */
    private boolean tryTakeFromBlock(final String value)
    {
        final boolean isFirst = fromBlock.isEmpty();
        fromBlock = value;
        return isFirst && BLOCK.matcher(value).matches();
    }

    private boolean tryTakeFull(final String value)
    {
        isFull = "true".equals(value);
        return isFull || "false".equals(value);
    }

    /** Which names there are is looked at where every subscribe is. */
    private boolean tryTakeName(final String value)
    {
        final boolean isFirst = name.isEmpty();
        name = value;
        return isFirst && NAME.matcher(value).matches();
    }

    private boolean tryTakeAddresses(final String value)
    {
        for (final String address : value.split(",", -1))
        {
            if (!isHex(address))
            {
                return false;
            }
            addresses.add('"' + address + '"');
        }
        return true;
    }

    private boolean tryTakeTopics(final String value)
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
        final boolean isFirst = topics.isEmpty();
        topics = positions.toString();
        return isFirst;
    }

    /** One array or object: it becomes a part of the batch that subscribes, and may not end it. */
    private boolean tryTakeJson(final String value)
    {
        final boolean isFirst = json == null;
        json = value.strip();
        final byte[] text = ('[' + json + ']').getBytes(StandardCharsets.UTF_8);
        final FrameView view = new FrameView();
        new FrameDecoder().decode(text, 0, text.length, view);
        return isFirst && (json.startsWith("[") || json.startsWith("{")) &&
            view.kind == FrameKind.BATCH && view.elementCount == 1 && !OPTIONS.matcher(json).find();
    }

    /** That it is of the right length is looked at where every filter is. */
    private static boolean isHex(final String value)
    {
        return HEX.matcher(value).matches();
    }
}
