package io.ringcast.config;

import java.util.List;

/**
 * What somebody may do. A limit of 0 is none.
 * Immutable.
 *
 * @param networks          names of the networks that may be used; empty, the default, for all.
 * @param allow             methods that may be called, each a name or a prefix with {@code *}; default all.
 * @param deny              methods that may not be called all the same; null, the default, for the relay's own list.
 * @param publish           whether items may be published; default false.
 * @param connections       connections at once, over HTTP requests at once; default 0.
 * @param subscriptions     subscriptions at once; default 0.
 * @param requestsPerSecond calls a second, each of a batch by itself; default 0.
 * @param bytesPerSecond    bytes of calls and their answers a second; default 0.
 */
public record RightsConfig(
    List<String> networks, List<String> allow, List<String> deny, boolean publish, long connections,
    long subscriptions, long requestsPerSecond, long bytesPerSecond)
{
    /** Setting {@code connections}. */
    public static final NumberSetting CONNECTIONS = NumberSetting.of(
        "connections", 0, 0, 1_000_000, "connections at once, over HTTP requests at once; 0 is no limit");
    /** Setting {@code subscriptions}. */
    public static final NumberSetting SUBSCRIPTIONS = NumberSetting.of(
        "subscriptions", 0, 0, 1_000_000_000, "subscriptions at once; 0 is no limit");
    /** Setting {@code requestsPerSecond}. */
    public static final NumberSetting REQUESTS_PER_SECOND = NumberSetting.of(
        "requestsPerSecond", 0, 0, 1_000_000_000, "calls a second, each of a batch by itself; 0 is no limit");
    /** Setting {@code bytesPerSecond}. */
    public static final NumberSetting BYTES_PER_SECOND = NumberSetting.of(
        "bytesPerSecond", 0, 0, 1_000_000_000_000L, "bytes of calls and their answers a second; 0 is no limit");
    /** The numbers, in the order of the components. */
    public static final List<NumberSetting> SETTINGS =
        List.of(CONNECTIONS, SUBSCRIPTIONS, REQUESTS_PER_SECOND, BYTES_PER_SECOND);

    /** What nobody may call unless a list of his own says otherwise: a node's own affairs. */
    public static final List<String> DEFAULT_DENY =
        List.of("admin_*", "debug_*", "personal_*", "engine_*", "miner_*");

    private static final int MAX_PATTERNS = 256;

    public RightsConfig
    {
        networks = List.copyOf(networks);
        allow = List.copyOf(allow);
        deny = deny == null ? null : List.copyOf(deny);
        checkPatterns("allow", allow);
        if (deny != null)
        {
            checkPatterns("deny", deny);
        }
        CONNECTIONS.check(connections);
        SUBSCRIPTIONS.check(subscriptions);
        REQUESTS_PER_SECOND.check(requestsPerSecond);
        BYTES_PER_SECOND.check(bytesPerSecond);
    }

    /**
     * Checks patterns of methods.
     *
     * @param name     the setting, for the message.
     * @param patterns the patterns.
     * @throws ConfigException naming the first that is none.
     */
    static void checkPatterns(final String name, final List<String> patterns)
    {
        if (patterns.size() > MAX_PATTERNS)
        {
            throw new ConfigException(name, "[" + patterns.size() + " methods]", "too many", "0 to " + MAX_PATTERNS);
        }
        for (final String pattern : patterns)
        {
            if (!pattern.matches("[A-Za-z0-9_.:/-]{0,127}[A-Za-z0-9_.:/*-]"))
            {
                throw new ConfigException(name, pattern, "not a method",
                    "the name of a method, or how names begin and *, such as debug_*");
            }
        }
    }

    /** Everything that the relay's own list does not deny, without limits. */
    public static RightsConfig defaults()
    {
        return builder().build();
    }

    public static Builder builder()
    {
        return new Builder();
    }

    /** Collects values; what is not given has its default. Confined to the thread that builds a configuration. */
    public static final class Builder
    {
        private final NumberSettings values = new NumberSettings(SETTINGS);
        private List<String> networks = List.of();
        private List<String> allow = List.of("*");
        private List<String> deny;
        private boolean publish;

        private Builder()
        {
        }

        /** Sets one value by its table entry. */
        public Builder set(final NumberSetting setting, final long value)
        {
            values.set(setting, value);
            return this;
        }

        public Builder networks(final List<String> names)
        {
            networks = names;
            return this;
        }

        public Builder allow(final List<String> patterns)
        {
            allow = patterns;
            return this;
        }

        public Builder deny(final List<String> patterns)
        {
            deny = patterns;
            return this;
        }

        public Builder publish(final boolean may)
        {
            publish = may;
            return this;
        }

        public RightsConfig build()
        {
            return new RightsConfig(networks, allow, deny, publish, values.get(CONNECTIONS),
                values.get(SUBSCRIPTIONS), values.get(REQUESTS_PER_SECOND), values.get(BYTES_PER_SECOND));
        }
    }
}
