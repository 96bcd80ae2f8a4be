package io.ringcast.tools.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which logs are wanted, by geth's rules: an address list, and per topic position nothing, a value or a list to choose
 * from.
 * Immutable.
 *
 * @param addresses empty means any.
 * @param topics    one set per position; an empty set means any.
 */
record LogFilter(Set<String> addresses, List<Set<String>> topics)
{
    private static final int ADDRESS_DIGITS = 40;
    private static final int TOPIC_DIGITS = 64;

    /** Reads the filter object of eth_subscribe or eth_getLogs. */
    static LogFilter of(final Map<?, ?> criteria)
    {
        final List<Set<String>> topics = new ArrayList<>();
        final Object positions = criteria.get("topics");
        if (positions instanceof List<?> list)
        {
            list.forEach(position -> topics.add(values(position, TOPIC_DIGITS)));
        }
        else if (positions != null)
        {
            throw RpcException.invalidParams("invalid topics");
        }
        if (topics.size() > 4)
        {
            throw RpcException.invalidParams("exceed max topics");
        }
        return new LogFilter(values(criteria.get("address"), ADDRESS_DIGITS), topics);
    }

    private static Set<String> values(final Object value, final int digits)
    {
        if (value == null)
        {
            return Set.of();
        }
        if (value instanceof List<?> list)
        {
            // A null among the choices of a position makes it match anything.
            return list.stream().anyMatch(Objects::isNull) ? Set.of() :
                list.stream().map(element -> hex(element, digits)).collect(Collectors.toSet());
        }
        return Set.of(hex(value, digits));
    }

    private static String hex(final Object value, final int digits)
    {
        if (value instanceof String text && text.matches("0x[0-9a-fA-F]{" + digits + "}"))
        {
            return text.toLowerCase(Locale.ROOT);
        }
        throw RpcException.invalidParams("invalid address or topic in filter");
    }

    boolean matches(final SimulatedLog log)
    {
        if (!addresses.isEmpty() && !addresses.contains(log.address()) || topics.size() > log.topics().size())
        {
            return false;
        }
        for (int i = 0; i < topics.size(); i++)
        {
            if (!topics.get(i).isEmpty() && !topics.get(i).contains(log.topics().get(i)))
            {
                return false;
            }
        }
        return true;
    }
}
