package io.ringcast.session;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonReader;
import com.dslplatform.json.ObjectConverter;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads delivery options, from wherever they are given, into {@link DeliveryOptions}.
 * Confined to the thread that uses it.
 *
 * <p>All three ways are brought into the form of the JSON object and read by the same strict rules: an unknown name, a
 * value of another type or out of its range, and an option that this version does not have are refused with the name,
 * the value and what is allowed.
 */
public final class OptionsParser
{
    /** Longest time between two items that {@code everyMs} can ask for. */
    static final int MAX_EVERY_MS = 60_000;
    /** How many filters one subscription may have. */
    static final int MAX_FILTERS = 64;

    private static final int MAX_NAMES = 64;
    private static final long MAX_COUNT = Integer.MAX_VALUE;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");
    private static final Pattern EPOCH = Pattern.compile("[0-9A-Za-z]{1,32}");
    private static final Pattern PLAIN_TEXT = Pattern.compile("[0-9A-Za-z_.-]*");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");
    private static final Set<DeliveryOption> TRUTHS = EnumSet.of(
        DeliveryOption.STAMPS, DeliveryOption.EMPTY_BLOCKS, DeliveryOption.HISTORY);
    private static final Set<String> LISTS = Set.of("key", "fields");
    private static final Set<String> NUMBERS = Set.of("everyMs", "maxItems", "maxBytes", "maxAgeMs", "q");
    private static final String QUERY_NAME = "relay";

    /**
     * What came of it.
     *
     * @param options what was asked for; null if there is a fault.
     * @param fault   what is wrong, in one line; null if nothing is.
     */
    public record Parsed(DeliveryOptions options, String fault)
    {
    }

    /** A value that can't be used. Thrown on the way out of one reading only. */
    private static final class Refusal extends Exception
    {
        private static final long serialVersionUID = 1L;

        Refusal(final String message)
        {
            super(message, null, false, false);
        }
    }

    private final DslJson<Object> json = new DslJson<>();

    /**
     * Reads the JSON object.
     *
     * @param text a text that the scanner has accepted.
     * @return the options or the fault.
     */
    public Parsed readJson(final String text)
    {
        try
        {
            final byte[] copy = text.getBytes(StandardCharsets.UTF_8);
            final JsonReader<Object> reader = json.newReader(copy, copy.length);
            reader.getNextToken();
            return readMap(ObjectConverter.deserializeObject(reader));
        }
        catch (final IOException e)
        {
            return new Parsed(null, "relay options: " + e.getMessage());
        }
    }

    /**
     * Reads an object as a JSON or YAML reader gives it.
     *
     * @param value a map from names to values.
     * @return the options or the fault.
     */
    public Parsed readMap(final Object value)
    {
        try
        {
            if (!(value instanceof Map<?, ?> map))
            {
                throw new Refusal("relay options must be an object");
            }
            return new Parsed(read(map), null);
        }
        catch (final Refusal e)
        {
            return new Parsed(null, e.getMessage());
        }
    }

    /**
     * Reads the query of a URL: {@code relay=stamps,history&relay.lag=conflate&relay.lag.key=address}. Names that do
     * not begin with {@code relay} are somebody else's and passed over.
     *
     * @param query what stands behind the question mark; may be null.
     * @return the options or the fault.
     */
    public Parsed readQuery(final String query)
    {
        if (query == null || !query.contains(QUERY_NAME))
        {
            return new Parsed(DeliveryOptions.PLAIN, null);
        }
        final Map<String, Object> map = new LinkedHashMap<>();
        try
        {
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
        }
        catch (final Refusal e)
        {
            return new Parsed(null, e.getMessage());
        }
        return readMap(map);
    }

    /**
     * Tells whether a query's parameter is an option.
     *
     * @param name the decoded name.
     * @return true if {@link #readQuery} takes it.
     */
    public static boolean isOptionName(final String name)
    {
        return QUERY_NAME.equals(name) || name.startsWith(QUERY_NAME + '.');
    }

