package io.ringcast.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cores in the notation of Linux: {@code 2-5,8}.
 * Immutable.
 *
 * @param cores each once, in the order in which they were written.
 */
public record CoreList(List<Integer> cores)
{
    /** No core was named. */
    public static final CoreList NONE = new CoreList(List.of());

    private static final int LIMIT_CORE = 4095;
    private static final String ALLOWED = "numbers and ranges from 0 to " + LIMIT_CORE + ", such as 2-5 or 2,4,6-7";

    public CoreList
    {
        cores = List.copyOf(cores);
    }

    /**
     * Reads a list.
     *
     * @param name the setting, for the message.
     * @param text such as {@code 2-5,8}; empty for none.
     * @return the cores.
     * @throws ConfigException when it is no such list, or names a core twice.
     */
    public static CoreList parse(final String name, final String text)
    {
        final List<Integer> cores = new ArrayList<>();
        if (text.isBlank())
        {
            return NONE;
        }
        for (final String part : text.split(",", -1))
        {
            final String range = part.strip();
            if (!range.matches("[0-9]{1,4}(-[0-9]{1,4})?"))
            {
                throw new ConfigException(name, text, "not a list of cores", ALLOWED);
            }
            final int dash = range.indexOf('-');
            final int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            final int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
            if (first > last || last > LIMIT_CORE)
            {
                throw new ConfigException(name, text, "not a list of cores", ALLOWED);
            }
            IntStream.rangeClosed(first, last).forEach(cores::add);
        }
        if (cores.stream().distinct().count() < cores.size())
        {
            throw new ConfigException(name, text, "a core stands there twice", ALLOWED);
        }
        return new CoreList(cores);
    }

    /**
     * Tells whether no core was named.
     *
     * @return true if there is none.
     */
    public boolean isEmpty()
    {
        return cores.isEmpty();
    }

    /**
     * Tells how many there are.
     *
     * @return the number.
     */
    public int count()
    {
        return cores.size();
    }

    /**
     * Takes some away.
     *
     * @param others what to leave out.
     * @return those that are left, in order.
     */
    public CoreList without(final CoreList others)
    {
        return new CoreList(cores.stream().filter(core -> !others.cores.contains(core)).toList());
    }

    /** In the same notation, shortest form of the sorted cores. */
    @Override
    public String toString()
    {
        final List<Integer> sorted = new ArrayList<>(cores);
        Collections.sort(sorted);
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < sorted.size(); i++)
        {
            int last = i;
            while (last + 1 < sorted.size() && sorted.get(last + 1) == sorted.get(last) + 1)
            {
                last++;
            }
            text.append(text.isEmpty() ? "" : ",").append(sorted.get(i)).append(last > i ? "-" + sorted.get(last) : "");
            i = last;
        }
        return text.toString();
    }
}
