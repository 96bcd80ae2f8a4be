package io.ringcast.session;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonReader;
import com.dslplatform.json.ObjectConverter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final Pattern BLOCK =
        Pattern.compile("0x[0-9a-fA-F]{1,16}|earliest|finalized|safe|latest|pending");
    private static final Pattern EPOCH = Pattern.compile("[0-9A-Za-z]{1,32}");
    private static final Pattern PLAIN_TEXT = Pattern.compile("[0-9A-Za-z_.-]*");

    /**
     * What came of it.
     *
     * @param options what was asked for; null if there is a fault.
     * @param fault   what is wrong, in one line; null if nothing is.
     */
    public record Parsed(DeliveryOptions options, String fault)
    {
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
                throw new OptionRefusal("relay options must be an object");
            }
            return new Parsed(read(map), null);
        }
        catch (final OptionRefusal e)
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
        try
        {
            final Map<String, Object> map = OptionsQuery.read(query);
            return map == null ? new Parsed(DeliveryOptions.PLAIN, null) : readMap(map);
        }
        catch (final OptionRefusal e)
        {
            return new Parsed(null, e.getMessage());
        }
    }

    /**
     * Tells whether a query's parameter is an option.
     *
     * @param name the decoded name.
     * @return true if {@link #readQuery} takes it.
     */
    public static boolean isOptionName(final String name)
    {
        return OptionsQuery.isOptionName(name);
    }

    private static DeliveryOptions read(final Map<?, ?> map) throws OptionRefusal
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
            truth(map, DeliveryOption.HISTORY),
            fromBlock(map.get(DeliveryOption.FROM_BLOCK.text())));
    }

    private static void checkName(final Object name) throws OptionRefusal
    {
        final DeliveryOption option = DeliveryOption.find(String.valueOf(name));
        if (option == null || !option.isAvailable())
        {
            final String problem = option == null ? "unknown relay option " + OptionRefusal.shown(name) :
                "relay option " + option.text() + " is not available in this version";
            final List<String> available = DeliveryOption.available();
            throw new OptionRefusal(
                problem + "; allowed: " + (available.isEmpty() ? "none" : String.join(", ", available)));
        }
    }

    private static Boolean truth(final Map<?, ?> map, final DeliveryOption option) throws OptionRefusal
    {
        final Object value = map.get(option.text());
        if (value == null || value instanceof Boolean)
        {
            return (Boolean)value;
        }
        throw OptionRefusal.of(option.text(), value, "true or false");
    }

    private static String word(final Map<?, ?> map, final DeliveryOption option, final String... allowed)
        throws OptionRefusal
    {
        final Object value = map.get(option.text());
        if (value != null && !List.of(allowed).contains(value))
        {
            throw OptionRefusal.of(option.text(), value, String.join(" or ", allowed));
        }
        return (String)value;
    }

    private static LagOptions lag(final Object value) throws OptionRefusal
    {
        if (value == null)
        {
            return null;
        }
        if (!(value instanceof Map<?, ?> map))
        {
            throw OptionRefusal.of("lag", value, "an object with policy, maxItems, maxBytes, maxAgeMs and key");
        }
        checkMembers("lag", map, List.of("policy", "maxItems", "maxBytes", "maxAgeMs", "key"));
        if (map.get("key") != null && !LagOptions.KEY_PARTS.containsAll(names("lag.key", map.get("key"))))
        {
            throw OptionRefusal.of("lag.key", map.get("key"), String.join(", ", LagOptions.KEY_PARTS));
        }
        final LagPolicy policy = policy(map.get("policy"));
        checkIsHeeded(map, policy);
        return new LagOptions(
            policy,
            (int)number("lag.maxItems", map.get("maxItems"), MAX_COUNT),
            number("lag.maxBytes", map.get("maxBytes"), MAX_COUNT),
            (int)number("lag.maxAgeMs", map.get("maxAgeMs"), MAX_COUNT),
            map.get("key") == null ? List.of() : names("lag.key", map.get("key")));
    }

    /** What a policy does not look at is refused: who asked for it would rely on it. */
    private static void checkIsHeeded(final Map<?, ?> map, final LagPolicy policy) throws OptionRefusal
    {
        if (policy != LagPolicy.CONFLATE && map.get("key") != null)
        {
            throw OptionRefusal.of("lag.key", map.get("key"), "only with the policy conflate");
        }
    }

    private static LagPolicy policy(final Object value) throws OptionRefusal
    {
        for (final LagPolicy policy : LagPolicy.values())
        {
            if (policy.text().equals(value))
            {
                return policy;
            }
        }
        throw OptionRefusal.of("lag.policy", value, "disconnect, dropOldest, dropNew, conflate or spill");
    }

    private static Integer everyMs(final Object value) throws OptionRefusal
    {
        return value == null ? null : (Integer)(int)number("everyMs", value, MAX_EVERY_MS);
    }

    private static ResumePosition resume(final Object value) throws OptionRefusal
    {
        final String allowed = "{\"e\":EPOCH,\"q\":NUMBER}, {\"c\":CURSOR}, or all three";
        if (value == null)
        {
            return null;
        }
        if (!(value instanceof Map<?, ?> map))
        {
            throw OptionRefusal.of("resume", value, allowed);
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
        throw OptionRefusal.of("resume", value, allowed);
    }

    private static PortableCursor cursor(final Object value) throws OptionRefusal
    {
        final PortableCursor cursor = value instanceof String text ? PortableCursor.parse(text) : null;
        if (value != null && cursor == null)
        {
            throw OptionRefusal.of("resume.c", value, "NUMBER:16 HEX DIGITS:INDEX");
        }
        return cursor;
    }

    private static String fromBlock(final Object value) throws OptionRefusal
    {
        if (value == null || value instanceof String text && BLOCK.matcher(text).matches())
        {
            return (String)value;
        }
        throw OptionRefusal.of(
            "fromBlock", value, "a block number in hex, earliest, finalized, safe, latest or pending");
    }

    private static boolean isWhole(final Object value)
    {
        return (value instanceof Integer || value instanceof Long) && ((Number)value).longValue() >= 0;
    }

    /** A list of members' names, or the one name of a preset, which is kept with an @ before it. */
    private static List<String> fields(final Object value) throws OptionRefusal
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

    private static List<String> names(final String option, final Object value) throws OptionRefusal
    {
        final List<?> values = value instanceof List<?> list ? list : List.of(value);
        final List<String> names = new ArrayList<>();
        for (final Object name : values)
        {
            if (!(name instanceof String text) || !NAME.matcher(text).matches() || names.contains(text))
            {
                throw OptionRefusal.of(option, name, "names of members, each once");
            }
            names.add(text);
        }
        if (names.isEmpty() || names.size() > MAX_NAMES)
        {
            throw OptionRefusal.of(option, value, "1 to " + MAX_NAMES + " names");
        }
        return names;
    }

    private static List<String> filters(final Object value) throws OptionRefusal
    {
        if (value == null)
        {
            return null;
        }
        if (!(value instanceof List<?> list) || list.isEmpty() || list.size() > MAX_FILTERS)
        {
            throw OptionRefusal.of("any", value, "1 to " + MAX_FILTERS + " logs filters");
        }
        final List<String> filters = new ArrayList<>();
        for (final Object filter : list)
        {
            if (!(filter instanceof Map<?, ?>))
            {
                throw OptionRefusal.of("any", filter, "objects with address and topics");
            }
            final StringBuilder text = new StringBuilder();
            write(filter, text);
            filters.add(text.toString());
        }
        return filters;
    }

    /** Filters consist of hex, lists and null; anything that would need an escape is none. */
    private static void write(final Object value, final StringBuilder out) throws OptionRefusal
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
                throw OptionRefusal.of("any", text, "hex strings");
            }
            out.append('"').append(text).append('"');
        }
        else
        {
            out.append(value);
        }
    }

    private static void checkMembers(final String option, final Map<?, ?> map, final List<String> allowed)
        throws OptionRefusal
    {
        for (final Object name : map.keySet())
        {
            if (!allowed.contains(name))
            {
                throw new OptionRefusal(
                    "unknown relay option " + option + '.' + OptionRefusal.shown(name) + "; allowed: " +
                    String.join(", ", allowed));
            }
        }
    }

    private static long number(final String option, final Object value, final long max) throws OptionRefusal
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
        throw OptionRefusal.of(option, value, "a whole number from 1 to " + max);
    }
}
