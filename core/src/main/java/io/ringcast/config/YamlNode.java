package io.ringcast.config;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * One value of a YAML text and where it lies, so that every refusal names the full path.
 * Confined to the thread that reads the file.
 *
 * @param path  {@code networks[0].upstreams[0].url}; empty for the whole text.
 * @param value what snakeyaml-engine made of it.
 */
record YamlNode(String path, Object value)
{
    /** Hands each member that is there to the caller; members with no value ({@code limits:}) count as absent. */
    void forEachMember(final List<String> knownKeys, final MemberConsumer consumer)
    {
        if (!(value instanceof Map<?, ?> map))
        {
            throw refusal("not a mapping", "a mapping of " + String.join(", ", knownKeys));
        }
        for (final Map.Entry<?, ?> entry : map.entrySet())
        {
            final String key = String.valueOf(entry.getKey());
            final YamlNode member = new YamlNode(path.isEmpty() ? key : path + "." + key, entry.getValue());
            if (!knownKeys.contains(key))
            {
                throw member.refusal(Spelling.unknown("key", key, knownKeys), String.join(", ", knownKeys));
            }
            if (member.value != null)
            {
                consumer.onMember(key, member);
            }
        }
    }

    /** Hands each member of a mapping from any names to texts to the caller. A value that is no text is not shown. */
    void forEachText(final BiConsumer<String, String> consumer)
    {
        if (!(value instanceof Map<?, ?> map))
        {
            throw new ConfigException(path, "...", "not a mapping", "a mapping of names to texts");
        }
        map.forEach((key, text) ->
        {
            if (!(text instanceof String))
            {
                throw new ConfigException(path + "." + key, "...", "not text", "text in quotes");
            }
            consumer.accept(String.valueOf(key), (String)text);
        });
    }

    List<YamlNode> elements(final String allowed)
    {
        if (!(value instanceof List<?> list))
        {
            throw refusal("not a list", allowed);
        }
        return IntStream.range(0, list.size()).mapToObj(i -> new YamlNode(path + "[" + i + "]", list.get(i))).toList();
    }

    boolean isMapping()
    {
        return value instanceof Map<?, ?>;
    }

    String text(final String allowed)
    {
        if (value instanceof String text)
        {
            return text;
        }
        throw refusal("not text", allowed);
    }

    long number(final NumberSetting setting)
    {
        if (value instanceof Integer || value instanceof Long)
        {
            return at(() -> setting.check(((Number)value).longValue()));
        }
        throw refusal("not a whole number", setting.allowed());
    }

    boolean truth()
    {
        if (value instanceof Boolean truth)
        {
            return truth;
        }
        throw refusal("not a truth value", "true, false");
    }

    <E extends Enum<E>> E choice(final Class<E> type)
    {
        return Choice.parse(path, text(String.join(", ", Choice.words(type))), type);
    }

    /** Runs a step whose refusals name this value itself, whatever the step calls it. */
    <T> T at(final Supplier<T> step)
    {
        try
        {
            return step.get();
        }
        catch (final ConfigException ex)
        {
            throw ex.named(path);
        }
    }

    /** Runs a step whose refusals name something inside this value. */
    <T> T within(final Supplier<T> step)
    {
        try
        {
            return step.get();
        }
        catch (final ConfigException ex)
        {
            throw ex.within(path);
        }
    }

    ConfigException refusal(final String problem, final String allowed)
    {
        return new ConfigException(path.isEmpty() ? "config" : path, shown(), problem, allowed);
    }

    /** Never the text of a collection: one that holds itself has no end. */
    private Object shown()
    {
        if (value instanceof Map<?, ?>)
        {
            return "{...}";
        }
        return value instanceof Iterable<?> ? "[...]" : value;
    }

    /** Takes one member of a mapping. */
    @FunctionalInterface
    interface MemberConsumer
    {
        void onMember(String key, YamlNode member);
    }
}