    private static String decoded(final String text) throws Refusal
    {
        try
        {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
        catch (final IllegalArgumentException e)
        {
            throw new Refusal("the query is not URL-encoded");
        }
    }

    private static void put(final Map<String, Object> map, final String name, final String value) throws Refusal
    {
        if (QUERY_NAME.equals(name))
        {
            for (final String flag : value.split(","))
            {
                final DeliveryOption option = DeliveryOption.find(flag);
                if (option == null || !TRUTHS.contains(option))
                {
                    throw refusal("relay", flag, "stamps, emptyBlocks or history, with commas between them");
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
                throw new Refusal("unknown relay option " + shown(name) + "; allowed: relay.lag.NAME, relay.NAME");
            }
            target = lagOf(map);
            key = path.length == 1 ? "policy" : path[1];
        }
        if (target.put(key, typed(key, value)) != null)
        {
            throw new Refusal("relay option " + shown(name) + " is given twice");
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
        return LISTS.contains(name) && value.indexOf(',') >= 0 ? List.of(value.split(",", -1)) : value;
    }

    private static DeliveryOptions read(final Map<?, ?> map) throws Refusal
    {
        for (final Object name : map.keySet())
        {
            checkName(name);
        }
        return new DeliveryOptions(
            truth(map, DeliveryOption.STAMPS),
            lag(map.get(DeliveryOption.LAG.text())),
            everyMs(map.get(DeliveryOption.EVERY_MS.text())),
            resume(map.get(DeliveryOption.RESUME.text())),
            word(map, DeliveryOption.ON_GAP, "error", "live", "backfill"),
            word(map, DeliveryOption.ORDER, "block") == null ? null : Boolean.TRUE,
            truth(map, DeliveryOption.EMPTY_BLOCKS),
            fields(map.get(DeliveryOption.FIELDS.text())),
            filters(map.get(DeliveryOption.ANY.text())),
            truth(map, DeliveryOption.HISTORY));
    }

    private static void checkName(final Object name) throws Refusal
    {
        final DeliveryOption option = DeliveryOption.find(String.valueOf(name));
        if (option == null || !option.isAvailable())
        {
            final String problem = option == null ? "unknown relay option " + shown(name) :
                "relay option " + option.text() + " is not available in this version";
            final List<String> available = DeliveryOption.available();
            throw new Refusal(problem + "; allowed: " + (available.isEmpty() ? "none" : String.join(", ", available)));
        }
    }

    private static Boolean truth(final Map<?, ?> map, final DeliveryOption option) throws Refusal
    {
        final Object value = map.get(option.text());
        if (value == null || value instanceof Boolean)
        {
            return (Boolean)value;
        }
        throw refusal(option.text(), value, "true or false");
    }

    private static String word(final Map<?, ?> map, final DeliveryOption option, final String... allowed)
        throws Refusal
    {
        final Object value = map.get(option.text());
        if (value != null && !List.of(allowed).contains(value))
        {
            throw refusal(option.text(), value, String.join(" or ", allowed));
        }
        return (String)value;
    }

    private static LagOptions lag(final Object value) throws Refusal
    {
        if (value == null)
        {
            return null;
        }
        if (!(value instanceof Map<?, ?> map))
        {
            throw refusal("lag", value, "an object with policy, maxItems, maxBytes, maxAgeMs and key");
        }
        checkMembers("lag", map, List.of("policy", "maxItems", "maxBytes", "maxAgeMs", "key"));
        if (map.get("key") != null && !LagOptions.KEY_PARTS.containsAll(names("lag.key", map.get("key"))))
        {
            throw refusal("lag.key", map.get("key"), String.join(", ", LagOptions.KEY_PARTS));
        }
        return new LagOptions(
            policy(map.get("policy")),
            (int)number("lag.maxItems", map.get("maxItems"), MAX_COUNT),
            number("lag.maxBytes", map.get("maxBytes"), MAX_COUNT),
            (int)number("lag.maxAgeMs", map.get("maxAgeMs"), MAX_COUNT),
            map.get("key") == null ? List.of() : names("lag.key", map.get("key")));
    }

    private static LagPolicy policy(final Object value) throws Refusal
    {
        for (final LagPolicy policy : LagPolicy.values())
        {
            if (policy.text().equals(value))
            {
                return policy;
            }
        }
        throw refusal("lag.policy", value, "disconnect, dropOldest, conflate or spill");
    }

    private static Integer everyMs(final Object value) throws Refusal
    {
        return value == null ? null : (Integer)(int)number("everyMs", value, MAX_EVERY_MS);
    }

    private static ResumePosition resume(final Object value) throws Refusal
    {
        final String allowed = "{\"e\":EPOCH,\"q\":NUMBER}, {\"c\":CURSOR}, or all three";
        if (value == null)
        {
            return null;
        }
        if (!(value instanceof Map<?, ?> map))
        {
            throw refusal("resume", value, allowed);
        }
        checkMembers("resume", map, List.of("e", "q", "c"));
        final PortableCursor cursor = cursor(map.get("c"));
        if (cursor != null && map.size() == 1)
        {
            return new ResumePosition(null, 0, cursor);
        }
        if (map.size() == (cursor == null ? 2 : 3) && map.get("e") instanceof String epoch &&
            EPOCH.matcher(epoch).matches() && isWhole(map.get("q")))
        {
            return new ResumePosition(epoch, ((Number)map.get("q")).longValue(), cursor);
        }
        throw refusal("resume", value, allowed);
    }

    private static PortableCursor cursor(final Object value) throws Refusal
    {
        final PortableCursor cursor = value instanceof String text ? PortableCursor.parse(text) : null;
        if (value != null && cursor == null)
        {
            throw refusal("resume.c", value, "NUMBER:16 HEX DIGITS:INDEX");
        }
        return cursor;
    }

    private static boolean isWhole(final Object value)
    {
        return (value instanceof Integer || value instanceof Long) && ((Number)value).longValue() >= 0;
    }

    /** A list of members' names, or the one name of a preset, which is kept with an @ before it. */
    private static List<String> fields(final Object value) throws Refusal
    {
        if (value == null)
        {
            return null;
        }
        if (value instanceof String preset && NAME.matcher(preset).matches())
        {
            return List.of('@' + preset);
        }
        return names("fields", value);
    }

    private static List<String> names(final String option, final Object value) throws Refusal
    {
        final List<?> values = value instanceof List<?> list ? list : List.of(value);
        final List<String> names = new ArrayList<>();
        for (final Object name : values)
        {
            if (!(name instanceof String text) || !NAME.matcher(text).matches() || names.contains(text))
            {
                throw refusal(option, name, "names of members, each once");
            }
            names.add(text);
        }
        if (names.isEmpty() || names.size() > MAX_NAMES)
        {
            throw refusal(option, value, "1 to " + MAX_NAMES + " names");
        }
        return names;
    }

    private static List<String> filters(final Object value) throws Refusal
    {
        if (value == null)
        {
            return null;
        }
        if (!(value instanceof List<?> list) || list.isEmpty() || list.size() > MAX_FILTERS)
        {
            throw refusal("any", value, "1 to " + MAX_FILTERS + " logs filters");
        }
        final List<String> filters = new ArrayList<>();
        for (final Object filter : list)
        {
            if (!(filter instanceof Map<?, ?>))
            {
                throw refusal("any", filter, "objects with address and topics");
            }
            final StringBuilder text = new StringBuilder();
            write(filter, text);
            filters.add(text.toString());
        }
        return filters;
    }

    /** Filters consist of hex, lists and null; anything that would need an escape is none. */
    private static void write(final Object value, final StringBuilder out) throws Refusal
    {
        if (value instanceof Map<?, ?> map)
        {
            String separator = "{";
            out.append(map.isEmpty() ? separator : "");
            for (final Map.Entry<?, ?> member : map.entrySet())
            {
                out.append(separator);
                write(member.getKey(), out);
                out.append(':');
                write(member.getValue(), out);
                separator = ",";
            }
            out.append('}');
        }
        else if (value instanceof List<?> list)
        {
            String separator = "[";
            out.append(list.isEmpty() ? separator : "");
            for (final Object element : list)
            {
                out.append(separator);
                write(element, out);
                separator = ",";
            }
            out.append(']');
        }
        else if (value instanceof String text)
        {
            if (!PLAIN_TEXT.matcher(text).matches())
            {
                throw refusal("any", text, "hex strings");
            }
            out.append('"').append(text).append('"');
        }
        else
        {
            out.append(value);
        }
    }

    private static void checkMembers(final String option, final Map<?, ?> map, final List<String> allowed)
        throws Refusal
    {
        for (final Object name : map.keySet())
        {
            if (!allowed.contains(name))
            {
                throw new Refusal(
                    "unknown relay option " + option + '.' + shown(name) + "; allowed: " + String.join(", ", allowed));
            }
        }
    }

    private static long number(final String option, final Object value, final long max) throws Refusal
    {
        if (value == null)
        {
            return 0;
        }
        if (value instanceof Integer || value instanceof Long)
        {
            final long number = ((Number)value).longValue();
            if (number >= 1 && number <= max)
            {
                return number;
            }
        }
        throw refusal(option, value, "a whole number from 1 to " + max);
    }

    private static Refusal refusal(final String option, final Object value, final String allowed)
    {
        return new Refusal("relay option " + option + '=' + shown(value) + "; allowed: " + allowed);
    }

    /** What a client sent goes back to it shortened and without anything that could be taken for something else. */
    private static String shown(final Object value)
    {
        final String text = String.valueOf(value);
        return text.substring(0, Math.min(60, text.length())).replaceAll("[^ -~]|[\"\\\\]", "?");
    }
}
