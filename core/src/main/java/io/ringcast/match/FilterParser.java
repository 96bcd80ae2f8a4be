package io.ringcast.match;

import io.ringcast.config.LimitsConfig;
import io.ringcast.config.LogsMode;
import io.ringcast.frame.HexWords;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.FilterMethod;
import io.ringcast.session.RpcError;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Reads the params of a call that makes a filter.
 * Confined to the pipeline thread that runs match.
 *
 * <p>The rules and the complaints are geth's ({@code eth/filters}): a filter is told of new logs only, so its range has
 * to reach forward from a number or from the latest block.
 */
final class FilterParser
{
    private static final FilterRequest BLOCKS = new FilterRequest(passThrough(Feed.HEADS_PARAMS));
    private static final FilterRequest PENDING = new FilterRequest(passThrough("[\"newPendingTransactions\"]"));
    private static final FilterRequest FULL_PENDING =
        new FilterRequest(passThrough("[\"newPendingTransactions\",true]"));
    private static final long LATEST = -2;
    private static final long NEITHER = -3;

    private final ParamsReader params = new ParamsReader();
    private final LogFilterReader filters;
    private final LogsMode logsMode;

    FilterParser(final LogsMode logsMode, final LimitsConfig limits)
    {
        this.logsMode = logsMode;
        filters = new LogFilterReader(params, limits);
    }

    FilterRequest parse(final int method, final byte[] bytes, final int offset, final int length) throws BadParams
    {
        final List<String> arguments = params.split(bytes, offset, length, method == FilterMethod.NEW_BLOCKS ? 0 : 1);
        if (method == FilterMethod.NEW_BLOCKS)
        {
            return BLOCKS;
        }
        final String argument = arguments.isEmpty() ? "null" : arguments.get(0);
        if (method == FilterMethod.NEW_LOGS)
        {
            return logs(argument);
        }
        switch (argument)
        {
            case "true":
                return FULL_PENDING;

            case "false":
            case "null":
                return PENDING;

            default:
                throw LogFilterReader.invalid(0, "want true or false");
        }
    }

    private FilterRequest logs(final String argument) throws BadParams
    {
        if ("null".equals(argument))
        {
            throw new BadParams("missing value for required argument 0");
        }
        final Map<?, ?> members = filters.object(argument, 0);
        final LogFilter filter = filters.filter(members, 0);
        final Object from = members.get("fromBlock");
        final Object to = members.get("toBlock");
        final long fromBlock = block(from, "fromBlock");
        final long toBlock = block(to, "toBlock");
        final StringBuilder query = new StringBuilder(filter.canonicalJson());
        if (members.get("blockHash") != null)
        {
            if (from != null || to != null)
            {
                throw LogFilterReader.invalid(
                    0, "cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other");
            }
            if (!LogFilterReader.isHash(members.get("blockHash")))
            {
                throw LogFilterReader.invalid(0, "invalid blockHash: want a hex string of 32 bytes");
            }
        }
        append("blockHash", members.get("blockHash"), query);
        append("fromBlock", from, query);
        append("toBlock", to, query);
        checkRange(from, fromBlock, to, toBlock);
        final SubscriptionRequest matched = new SubscriptionRequest(
            "[\"logs\"," + filter.canonicalJson() + "]", SubscriptionParser.ALL_LOGS, List.of(filter),
            DeliveryOptions.PLAIN);
        return new FilterRequest(
            logsMode == LogsMode.MATCH ? matched : matched.filteredUpstream(), Math.max(fromBlock, PolledFilter.NONE),
            Math.max(toBlock, PolledFilter.NONE), query.toString());
    }

    private static void checkRange(final Object from, final long fromBlock, final Object to, final long toBlock)
        throws BadParams
    {
        if ("pending".equals(from) || "pending".equals(to))
        {
            throw new BadParams(RpcError.GENERAL, "pending logs are not supported");
        }
        final boolean isForward = fromBlock == LATEST && toBlock == LATEST ||
            fromBlock >= 0 && (toBlock == LATEST || toBlock >= fromBlock);
        if (!isForward)
        {
            throw new BadParams(RpcError.GENERAL, "invalid block range params");
        }
    }

    /** Gives a number, {@link #LATEST} or, for a block that moves otherwise, {@link #NEITHER}. */
    private static long block(final Object value, final String name) throws BadParams
    {
        if (value == null || "latest".equals(value))
        {
            return LATEST;
        }
        if ("earliest".equals(value))
        {
            return 0;
        }
        if ("pending".equals(value) || "safe".equals(value) || "finalized".equals(value))
        {
            return NEITHER;
        }
        final byte[] token = ("\"" + value + '"').getBytes(StandardCharsets.UTF_8);
        final long number = value instanceof String ? HexWords.quantity(token, 0, token.length) : NEITHER;
        if (number < 0)
        {
            throw LogFilterReader.invalid(0, "invalid " + name + ": want a hex number or a tag");
        }
        return number;
    }

    /** Only values that were checked get here: none has a character that JSON would want escaped. */
    private static void append(final String name, final Object value, final StringBuilder object)
    {
        if (value != null)
        {
            object.setLength(object.length() - 1);
            object.append(object.length() > 1 ? ",\"" : "\"").append(name).append("\":\"").append(value).append("\"}");
        }
    }

    private static SubscriptionRequest passThrough(final String params)
    {
        return new SubscriptionRequest(params, params, null, DeliveryOptions.PLAIN);
    }
}
