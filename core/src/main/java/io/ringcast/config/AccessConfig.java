package io.ringcast.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who may enter by the relay's port and what they may do there. The Unix domain socket is the owner's, who may do all.
 * Immutable.
 *
 * @param keys             API keys; default none. With any, or with {@code jwt}, nobody enters without one unless
 *                         {@code anonymous} says so.
 * @param jwt              signed tokens, or null, the default.
 * @param anonymous        what may be done without a key; null, the default, for everything that is not denied while
 *                         there are no keys, and for nothing once there are.
 * @param deny             methods that may not be called, each a name or a prefix with {@code *}; default
 *                         {@link RightsConfig#DEFAULT_DENY}. Rights with a list of their own don't look here.
 * @param hosts            names that a {@code Host} header may have, beside addresses; default none: all may pass.
 * @param proxies          addresses, or ranges such as 10.0.0.0/8, whose {@code Forwarded} and {@code X-Forwarded-For}
 *                         are believed; default none.
 * @param proxyProtocol    addresses, or ranges, whose connections begin with a header of the PROXY protocol (version 1
 *                         or 2) that says where the client is; default none. From there it is required, from elsewhere
 *                         it is no request.
 * @param acceptsPerSecond connections a second from one address; default 0, no limit. Lower stops floods sooner; higher
 *                         lets many clients behind one address come at once.
 * @param headerBytes      the longest head of a request; default 8192. Lower saves memory; higher takes large tokens.
 */
public record AccessConfig(
    List<KeyConfig> keys, JwtConfig jwt, RightsConfig anonymous, List<String> deny, List<String> hosts,
    List<String> proxies, List<String> proxyProtocol, long acceptsPerSecond, long headerBytes)
{
    /** Setting {@code acceptsPerSecond}. */
    public static final NumberSetting ACCEPTS_PER_SECOND = NumberSetting.of(
        "acceptsPerSecond", 0, 0, 1_000_000, "connections a second from one address; 0 is no limit");
    /** Setting {@code headerBytes}. */
    public static final NumberSetting HEADER_BYTES = NumberSetting.of(
        "headerBytes", 8_192, 1_024, 1_048_576, "longest head of a request, in bytes");
    /** The numbers, in the order of the components. */
    public static final List<NumberSetting> SETTINGS = List.of(ACCEPTS_PER_SECOND, HEADER_BYTES);

    public AccessConfig
    {
        keys = List.copyOf(keys);
        deny = List.copyOf(deny);
        hosts = List.copyOf(hosts);
        proxies = List.copyOf(proxies);
        proxyProtocol = List.copyOf(proxyProtocol);
        RightsConfig.checkPatterns("deny", deny);
        final Set<String> names = new HashSet<>();
        for (final KeyConfig key : keys)
        {
            if (!names.add(key.name()))
            {
                throw new ConfigException("keys", key.name(), "name given twice", "each name once");
            }
        }
        for (final String host : hosts)
        {
            if (!host.matches("\\*|[A-Za-z0-9.-]+"))
            {
                throw new ConfigException("hosts", host, "not a host", "a host name without a port, or *");
            }
        }
        proxies.forEach(AddressRange::parse);
        proxyProtocol.forEach(AddressRange::parse);
        ACCEPTS_PER_SECOND.check(acceptsPerSecond);
        HEADER_BYTES.check(headerBytes);
    }

    /** Everybody's rights. */
    List<RightsConfig> rights()
    {
        final List<RightsConfig> all = new ArrayList<>();
        keys.forEach(key -> all.add(key.rights()));
        if (jwt != null)
        {
            all.add(jwt.rights());
        }
        if (anonymous != null)
        {
            all.add(anonymous);
        }
        return all;
    }

    /** Whether somebody without a key is turned away. */
    public boolean wantsKey()
    {
        return (!keys.isEmpty() || jwt != null) && anonymous == null;
    }

    public static AccessConfig defaults()
    {
        return builder().build();
    }

    public static Builder builder()
    {
        return new Builder();
    }

    /** A builder that starts from these values. */
    public Builder toBuilder()
    {
        return builder().keys(keys).jwt(jwt).anonymous(anonymous).deny(deny).hosts(hosts).proxies(proxies)
            .proxyProtocol(proxyProtocol)
            .set(ACCEPTS_PER_SECOND, acceptsPerSecond).set(HEADER_BYTES, headerBytes);
    }

    /** Collects values; what is not given has its default. Confined to the thread that builds a configuration. */
    public static final class Builder
    {
        private final NumberSettings values = new NumberSettings(SETTINGS);
        private List<KeyConfig> keys = List.of();
        private JwtConfig jwt;
        private RightsConfig anonymous;
        private List<String> deny = RightsConfig.DEFAULT_DENY;
        private List<String> hosts = List.of();
        private List<String> proxies = List.of();
        private List<String> proxyProtocol = List.of();

        private Builder()
        {
        }

        /** Sets one value by its table entry, as the YAML reader and the flags do. */
        public Builder set(final NumberSetting setting, final long value)
        {
            values.set(setting, value);
            return this;
        }

        public Builder keys(final List<KeyConfig> newKeys)
        {
            keys = newKeys;
            return this;
        }

        public Builder jwt(final JwtConfig newJwt)
        {
            jwt = newJwt;
            return this;
        }

        public Builder anonymous(final RightsConfig rights)
        {
            anonymous = rights;
            return this;
        }

        public Builder deny(final List<String> patterns)
        {
            deny = patterns;
            return this;
        }

        public Builder hosts(final List<String> names)
        {
            hosts = names;
            return this;
        }

        public Builder proxies(final List<String> ranges)
        {
            proxies = ranges;
            return this;
        }

        public Builder proxyProtocol(final List<String> ranges)
        {
            proxyProtocol = ranges;
            return this;
        }

        public AccessConfig build()
        {
            return new AccessConfig(keys, jwt, anonymous, deny, hosts, proxies, proxyProtocol,
                values.get(ACCEPTS_PER_SECOND), values.get(HEADER_BYTES));
        }
    }
}
