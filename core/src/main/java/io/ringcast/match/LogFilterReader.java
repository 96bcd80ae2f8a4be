package io.ringcast.match;

import io.ringcast.config.LimitsConfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads which logs are wanted: the members {@code address} and {@code topics} of a filter object.
 * Confined to the pipeline thread that runs match.
 */
final class LogFilterReader
{
    private static final int MAX_TOPICS = 4;
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{40}");
    private static final Pattern TOPIC = Pattern.compile("0x[0-9a-f]{64}");

    private static final List<String> NAMES = List.of("address", "topics");

    private final ParamsReader params;
    private final LimitsConfig limits;

    LogFilterReader(final ParamsReader params, final LimitsConfig limits)
    {
        this.params = params;
        this.limits = limits;
    }

    /**
     * Reads an argument that must be a filter object.
     *
     * @param argument its text, without white space.
     * @param index    its place among the arguments, for the complaint.
     */
    Map<?, ?> object(final String argument, final int index) throws BadParams
    {
        if (argument.indexOf('\\') >= 0)
        {
            throw invalid(index, "escapes are not allowed in a log filter");
        }
        if (!(params.read(argument) instanceof Map<?, ?> filter))
        {
            throw invalid(index, "a log filter must be an object");
        }
        requireSpelling(filter, index);
        return filter;
    }

    /**
     * Refuses what the relay and a node may read otherwise, in a filter that a node applies: the relay asks for logs
     * that were not told with the same one. What is no filter is the node's to refuse.
     *
     * @param argument as for {@link #object}.
     * @param index    as for it.
     */
    void requireClear(final String argument, final int index) throws BadParams
    {
        if (argument.startsWith("{"))
        {
            object(argument, index);
        }
    }

    /** Nodes take capital letters for small ones. */
    private static void requireSpelling(final Map<?, ?> filter, final int index) throws BadParams
    {
        for (final Object name : filter.keySet())
        {
            for (final String known : NAMES)
            {
                if (known.equalsIgnoreCase(name.toString()) && !known.equals(name))
                {
                    throw invalid(index, "a log filter's " + known + " is written in small letters");
                }
            }
        }
    }

    LogFilter filter(final Map<?, ?> members, final int index) throws BadParams
    {
        return new LogFilter(addresses(members.get("address"), index), topics(members.get("topics"), index));
    }

    /** Tells whether a value is 32 bytes in hex. */
    static boolean isHash(final Object value)
    {
        return value instanceof String text && TOPIC.matcher(text.toLowerCase(Locale.ROOT)).matches();
    }

    static BadParams invalid(final int index, final String complaint)
    {
        return new BadParams("invalid argument " + index + ": " + complaint);
    }

    private List<String> addresses(final Object value, final int index) throws BadParams
    {
        final List<String> addresses = new ArrayList<>();
        final List<?> values = value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
        if (values.size() > limits.filterAddresses())
        {
            throw new BadParams("exceed max addresses: at most " + limits.filterAddresses());
        }
        for (final Object address : values)
        {
            addresses.add(hex(address, ADDRESS, "address", "20 bytes", index));
        }
        return addresses;
    }

    private List<List<String>> topics(final Object value, final int index) throws BadParams
    {
        if (value == null)
        {
            return List.of();
        }
        if (!(value instanceof List<?> positions))
        {
            throw invalid(index, "topics must be an array");
        }
        if (positions.size() > MAX_TOPICS)
        {
            throw new BadParams("exceed max topics: at most " + MAX_TOPICS);
        }
        final List<List<String>> topics = new ArrayList<>();
        for (final Object position : positions)
        {
            topics.add(alternatives(position, index));
        }
        return topics;
    }

    /** One topic position: null, a topic, or a list of them; a null in the list makes it a wildcard, as in geth. */
    private List<String> alternatives(final Object position, final int index) throws BadParams
    {
        final List<String> alternatives = new ArrayList<>();
        final List<?> values =
            position == null ? List.of() : position instanceof List<?> list ? list : List.of(position);
        if (values.size() > limits.filterTopicValues())
        {
            throw new BadParams("exceed max topic values: at most " + limits.filterTopicValues());
        }
        for (final Object topic : values)
        {
            if (topic == null)
            {
                return List.of();
            }
            alternatives.add(hex(topic, TOPIC, "topic", "32 bytes", index));
        }
        return alternatives;
    }

    private static String hex(
        final Object value, final Pattern pattern, final String name, final String size, final int index)
        throws BadParams
    {
        if (value instanceof String text)
        {
            final String lowerCase = text.toLowerCase(Locale.ROOT);
            if (pattern.matcher(lowerCase).matches())
            {
                return lowerCase;
            }
        }
        throw invalid(index, "invalid " + name + " in log filter: want a hex string of " + size);
    }
}
