package io.ringcast.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.ringcast.config.AccessConfig;
import io.ringcast.config.AddressRange;
import io.ringcast.config.ConfigException;
import io.ringcast.config.DoorsConfig;
import io.ringcast.config.KeyConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.RightsConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ClientRights;
import io.ringcast.session.MethodFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Who may enter by the relay's port, and what for.
 * Any thread; {@link #onTime} on the first I/O loop.
 *
 * <p>Looking costs a hash of what the client shows and one look-up. Secrets are read again when their files change;
 * those who are in stay.
 */
final class ClientAccess
{
    private static final Logger LOGGER = LoggerFactory.getLogger(ClientAccess.class);
    private static final HttpFault NO_KEY = new HttpFault(HttpResponseStatus.UNAUTHORIZED,
        "no valid key: send Authorization: Bearer, X-Api-Key, ?apikey= or the key behind the path");
    private static final HttpFault OTHER_NETWORK =
        new HttpFault(HttpResponseStatus.FORBIDDEN, "the key is not for this network");
    private static final HttpFault OTHER_ORIGIN =
        new HttpFault(HttpResponseStatus.FORBIDDEN, "pages of this origin may not use the relay");
    private static final HttpFault OTHER_HOST = new HttpFault(HttpResponseStatus.FORBIDDEN, "invalid host specified");
    private static final HttpFault TOO_FAST =
        new HttpFault(HttpResponseStatus.TOO_MANY_REQUESTS, "too many connections from this address");

    private final RelayConfig relay;
    private final AccessConfig config;
    private final List<String> origins;
    private final long checkNs;
    private final List<AddressRange> proxies;
    private final List<AddressRange> proxyProtocol;
    /** Null without a limit. */
    private final AcceptRate acceptRate;
    private final Map<String, ClientKey> keysByName = new HashMap<>();
    private final ClientKey tokenKey;
    private final ClientKey anonymous;
    private volatile KnownKeys known;
    // On the first I/O loop alone.
    private long checkedAtNs = System.nanoTime();
    private boolean isReading;
    private String lastRefusal = "";

    /**
     * Creates it with no secret known.
     *
     * @param config the relay's.
     */
    ClientAccess(final RelayConfig config)
    {
        this.config = config.access();
        origins = config.doors().httpOrigins();
        checkNs = TimeUnit.MILLISECONDS.toNanos(config.doors().fileCheckMs());
        proxies = this.config.proxies().stream().map(AddressRange::parse).toList();
        proxyProtocol = this.config.proxyProtocol().stream().map(AddressRange::parse).toList();
        acceptRate = this.config.acceptsPerSecond() == 0 ? null :
            new AcceptRate(this.config.acceptsPerSecond(), System.nanoTime());
        final List<String> exempt = new ArrayList<>();
        config.networks().forEach(network -> network.subscriptionMethods().forEach(method ->
        {
            exempt.add(method.subscribe());
            exempt.add(method.unsubscribe());
        }));
        final boolean hasKeys = !this.config.keys().isEmpty() || this.config.jwt() != null;
        for (final KeyConfig key : this.config.keys())
        {
            keysByName.put(key.name(), key(key.name(), key.rights(), exempt, true));
        }
        tokenKey = this.config.jwt() == null ? null : key("jwt", this.config.jwt().rights(), exempt, true);
        anonymous = this.config.wantsKey() ? null : key("anonymous",
            this.config.anonymous() == null ? RightsConfig.defaults() : this.config.anonymous(), exempt, hasKeys);
        relay = config;
    }

    /**
     * Reads the secrets, before anybody is let in. It waits for the disk.
     *
     * @throws ConfigException if a secret can't be used.
     */
    void readKeys()
    {
        known = KnownKeys.read(config);
        warn();
    }

    /** Whether a path may end with a key. */
    boolean hasKeys()
    {
        return !config.keys().isEmpty() || config.jwt() != null;
    }

    /**
     * Looks at a socket that has just been accepted. Behind a proxy the client is not known yet.
     *
     * @param channel the socket.
     * @param nowNs   the time.
     * @return false if its address has opened too many.
     */
    boolean tryAccept(final Channel channel, final long nowNs)
    {
        if (acceptRate == null)
        {
            return true;
        }
        final byte[] peer = peer(channel);
        return peer == null || ForwardedAddress.isKnown(peer, proxyProtocol) || tryAccept(peer, nowNs);
    }

    /** Takes a connection of an address, which may be a proxy's; false if it has opened too many. */
    boolean tryAccept(final byte[] address, final long nowNs)
    {
        return acceptRate == null || ForwardedAddress.isKnown(address, proxies) ||
            acceptRate.tryAccept(address, nowNs);
    }

    /** Whether a connection begins with a header of the PROXY protocol. */
    boolean wantsProxyHeader(final Channel channel)
    {
        final byte[] peer = proxyProtocol.isEmpty() ? null : peer(channel);
        return peer != null && ForwardedAddress.isKnown(peer, proxyProtocol);
    }

    /**
     * Looks at the first request of a connection.
     *
     * @param channel the socket.
     * @param headers of the request.
     * @param nowNs   the time.
     * @return why it goes no further, or null.
     */
    HttpFault firstFault(final Channel channel, final HttpHeaders headers, final long nowNs)
    {
        if (proxies.isEmpty())
        {
            return null;
        }
        final byte[] peer = peer(channel);
        if (peer == null || !ForwardedAddress.isKnown(peer, proxies))
        {
            return null;
        }
        final byte[] client = ForwardedAddress.of(headers, peer, proxies);
        ConnectionLog.setRemote(channel, client);
        return acceptRate == null || acceptRate.tryAccept(client, nowNs) ? null : TOO_FAST;
    }

    /**
     * Looks at where a request comes from and goes to, as geth does: who has no {@code Origin} is no page.
     *
     * @param headers of the request.
     * @return why it goes no further, or null.
     */
    HttpFault pageFault(final HttpHeaders headers)
    {
        final String host = headers.get(HttpHeaderNames.HOST);
        if (!config.hosts().isEmpty() && host != null && !isHostAllowed(hostOf(host)))
        {
            return OTHER_HOST;
        }
        final String origin = headers.get(HttpHeaderNames.ORIGIN);
        return origin == null || isOriginAllowed(origin) ? null : OTHER_ORIGIN;
    }

    /**
     * Looks at what a request shows.
     *
     * @param request the request.
     * @param pathKey what stands behind the network's path, or null.
     * @param network where it wants to go.
     * @param nowMs   the time, in milliseconds since 1970.
     * @return what came of it.
     */
    Admission admit(final HttpRequest request, final String pathKey, final NetworkRelay network, final long nowMs)
    {
        if (!hasKeys())
        {
            return Admission.granted(anonymous);
        }
        final String secret = Credentials.of(request.headers(), request.uri(), pathKey);
        final Admission found = secret == null ? ofAnonymous() : find(secret, nowMs);
        return found.fault() != null || found.key().mayUse(network) ? found : Admission.refused(OTHER_NETWORK);
    }

    /** Looks at the files, if it is time to, on another thread: an I/O thread never waits for the disk. */
    void onTime(final long nowNs, final EventLoop loop, final NetworkLoop countingLoop)
    {
        if (!hasKeys() || isReading || nowNs - checkedAtNs < checkNs)
        {
            return;
        }
        checkedAtNs = nowNs;
        isReading = true;
        CompletableFuture.supplyAsync(this::readAgain).thenAcceptAsync(read -> take(read, countingLoop), loop);
    }

    private Object readAgain()
    {
        try
        {
            return KnownKeys.read(config);
        }
        catch (final ConfigException e)
        {
            return e.getMessage();
        }
    }

    private void take(final Object read, final NetworkLoop countingLoop)
    {
        isReading = false;
        if (read instanceof KnownKeys keys)
        {
            lastRefusal = "";
            if (!keys.holdsTheSameAs(known))
            {
                known = keys;
                LOGGER.info("changed keys are in use");
            }
        }
        else if (!lastRefusal.equals(read))
        {
            lastRefusal = (String)read;
            countingLoop.counters().increment(RelayCounter.KEY_RELOADS_FAILED);
            LOGGER.warn("the keys stay what they were: {}", read);
        }
    }

    private Admission find(final String secret, final long nowMs)
    {
        final KnownKeys keys = known;
        final String name = keys.nameOf(secret);
        if (name != null)
        {
            return Admission.granted(keysByName.get(name));
        }
        if (keys.tokens() != null && secret.indexOf('.') > 0)
        {
            final long expiresAtMs = keys.tokens().expiresAtMs(secret, nowMs);
            if (expiresAtMs != TokenCheck.NOT_BELIEVED)
            {
                return new Admission(null, tokenKey, expiresAtMs);
            }
        }
        return Admission.refused(NO_KEY);
    }

    private Admission ofAnonymous()
    {
        return anonymous == null ? Admission.refused(NO_KEY) : Admission.granted(anonymous);
    }

    private ClientKey key(
        final String name, final RightsConfig rights, final List<String> exempt, final boolean asksForPublish)
    {
        final List<String> deny = new ArrayList<>(rights.deny() == null ? config.deny() : rights.deny());
        if (asksForPublish && !rights.publish())
        {
            deny.add("relay_publish");
        }
        // A method that the configuration names as one that subscribes is wanted, whatever the relay's own list says.
        final MethodFilter methods =
            new MethodFilter(rights.allow(), deny, rights.deny() == null ? exempt : List.of());
        return new ClientKey(new ClientRights(name, methods, rights.connections(), rights.subscriptions(),
            rights.requestsPerSecond(), rights.bytesPerSecond()), rights.networks());
    }

    private boolean isOriginAllowed(final String origin)
    {
        if (origins.contains(DoorsConfig.ANY_ORIGIN) || origins.contains(origin))
        {
            return true;
        }
        final int scheme = origin.indexOf("://");
        return scheme > 0 && isLocal(hostOf(origin.substring(scheme + 3)));
    }

    private boolean isHostAllowed(final String host)
    {
        return config.hosts().contains("*") || AddressRange.address(host) != null ||
            config.hosts().stream().anyMatch(host::equalsIgnoreCase);
    }

    private static boolean isLocal(final String host)
    {
        return "localhost".equals(host) || "::1".equals(host) ||
            host.startsWith("127.") && AddressRange.address(host) != null;
    }

    /** Without the port and the brackets. */
    private static String hostOf(final String authority)
    {
        final String text = authority.trim().toLowerCase(Locale.ROOT);
        if (text.startsWith("["))
        {
            final int end = text.indexOf(']');
            return end < 0 ? text : text.substring(1, end);
        }
        final int colon = text.indexOf(':');
        return colon < 0 ? text : text.substring(0, colon);
    }

    private static byte[] peer(final Channel channel)
    {
        final byte[] told = ConnectionLog.remote(channel);
        if (told != null)
        {
            return told;
        }
        return channel.remoteAddress() instanceof InetSocketAddress address && !address.isUnresolved() ?
            address.getAddress().getAddress() : null;
    }

    private void warn()
    {
        final InetSocketAddress listen = new InetSocketAddress(relay.listenHost(), relay.listenPort());
        if (listen.isUnresolved() || listen.getAddress().isLoopbackAddress())
        {
            return;
        }
        final boolean hasClientCa = relay.doors().tls() != null && relay.doors().tls().clientCa() != null;
        if (anonymous != null && !hasClientCa)
        {
            LOGGER.warn("listen={} lets anybody in who can reach it: there are no keys (access.keys, access.jwt) and " +
                "no certificates of clients (tls.clientCa)", relay.listenHost());
        }
        else if (hasKeys() && relay.doors().tls() == null)
        {
            LOGGER.warn("listen={} takes keys in the clear: there is no TLS", relay.listenHost());
        }
    }
}
