package io.ringcast.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Which methods may be called.
 * Immutable. A look costs two look-ups by hash for each list, whatever their lengths; prefixes that are no whole
 * namespace are compared one after the other.
 */
public final class MethodFilter
{
    /** Every method. */
    public static final MethodFilter ALL = new MethodFilter(List.of("*"), List.of(), List.of());

    /** Names, and prefixes such as {@code debug_*}. */
    private static final class Patterns
    {
        private final boolean isAll;
        private final byte[][] names;
        private final byte[][] namespaces;
        private final byte[][] prefixes;

        Patterns(final List<String> patterns)
        {
            isAll = patterns.contains("*");
            names = table(
                patterns.stream().filter(pattern -> !pattern.endsWith("*")).map(MethodFilter::bytes).toList());
            final List<byte[]> prefixes = patterns.stream()
                .filter(pattern -> pattern.endsWith("*"))
                .map(pattern -> bytes(pattern.substring(0, pattern.length() - 1)))
                .toList();
            namespaces = table(prefixes.stream().filter(MethodFilter::isNamespace).toList());
            this.prefixes = prefixes.stream().filter(prefix -> !isNamespace(prefix)).toArray(byte[][]::new);
        }

        boolean matches(final byte[] text, final int offset, final int length)
        {
            if (isAll || names.length > 0 && holds(names, text, offset, length))
            {
                return true;
            }
            if (namespaces.length > 0)
            {
                final int end = namespaceEnd(text, offset, length);
                if (end > 0 && holds(namespaces, text, offset, end))
                {
                    return true;
                }
            }
            for (final byte[] prefix : prefixes)
            {
                if (length >= prefix.length &&
                    Arrays.equals(prefix, 0, prefix.length, text, offset, offset + prefix.length))
                {
                    return true;
                }
            }
            return false;
        }
    }

    private final Patterns allowed;
    private final Patterns denied;
    private final Patterns exempt;

    /**
     * Creates one.
     *
     * @param allow  patterns, each a name, or a prefix and {@code *}; what none of them matches is refused.
     * @param deny   patterns of what is refused all the same.
     * @param exempt patterns of what is not refused for the sake of {@code deny}.
     */
    public MethodFilter(final List<String> allow, final List<String> deny, final List<String> exempt)
    {
        allowed = new Patterns(allow);
        denied = new Patterns(deny);
        this.exempt = new Patterns(exempt);
    }

    /**
     * Tells whether a method may be called.
     *
     * @param text   holds the name.
     * @param offset where it starts, without its quote.
     * @param length its length in bytes.
     * @return false if it is refused.
     */
    public boolean isAllowed(final byte[] text, final int offset, final int length)
    {
        return allowed.matches(text, offset, length) &&
            (!denied.matches(text, offset, length) || exempt.matches(text, offset, length));
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether a prefix ends with its first underscore, so that a name has at most one such prefix. */
    private static boolean isNamespace(final byte[] prefix)
    {
        return prefix.length > 0 && namespaceEnd(prefix, 0, prefix.length) == prefix.length;
    }

    private static int namespaceEnd(final byte[] text, final int offset, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            if (text[offset + i] == '_')
            {
                return i + 1;
            }
        }
        return 0;
    }

    private static byte[][] table(final List<byte[]> names)
    {
        if (names.isEmpty())
        {
            return new byte[0][];
        }
        final byte[][] places = new byte[Integer.highestOneBit(names.size()) * 4][];
        for (final byte[] name : names)
        {
            places[find(places, name, 0, name.length)] = name;
        }
        return places;
    }

    private static boolean holds(final byte[][] places, final byte[] text, final int offset, final int length)
    {
        return places[find(places, text, offset, length)] != null;
    }

    /** The place of a name, or the empty one where it would stand. */
    private static int find(final byte[][] places, final byte[] text, final int offset, final int length)
    {
        int hash = length;
        for (int i = 0; i < length; i++)
        {
            hash = hash * 31 + text[offset + i];
        }
        int place = (hash ^ hash >>> 15) & places.length - 1;
        while (places[place] != null && !(places[place].length == length &&
            Arrays.equals(places[place], 0, length, text, offset, offset + length)))
        {
            place = place + 1 & places.length - 1;
        }
        return place;
    }
}
