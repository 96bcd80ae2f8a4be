package io.ringcast.conversation;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the names of a conversation stand for: a {@code $name} that is new stands for any number, subscription id or
 * epoch and keeps what it met; two names never have the same value. {@code $name:hex} is the value without its 0x.
 * Confined to one thread.
 */
public final class ConversationNames
{
    private static final Pattern VARIABLE = Pattern.compile("\\$([a-zA-Z0-9]+)(:hex)?");

    private final Map<String, String> values = new HashMap<>();

    /**
     * Compares a text with what is expected, and notes what new names stand for.
     *
     * @param pattern what is expected.
     * @param text    what was heard.
     * @return what is wrong, or null.
     */
    public String complaint(final String pattern, final String text)
    {
        final Matcher matcher = Pattern.compile(regex(pattern), Pattern.DOTALL).matcher(text);
        if (!matcher.matches())
        {
            return "heard\n  " + text;
        }
        final Matcher variable = VARIABLE.matcher(pattern);
        while (variable.find())
        {
            final String variableName = variable.group(1);
            if (!values.containsKey(variableName))
            {
                final String value = matcher.group("v" + variableName);
                if (values.containsValue(value))
                {
                    return "heard $" + variableName + " with the value of another name: " + value;
                }
                values.put(variableName, value);
            }
        }
        return null;
    }

    /**
     * Puts values in the place of names.
     *
     * @param text what is to be said.
     * @return the same without names.
     */
    public String fill(final String text)
    {
        return VARIABLE.matcher(text).replaceAll(variable ->
        {
            final String value = values.get(variable.group(1));
            if (value == null)
            {
                throw new AssertionError("$" + variable.group(1) + " has no value yet");
            }
            return variable.group(2) == null ? value : value.substring(2);
        });
    }

    /**
     * Puts values in the place of names, as far as they have any.
     *
     * @param pattern what is expected.
     * @return the same with fewer names.
     */
    public String fillKnown(final String pattern)
    {
        return VARIABLE.matcher(pattern).replaceAll(variable ->
            Matcher.quoteReplacement(
                values.containsKey(variable.group(1)) ? fill(variable.group()) : variable.group()));
    }

    private String regex(final String pattern)
    {
        final StringBuilder regex = new StringBuilder();
        final Matcher variable = VARIABLE.matcher(pattern);
        int position = 0;
        while (variable.find())
        {
            regex.append(Pattern.quote(pattern.substring(position, variable.start())));
            final String value = values.get(variable.group(1));
            regex.append(value != null ?
                Pattern.quote(value) :
                "(?<v" + variable.group(1) + ">0x[1-9a-f][0-9a-f]{31}|[0-9]+|[0-9a-z]{7}|[0-9A-Za-z]{16})");
            position = variable.end();
        }
        return regex.append(Pattern.quote(pattern.substring(position))).toString();
    }
}
