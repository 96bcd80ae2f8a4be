package io.ringcast.match;

import io.ringcast.config.Dialect;
import io.ringcast.config.ItemTraits;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.LogsMode;
import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.frame.FrameView;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.LagOptions;
import io.ringcast.session.LagPolicy;
import io.ringcast.session.OptionsParser;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Reads the params of a subscribe into canonical form.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Only what the relay itself must understand is read; every other kind is passed upstream as it is, without white
 * space.
 */
final class SubscriptionParser
{
    /** What a feed of all logs is asked for with. */
    static final String ALL_LOGS = "[\"logs\",{}]";

    private static final String LOGS = "\"logs\"";
    private static final String HEADS = "\"newHeads\"";
    private static final String OPTIONS_START = "{\"relay\":";

    private final ParamsReader params = new ParamsReader();
    private final OptionsParser optionsParser = new OptionsParser();
    /** Whether params that differ in the order of members are equal; an Ethereum node gets what was said. */
    private final boolean isOrdered;
    private final LogsMode logsMode;
    private final LogFilterReader filters;
    private final OwnTopicsConfig ownTopics;
    private long soloCount;
    private DeliveryOptions options;
    /** What the params themselves ask for. */
    private DeliveryOptions ownOptions;

    SubscriptionParser(
        final Dialect dialect, final LogsMode logsMode, final LimitsConfig limits, final OwnTopicsConfig ownTopics)
    {
        isOrdered = !dialect.isEthereum();
        this.ownTopics = ownTopics;
        this.logsMode = logsMode;
        filters = new LogFilterReader(params, limits);
    }

    /**
     * Reads params.
     *
     * @param method the subscribe method.
     * @param bytes  the text that holds them.
     * @param offset where they start, or ABSENT.
     * @param length their length in bytes.
     * @param weaker the options that hold where the params say nothing.
     * @return what is asked for.
     * @throws BadParams if the relay can't use them.
     */
    SubscriptionRequest parse(
        final SubscriptionMethod method, final byte[] bytes, final int offset, final int length,
        final DeliveryOptions weaker)
        throws BadParams
    {
        options = weaker;
        ownOptions = DeliveryOptions.PLAIN;
        final boolean isEthereum = SubscriptionMethod.ETH.subscribe().equals(method.subscribe());
        final boolean isRelay = SubscriptionMethod.RELAY.subscribe().equals(method.subscribe());
        if (offset == FrameView.ABSENT)
        {
            requireArgument(isEthereum || isRelay);
            if (method.items().position() != null)
            {
                throw invalid(method);
            }
            return passThrough("[]");
        }
        final List<String> arguments = params.split(bytes, offset, length);
        if (arguments == null)
        {
            if (isEthereum || isRelay)
            {
                throw new BadParams("non-array args");
            }
            return method.items().position() == null ? passThrough(ParamsReader.minify(bytes, offset, length)) :
                counted(method, bytes, offset, length);
        }
        if (method.items().position() != null)
        {
            throw invalid(method);
        }
        takeRelayOptions(arguments, isEthereum ? 1 : 0);
        settleInterval();
        if (!isEthereum)
        {
            settleFields(false, false);
            settleOrder(false);
            refuseAny();
            if (isRelay)
            {
                return status(arguments);
            }
            return isSolo(method.items().sharing(), arguments) ?
                solo(join(arguments)) : passThrough(join(arguments));
        }
        requireArgument(arguments.isEmpty());
        if (!arguments.get(0).startsWith("\""))
        {
            throw new BadParams("invalid argument 0: the kind of subscription must be a string");
        }
        return ethereum(arguments);
    }

    private SubscriptionRequest ethereum(final List<String> arguments) throws BadParams
    {
        final String kind = arguments.get(0);
        final boolean isLogs = LOGS.equals(kind);
        final boolean isHeads = HEADS.equals(kind);
        settleFields(isLogs, isHeads);
        settleOrder(isLogs || isHeads);
        refuseKey(isLogs);
        final long fromNumber = fromNumber(arguments, isLogs, isHeads);
        if (isLogs && arguments.size() <= 2 && logsMode == LogsMode.MATCH)
        {
            final LogFilter filter = arguments.size() == 1 ? new LogFilter(List.of(), List.of()) :
                filter(arguments.get(1));
            return options.any() == null ?
                new SubscriptionRequest(
                    "[\"logs\"," + filter.canonicalJson() + "]", ALL_LOGS, List.of(filter), options, fromNumber) :
                anyOf(filter, fromNumber);
        }
        refuseAny();
        if (fromNumber != SubscriptionRequest.NO_HISTORY)
        {
            final String params = isHeads ? Feed.HEADS_PARAMS :
                "[\"logs\"," + filter(arguments.get(1)).canonicalJson() + ']';
            return new SubscriptionRequest(params, params, null, options, fromNumber);
        }
        if (StatusFeed.KIND.equals(kind))
        {
            return status(arguments);
        }
        if (OwnTopics.KIND.equals(kind) && ownTopics.isOn())
        {
            if (arguments.size() != 2)
            {
                throw new BadParams("want [\"topic\", name]");
            }
            return OwnTopics.request(ownTopics, arguments.get(1), options);
        }
        if (isLogs && arguments.size() > 1)
        {
            filters.requireClear(arguments.get(1), 1);
        }
        final boolean wantsHashes = arguments.size() == 2 &&
            ("false".equals(arguments.get(1)) || "null".equals(arguments.get(1)));
        if ("\"newPendingTransactions\"".equals(kind) && wantsHashes)
        {
            return passThrough("[\"newPendingTransactions\"]");
        }
        return passThrough(join(arguments));
    }

