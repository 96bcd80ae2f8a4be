package io.ringcast.session;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Brings delivery options from a URL's query into the form of the JSON object.
 * Any thread: it holds nothing.
 */
final class OptionsQuery
{
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");
    private static final Set<DeliveryOption> TRUTHS = EnumSet.of(
        DeliveryOption.STAMPS, DeliveryOption.EMPTY_BLOCKS, DeliveryOption.HISTORY);
    private static final Set<String> LISTS = Set.of("key", "fields");
    private static final Set<String> NUMBERS = Set.of("everyMs", "maxItems", "maxBytes", "maxAgeMs", "q");
    /** With those of {@link ConnectionWish}, which takes its own out of the query before. */
    private static final String FLAGS = "stamps, emptyBlocks, history, restore or status, with commas between them";
    private static final String QUERY_NAME = "relay";

    private OptionsQuery()
    {
    }

    /** The members as the JSON object would have them, which are still to be checked; null if there is no option. */
    static Map<String, Object> read(final String query) throws OptionRefusal
    {
        if (query == null || !query.contains(QUERY_NAME))
        {
            return null;
        }
        final Map<String, Object> map = new LinkedHashMap<>();
        for (final String parameter : query.split("&"))
        {
            final int equals = parameter.indexOf('=');
            final String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            final String value = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
            if (isOptionName(name))
            {
                put(map, name, value);
            }
        }
        return map;
    }

    static boolean isOptionName(final String name)
    {
        return QUERY_NAME.equals(name) || name.startsWith(QUERY_NAME + '.');
    }

    private static String decoded(final String text) throws OptionRefusal
    {
        try
        {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
        catch (final IllegalArgumentException e)
        {
            throw new OptionRefusal("the query is not URL-encoded");
        }
    }

    private static void put(final Map<String, Object> map, final String name, final String value) throws OptionRefusal
    {
        if (QUERY_NAME.equals(name))
        {
            for (final String flag : value.split(","))
            {
                final DeliveryOption option = DeliveryOption.find(flag);
                if (option == null || !TRUTHS.contains(option))
                {
                    throw OptionRefusal.of("relay", flag, FLAGS);
                }
                put(map, "relay." + flag, "true");
            }
            return;
        }
        final String[] path = name.substring(QUERY_NAME.length() + 1).split("\\.", -1);
        final boolean isLag = "lag".equals(path[0]);
        Map<String, Object> target = map;
        String key = path[0];
        if (isLag || path.length > 1)
        {
            if (!isLag || path.length > 2)
            {
                throw new OptionRefusal(
                    "unknown relay option " + OptionRefusal.shown(name) + "; allowed: relay.lag.NAME, relay.NAME");
            }
            target = lagOf(map);
            key = path.length == 1 ? "policy" : path[1];
        }
        if (target.put(key, typed(key, value)) != null)
        {
            throw new OptionRefusal("relay option " + OptionRefusal.shown(name) + " is given twice");
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> lagOf(final Map<String, Object> map)
    {
        return (Map<String, Object>)map.computeIfAbsent("lag", absent -> new LinkedHashMap<String, Object>());
    }

    private static Object typed(final String name, final String value)
    {
        final DeliveryOption option = DeliveryOption.find(name);
        if (option != null && TRUTHS.contains(option))
        {
            return "true".equals(value) || "1".equals(value) ? (Object)Boolean.TRUE :
                "false".equals(value) || "0".equals(value) ? Boolean.FALSE : value;
        }
        if (NUMBERS.contains(name) && DIGITS.matcher(value).matches())
        {
            return Long.parseLong(value);
        }
        // Whatever is no preset is the one member of a list: a query has no brackets to say so.
        final boolean isList = value.indexOf(',') >= 0 ||
            option == DeliveryOption.FIELDS && !DeliveryOptions.FIELD_PRESETS.contains(value);
        return LISTS.contains(name) && isList ? List.of(value.split(",", -1)) : value;
    }
}
