package io.ringcast.session;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A delivery option that can't be had, in one line. Thrown on the way out of one reading only. */
final class OptionRefusal extends Exception
{
    private static final long serialVersionUID = 1L;
    private static final int LIMIT_SHOWN = 60;

    OptionRefusal(final String message)
    {
        super(message, null, false, false);
    }

    static OptionRefusal of(final String option, final Object value, final String allowed)
    {
        return new OptionRefusal("relay option " + option + '=' + shown(value) + "; allowed: " + allowed);
    }

    /** What a client sent goes back to it shortened and without anything that could be taken for something else. */
    static String shown(final Object value)
    {
        final String text = text(value, false);
        return text.substring(0, Math.min(LIMIT_SHOWN, text.length()));
    }

    /** As JSON, but for a text by itself, which has no quotes. */
    private static String text(final Object value, final boolean isQuoted)
    {
        if (value instanceof Map<?, ?> map)
        {
            return map.entrySet().stream()
                .map(member -> text(String.valueOf(member.getKey()), true) + ':' + text(member.getValue(), true))
                .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list)
        {
            return list.stream().map(item -> text(item, true)).collect(Collectors.joining(",", "[", "]"));
        }
        final String plain = String.valueOf(value).replaceAll("[^ -~]|[\"\\\\]", "?");
        return isQuoted && value instanceof String ? '"' + plain + '"' : plain;
    }
}