    private SubscriptionRequest status(final List<String> arguments) throws BadParams
    {
        if (!List.of(StatusFeed.KIND).equals(arguments))
        {
            throw new BadParams("want [\"relay_status\"]");
        }
        return new SubscriptionRequest(StatusFeed.PARAMS, StatusFeed.PARAMS, null, options);
    }

    /**
     * The order of the filters is part of the content: a subscriber is told the places of those that match. The
     * content is no JSON, so no params that are passed on can be it.
     */
    private SubscriptionRequest anyOf(final LogFilter filter, final long fromNumber) throws BadParams
    {
        if (filter.canonicalJson().length() > 2)
        {
            throw new BadParams("relay option any takes the place of the filter, which must be {}");
        }
        final List<LogFilter> all = new ArrayList<>();
        final StringJoiner canonical = new StringJoiner(",", "any[\"logs\",[", "]]");
        for (final String text : options.any())
        {
            final LogFilter one = filters.filter(filters.object(text, 1), 1);
            all.add(one);
            canonical.add(one.canonicalJson());
        }
        return new SubscriptionRequest(canonical.toString(), ALL_LOGS, all, options, fromNumber);
    }

    private void refuseAny() throws BadParams
    {
        if (ownOptions.any() != null)
        {
            throw new BadParams("relay option any is for logs, where the relay applies the filters");
        }
    }

    /** What a connection or the configuration asks for holds for the kinds that it can be had for. */
    private void settleFields(final boolean isLogs, final boolean isHeads) throws BadParams
    {
        if (options.fields() == null)
        {
            return;
        }
        if (ownOptions.fields() != null && !isLogs && !isHeads)
        {
            throw new BadParams("relay option fields is for newHeads and logs");
        }
        options = options.withFields(isLogs || isHeads ? FieldPresets.expand(options.fields(), isLogs) : null);
    }

    private void refuseKey(final boolean isLogs) throws BadParams
    {
        if (!isLogs && ownOptions.lag() != null && !ownOptions.lag().key().isEmpty())
        {
            throw new BadParams("relay option lag.key; allowed: with logs");
        }
    }

    /** Nothing of a whole block can be left out. */
    private void settleOrder(final boolean hasBlocks) throws BadParams
    {
        if (!hasBlocks)
        {
            if (ownOptions.isBlockOrdered() || ownOptions.marksEmptyBlocks())
            {
                throw new BadParams("relay options order and emptyBlocks are for newHeads and logs");
            }
            options = options.isBlockOrdered() || options.marksEmptyBlocks() ? options.withoutOrder() : options;
            return;
        }
        if (ownOptions.marksEmptyBlocks() && !options.isBlockOrdered())
        {
            throw new BadParams("relay option emptyBlocks goes with order");
        }
        if (!options.isBlockOrdered())
        {
            options = options.marksEmptyBlocks() ? options.withoutOrder() : options;
        }
        else if (options.everyMs() != null)
        {
            throw new BadParams("relay option order can't be had with everyMs, which leaves items out; blocks " +
                "are told whole");
        }
        else if (PatientSubscriber.policyOf(options) != LagPolicy.DISCONNECT &&
            PatientSubscriber.policyOf(options) != LagPolicy.SPILL)
        {
            throw new BadParams("relay option order with lag.policy=" + options.lag().policy().text() +
                "; allowed: disconnect or spill, since blocks are told whole");
        }
    }

