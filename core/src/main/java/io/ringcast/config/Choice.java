package io.ringcast.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Reads a setting that is one of a few words; the words are the lower-case names of an enum. Any thread. */
public final class Choice
{
    private Choice()
    {
    }

    /**
     * Reads one word.
     *
     * @param name the setting, for the message.
     * @param text the word, in any case; {@code -} stands for {@code _}.
     * @param type the enum.
     * @param <E>  the enum.
     * @return its constant.
     * @throws ConfigException when there is no such word.
     */
    public static <E extends Enum<E>> E parse(final String name, final String text, final Class<E> type)
    {
        final String wanted = text.trim().replace('-', '_');
        for (final E constant : type.getEnumConstants())
        {
            if (constant.name().equalsIgnoreCase(wanted))
            {
                return constant;
            }
        }
        final List<String> words = words(type);
        throw new ConfigException(name, text, Spelling.unknown("value", text, words), String.join(", ", words));
    }

    /**
     * The words of an enum, in its order.
     *
     * @param type the enum.
     * @return for example {@code [auto, compact, shared, dedicated]}.
     */
    public static List<String> words(final Class<? extends Enum<?>> type)
    {
        return Arrays.stream(type.getEnumConstants()).map(c -> c.name().toLowerCase(Locale.ROOT)).toList();
    }
}
