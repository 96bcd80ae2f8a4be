package io.ringcast.tools.sim;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The positional parameters of one call, read with geth's error texts.
 * Immutable.
 *
 * @param values what JSON made of them.
 */
record RpcParams(List<?> values)
{
    static RpcParams of(final Object params)
    {
        if (params == null)
        {
            return new RpcParams(List.of());
        }
        if (params instanceof List<?> list)
        {
            return new RpcParams(list);
        }
        throw RpcException.invalidParams("non-array args");
    }

    Object get(final int index)
    {
        return index < values.size() ? values.get(index) : null;
    }

    String text(final int index)
    {
        final Object value = get(index);
        if (value == null)
        {
            throw RpcException.invalidParams("missing value for required argument " + index);
        }
        if (value instanceof String text)
        {
            return text;
        }
        throw RpcException.invalidParams("invalid argument " + index + ": not a string");
    }

    /** A lower-case {@code 0x} string of any whole number of bytes. */
    String hex(final int index)
    {
        final String text = text(index);
        if (text.length() % 2 != 0 || !text.matches("0x[0-9a-fA-F]*"))
        {
            throw RpcException.invalidParams("invalid argument " + index + ": not a hex string with 0x prefix");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    Map<?, ?> mapping(final int index)
    {
        final Object value = get(index);
        if (value == null)
        {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map)
        {
            return map;
        }
        throw RpcException.invalidParams("invalid argument " + index + ": not an object");
    }

    boolean flag(final int index)
    {
        return Boolean.TRUE.equals(get(index));
    }

    int count(final int index, final int defaultCount, final int max)
    {
        final Object value = get(index);
        final long count = value == null ? defaultCount : value instanceof Number number ? number.longValue() : -1;
        if (count < 1 || count > max)
        {
            throw RpcException.invalidParams("invalid argument " + index + ": allowed: 1 to " + max);
        }
        return (int)count;
    }
}
