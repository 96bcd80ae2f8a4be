package io.ringcast.config;

import java.io.Serial;

/**
 * A setting that cannot be used, in one line: {@code name=value: what is wrong; allowed: what is}.
 * Immutable.
 */
public final class ConfigException extends IllegalArgumentException
{
    @Serial
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_CHARS = 120;

    private final String name;
    private final String value;
    private final String problem;
    private final String allowed;

    /**
     * @param name    the setting, as the user wrote it or would write it: {@code networks[0].path}.
     * @param value   the refused value; null when it is missing.
     * @param problem what is wrong with it.
     * @param allowed what would be accepted.
     */
    public ConfigException(final String name, final Object value, final String problem, final String allowed)
    {
        this(name, shown(value), problem, allowed, null);
    }

    private ConfigException(
        final String name, final String value, final String problem, final String allowed, final Throwable cause)
    {
        super(name + "=" + value + ": " + problem + "; allowed: " + allowed, cause);
        this.name = name;
        this.value = value;
        this.problem = problem;
        this.allowed = allowed;
    }

    public String name()
    {
        return name;
    }

    public String value()
    {
        return value;
    }

    public String allowed()
    {
        return allowed;
    }

    /**
     * The same refusal seen from outside.
     *
     * @param path where the setting lies, for example {@code networks[0]}.
     * @return an exception for {@code path.name}.
     */
    public ConfigException within(final String path)
    {
        return named(path + "." + name);
    }

    /**
     * The same refusal under the name that the user wrote.
     *
     * @param otherName for example {@code --ring-slots}.
     * @return an exception with that name.
     */
    public ConfigException named(final String otherName)
    {
        return new ConfigException(otherName, value, problem, allowed, this);
    }

    private static String shown(final Object value)
    {
        final String text = String.valueOf(value).replaceAll("\\p{Cntrl}+", " ");
        return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "...";
    }
}
