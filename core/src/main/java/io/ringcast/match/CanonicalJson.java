package io.ringcast.match;

import io.ringcast.frame.JsonCursor;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Writes JSON with the members of each object in the order of their names, so that equal requests are equal texts.
 * Any thread.
 */
final class CanonicalJson
{
    private CanonicalJson()
    {
    }

    /**
     * Orders members.
     *
     * @param json a value that the scanner has accepted, without white space.
     * @return the same value; of members that have the same name the last one is kept.
     */
    static String ordered(final String json)
    {
        if (json.indexOf('{') < 0)
        {
            return json;
        }
        final byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return ordered(bytes, 0, bytes.length);
    }

    private static String ordered(final byte[] bytes, final int offset, final int length)
    {
        final JsonCursor cursor = new JsonCursor();
        if (!cursor.tryBegin(bytes, offset, length))
        {
            return text(bytes, offset, length);
        }
        if (!cursor.isObject())
        {
            final StringJoiner array = new StringJoiner(",", "[", "]");
            while (cursor.next())
            {
                array.add(ordered(bytes, cursor.valueOffset, cursor.valueLength));
            }
            return array.toString();
        }
        return object(members(bytes, cursor));
    }

    /** The members of an object by name; none of what is no object. */
    static Map<String, String> members(final String json)
    {
        final byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        final JsonCursor cursor = new JsonCursor();
        return cursor.tryBegin(bytes, 0, bytes.length) && cursor.isObject() ? members(bytes, cursor) : new TreeMap<>();
    }

    /** Writes an object. */
    static String object(final Map<String, String> members)
    {
        final StringJoiner object = new StringJoiner(",", "{", "}");
        members.forEach((name, value) -> object.add('"' + name + "\":" + value));
        return object.toString();
    }

    private static Map<String, String> members(final byte[] bytes, final JsonCursor cursor)
    {
        final Map<String, String> members = new TreeMap<>();
        while (cursor.next())
        {
            members.put(text(bytes, cursor.nameOffset, cursor.nameLength),
                ordered(bytes, cursor.valueOffset, cursor.valueLength));
        }
        return members;
    }

    private static String text(final byte[] bytes, final int offset, final int length)
    {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
