package io.ringcast.transport.door;

import io.ringcast.config.AccessConfig;
import io.ringcast.config.AddressRange;
import io.ringcast.config.KeyConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.RightsConfig;
import io.ringcast.session.ClientRights;
import io.ringcast.session.MethodFilter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may enter and what for, as one configuration says it.
 * Immutable, but for what is taken of rights, which goes on from one configuration to the next.
 */
final class AccessTerms
{
    /** The rights of tokens and of those without a key, beside those of keys, whose names have no such sign. */
    private static final String TOKENS = "<tokens>";
    private static final String ANONYMOUS = "<anonymous>";

    private final AccessConfig config;
    private final List<String> origins;
    private final List<AddressRange> proxies;
    private final List<AddressRange> proxyProtocol;
    /** Null without a limit. */
    private final AcceptRate acceptRate;
    private final Map<String, ClientKey> keys = new HashMap<>();
    private final TokenSubjects subjects;
    private final AccessTerms before;
    /** What {@link #apply} does to the rights that go on. */
    private final List<Runnable> changes = new ArrayList<>();

    /**
     * Works it out; nothing changes yet.
     *
     * @param relay  the configuration.
     * @param before what holds until now, or null.
     * @param nowNs  the time.
     */
    AccessTerms(final RelayConfig relay, final AccessTerms before, final long nowNs)
    {
        this.before = before;
        subjects = before == null ? new TokenSubjects() : before.subjects;
        config = relay.access();
        origins = relay.doors().httpOrigins();
        proxies = config.proxies().stream().map(AddressRange::parse).toList();
        proxyProtocol = config.proxyProtocol().stream().map(AddressRange::parse).toList();
        acceptRate = acceptRate(nowNs);
        final List<String> exempt = new ArrayList<>();
        relay.networks().forEach(network -> network.subscriptionMethods().forEach(method ->
        {
            exempt.add(method.subscribe());
            exempt.add(method.unsubscribe());
        }));
        for (final KeyConfig key : config.keys())
        {
            add(key.name(), key.name(), key.rights(), exempt, true);
        }
        if (config.jwt() != null)
        {
            add(TOKENS, "jwt", config.jwt().rights(), exempt, true);
        }
        if (!config.wantsKey())
        {
            add(ANONYMOUS, "anonymous", config.anonymous() == null ? RightsConfig.defaults() : config.anonymous(),
                exempt, hasKeys());
        }
    }

    /** From here on it holds, also for those who are in; whoever's key is no more is to go. It can't fail. */
    void apply()
    {
        changes.forEach(Runnable::run);
        if (before != null)
        {
            before.keys.forEach((name, key) ->
            {
                if (!keys.containsKey(name))
                {
                    key.rights().revoke();
                }
            });
        }
    }

    AccessConfig config()
    {
        return config;
    }

    /** Web origins whose pages are welcome. */
    List<String> origins()
    {
        return origins;
    }

    /** Whose word counts on where a client is. */
    List<AddressRange> proxies()
    {
        return proxies;
    }

    /** Whose connections begin with a header of the PROXY protocol. */
    List<AddressRange> proxyProtocol()
    {
        return proxyProtocol;
    }

    /** Null without a limit. */
    AcceptRate acceptRate()
    {
        return acceptRate;
    }

    boolean hasKeys()
    {
        return !config.keys().isEmpty() || config.jwt() != null;
    }

    /** The key of a name; null if there is none any more. */
    ClientKey key(final String name)
    {
        return keys.get(name);
    }

    /** What a token opens; null if too many subjects are here. */
    ClientKey keyOf(final Token token)
    {
        final ClientKey all = keys.get(TOKENS);
        if (config.jwt().subjects() == null)
        {
            return all;
        }
        final ClientRights own = subjects.of(token, config.jwt().subjects(), all.rights());
        return own == null ? null : new ClientKey(own, all.networks());
    }

    /** What may be done without a key; null if nothing. */
    ClientKey anonymous()
    {
        return keys.get(ANONYMOUS);
    }

    private AcceptRate acceptRate(final long nowNs)
    {
        if (config.acceptsPerSecond() == 0)
        {
            return null;
        }
        return before != null && before.config.acceptsPerSecond() == config.acceptsPerSecond() ? before.acceptRate :
            new AcceptRate(config.acceptsPerSecond(), nowNs);
    }

    private void add(
        final String place, final String name, final RightsConfig rights, final List<String> exempt,
        final boolean asksForPublish)
    {
        final List<String> deny = new ArrayList<>(rights.deny() == null ? config.deny() : rights.deny());
        if (asksForPublish && !rights.publish())
        {
            deny.add("relay_publish");
        }
        // A method that the configuration names as one that subscribes is wanted, whatever the relay's own list says.
        final MethodFilter methods =
            new MethodFilter(rights.allow(), deny, rights.deny() == null ? exempt : List.of());
        final ClientKey known = before == null ? null : before.keys.get(place);
        final ClientRights own = known == null ?
            new ClientRights(name, methods, rights.connections(), rights.subscriptions(), rights.requestsPerSecond(),
                rights.bytesPerSecond()) : known.rights();
        if (known != null)
        {
            changes.add(() -> own.change(methods, rights.connections(), rights.subscriptions(),
                rights.requestsPerSecond(), rights.bytesPerSecond()));
        }
        keys.put(place, new ClientKey(own, rights.networks()));
    }
}
