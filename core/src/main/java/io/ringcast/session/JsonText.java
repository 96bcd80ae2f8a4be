package io.ringcast.session;

import java.util.List;

/**
 * Writes a small object in canonical form: members in the order of the calls, those without a value left out.
 * Confined to the thread that uses it. Names and texts hold nothing that JSON would have to escape.
 */
final class JsonText
{
    private final StringBuilder json = new StringBuilder("{");

    void text(final String name, final String value)
    {
        if (value != null)
        {
            raw(name, '"' + value + '"');
        }
    }

    void number(final String name, final long value)
    {
        if (value != 0)
        {
            raw(name, Long.toString(value));
        }
    }

    void texts(final String name, final List<String> values)
    {
        if (!values.isEmpty())
        {
            raw(name, "[\"" + String.join("\",\"", values) + "\"]");
        }
    }

    void raw(final String name, final String value)
    {
        json.append(json.length() > 1 ? ",\"" : "\"").append(name).append("\":").append(value);
    }

    String end()
    {
        return json.append('}').toString();
    }
}
