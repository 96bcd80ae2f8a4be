package io.ringcast.config;

/**
 * One whole-number setting: its name, default, range and meaning, from which checks, YAML keys and flags are made.
 * Immutable.
 *
 * @param name         in camelCase with its unit: {@code callTimeoutMs}.
 * @param defaultValue used when nothing is said.
 * @param min          the least value that works.
 * @param max          the greatest value that works.
 * @param powerOfTwo   whether only powers of two are accepted.
 * @param meaning      half a sentence for the help page.
 */
public record NumberSetting(
    String name, long defaultValue, long min, long max, boolean powerOfTwo, String meaning)
{
    static NumberSetting of(
        final String name, final long defaultValue, final long min, final long max, final String meaning)
    {
        return new NumberSetting(name, defaultValue, min, max, false, meaning);
    }

    static NumberSetting powerOfTwo(
        final String name, final long defaultValue, final long min, final long max, final String meaning)
    {
        return new NumberSetting(name, defaultValue, min, max, true, meaning);
    }

    /**
     * Refuses a value that does not work.
     *
     * @param value the value wanted.
     * @return the same value.
     * @throws ConfigException when it is out of range.
     */
    public long check(final long value)
    {
        if (value < min)
        {
            throw new ConfigException(name, value, "too small", allowed());
        }
        if (value > max)
        {
            throw new ConfigException(name, value, "too large", allowed());
        }
        if (powerOfTwo && Long.bitCount(value) != 1)
        {
            throw new ConfigException(name, value, "not a power of two", allowed());
        }
        return value;
    }

    /**
     * Reads a value from text, as a flag gives it.
     *
     * @param text decimal digits.
     * @return the checked value.
     * @throws ConfigException when it is no whole number or out of range.
     */
    public long parse(final String text)
    {
        final long value;
        try
        {
            value = Long.parseLong(text.trim());
        }
        catch (final NumberFormatException ex)
        {
            throw new ConfigException(name, text, "not a whole number", allowed());
        }
        return check(value);
    }

    /** What is accepted, for messages: {@code a power of two from 64 to 1048576}. */
    public String allowed()
    {
        return (powerOfTwo ? "a power of two" : "a whole number") + " from " + min + " to " + max;
    }
}
