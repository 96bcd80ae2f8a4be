package io.ringcast.config;

/** The rule for names of networks and upstreams, which end up in counter names and logs. Any thread. */
final class Names
{
    private Names()
    {
    }

    static void check(final String key, final String name)
    {
        if (name == null || !name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"))
        {
            throw new ConfigException(key, name, "not a name",
                "1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit");
        }
    }
}
