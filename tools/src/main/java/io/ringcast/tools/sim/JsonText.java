package io.ringcast.tools.sim;

import java.util.Collection;
import java.util.SplittableRandom;

/** Pieces of JSON as Ethereum writes them. Any thread. */
final class JsonText
{
    private JsonText()
    {
    }

    static String quantity(final long value)
    {
        return "\"0x" + Long.toHexString(value) + '"';
    }

    static String quote(final String text)
    {
        final StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\')
            {
                json.append('\\').append(c);
            }
            else if (c < 0x20 || Character.isSurrogate(c))
            {
                json.append(String.format("\\u%04x", (int)c));
            }
            else
            {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    static String array(final Collection<String> elements)
    {
        return "[" + String.join(",", elements) + "]";
    }

    /** {@code 0x} and 64 random digits. */
    static String random32(final SplittableRandom random)
    {
        return String.format("0x%016x%016x%016x%016x",
            random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }
}