    /** For heads, too, an object says where to begin; without the option it is the node's to refuse. */
    private long fromNumber(final List<String> arguments, final boolean isLogs, final boolean isHeads)
        throws BadParams
    {
        if (!options.wantsHistory())
        {
            return SubscriptionRequest.NO_HISTORY;
        }
        if (!isLogs && !isHeads)
        {
            if (ownOptions.wantsHistory())
            {
                throw new BadParams("relay options history and fromBlock are for newHeads and logs");
            }
            return SubscriptionRequest.NO_HISTORY;
        }
        if (arguments.size() != 2 || "null".equals(arguments.get(1)))
        {
            return options.resume() == null ? HistoryStart.of(Map.of(), options.fromBlock()) :
                SubscriptionRequest.NO_HISTORY;
        }
        final Map<?, ?> filter = filters.object(arguments.get(1), 1);
        if (isHeads)
        {
            if (!List.of("fromBlock").containsAll(filter.keySet()))
            {
                throw LogFilterReader.invalid(1, "newHeads with relay option history takes fromBlock alone");
            }
            arguments.remove(1);
        }
        final long fromNumber = HistoryStart.of(filter, options.fromBlock());
        return options.resume() == null ? fromNumber : SubscriptionRequest.NO_HISTORY;
    }

    /** Items in intervals are conflated: one policy goes with that, and no other. */
    private void settleInterval() throws BadParams
    {
        if (options.everyMs() != null && options.lag() != null && options.lag().hasBounds())
        {
            throw new BadParams("relay option everyMs with a bound of lag, which it does not look at: it conflates " +
                "whatever waits");
        }
        if (options.everyMs() != null && options.lag() == null)
        {
            options = options.withLag(new LagOptions(LagPolicy.CONFLATE, 0, 0, 0, List.of()));
        }
        else if (options.everyMs() != null && options.lag().policy() != LagPolicy.CONFLATE)
        {
            throw new BadParams("relay option everyMs with lag.policy=" + options.lag().policy().text() +
                "; allowed: conflate");
        }
    }

    private LogFilter filter(final String text) throws BadParams
    {
        return "null".equals(text) ? new LogFilter(List.of(), List.of()) :
            filters.filter(filters.object(text, 1), 1);
    }

    /** The relay's own options stand in a trailing object and must not reach an upstream, which would refuse them. */
    private void takeRelayOptions(final List<String> arguments, final int first) throws BadParams
    {
        final int last = arguments.size() - 1;
        if (last < first || !arguments.get(last).startsWith(OPTIONS_START))
        {
            return;
        }
        if (!(params.read(arguments.get(last)) instanceof Map<?, ?> holder) || holder.size() != 1)
        {
            throw new BadParams("relay options must stand alone: {\"relay\":{...}}");
        }
        final OptionsParser.Parsed own = optionsParser.readMap(holder.get("relay"));
        if (own.fault() != null)
        {
            throw new BadParams(own.fault());
        }
        ownOptions = own.options();
        options = ownOptions.over(options);
        arguments.remove(last);
        if (last > 0 && arguments.get(last - 1).startsWith(OPTIONS_START))
        {
            throw new BadParams("relay options given twice");
        }
    }

    private SubscriptionRequest passThrough(final String text)
    {
        final String passed = isOrdered ? CanonicalJson.ordered(text) : text;
        return new SubscriptionRequest(passed, passed, null, options);
    }

    /** Nobody else ever has the same. */
    private SubscriptionRequest solo(final String text)
    {
        final String own = text + " #" + ++soloCount;
        return new SubscriptionRequest(own, own, text, null, options);
    }

    /** Takes the place of the first item out of the params: who wants the same from elsewhere may share the feed. */
    private SubscriptionRequest counted(
        final SubscriptionMethod method, final byte[] bytes, final int offset, final int length) throws BadParams
    {
        final Map<String, String> members = CanonicalJson.members(ParamsReader.minify(bytes, offset, length));
        final String start = members.remove(method.items().position().param());
        members.values().removeIf("null"::equals);
        if (start == null || !start.matches("[0-9]{1,18}"))
        {
            throw invalid(method);
        }
        final String rest = CanonicalJson.object(members);
        return new SubscriptionRequest(rest, rest, null, options).from(Long.parseLong(start));
    }

    private static BadParams invalid(final SubscriptionMethod method)
    {
        return new BadParams("Invalid params for method '" + method.subscribe() + "'");
    }

    private boolean isSolo(final ItemTraits.Sharing sharing, final List<String> arguments)
    {
        return switch (sharing)
        {
            case EQUAL -> false;
            case EQUAL_OF_ONE -> holdsSeveral(arguments);
            case NONE -> true;
        };
    }

    private boolean holdsSeveral(final List<String> arguments)
    {
        final byte[] first = arguments.isEmpty() ? new byte[0] : arguments.get(0).getBytes(StandardCharsets.UTF_8);
        final List<String> listed = first.length > 0 && first[0] == '[' ? params.split(first, 0, first.length) : null;
        return listed != null && listed.size() > 1;
    }

    private static void requireArgument(final boolean isMissing) throws BadParams
    {
        if (isMissing)
        {
            throw new BadParams("missing value for required argument 0");
        }
    }

    private static String join(final List<String> arguments)
    {
        return '[' + String.join(",", arguments) + ']';
    }
}
