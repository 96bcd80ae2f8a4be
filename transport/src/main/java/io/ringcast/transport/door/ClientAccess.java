package io.ringcast.transport.door;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.ringcast.config.AddressRange;
import io.ringcast.config.ConfigException;
import io.ringcast.config.DoorsConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.AsideReading;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

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
    private static final HttpFault TOO_MANY_SUBJECTS =
        new HttpFault(HttpResponseStatus.TOO_MANY_REQUESTS, "too many subjects of tokens at once");
    private static final HttpFault TOO_FAST =
        new HttpFault(HttpResponseStatus.TOO_MANY_REQUESTS, "too many connections from this address");

    /** What holds now: the terms and the secrets that go with them change together. */
    private record Valid(RelayConfig relay, AccessTerms terms, KnownKeys known)
    {
    }

    private final AtomicReference<Valid> valid;
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
        valid = new AtomicReference<>(new Valid(config, new AccessTerms(config, null, System.nanoTime()), null));
    }

    /**
     * Reads the secrets, before anybody is let in. It waits for the disk.
     *
     * @throws ConfigException if a secret can't be used.
     */
    void readKeys()
    {
        final Valid now = valid.get();
        final Valid known = new Valid(now.relay, now.terms, KnownKeys.read(now.relay.access()));
        valid.set(known);
        warn(known);
    }

    /**
     * Reads what another configuration says, secrets included. It waits for the disk, and changes nothing yet.
     *
     * @param config the configuration.
     * @return makes it hold; that can't fail.
     * @throws ConfigException if a secret can't be used.
     */
    Runnable prepare(final RelayConfig config)
    {
        final KnownKeys known = KnownKeys.read(config.access());
        final AccessTerms terms = new AccessTerms(config, valid.get().terms, System.nanoTime());
        return () ->
        {
            final Valid next = new Valid(config, terms, known);
            valid.set(next);
            terms.apply();
            warn(next);
        };
    }

    /** Whether a path may end with a key. */
    boolean hasKeys()
    {
        return valid.get().terms.hasKeys();
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
        final AccessTerms terms = valid.get().terms;
        if (terms.acceptRate() == null)
        {
            return true;
        }
        final byte[] peer = peer(channel);
        return peer == null || ForwardedAddress.isKnown(peer, terms.proxyProtocol()) || tryAccept(peer, nowNs);
    }

    /** Takes a connection of an address, which may be a proxy's; false if it has opened too many. */
    boolean tryAccept(final byte[] address, final long nowNs)
    {
        final AccessTerms terms = valid.get().terms;
        return terms.acceptRate() == null || ForwardedAddress.isKnown(address, terms.proxies()) ||
            terms.acceptRate().tryAccept(address, nowNs);
    }

    /** Whether a connection begins with a header of the PROXY protocol. */
    boolean wantsProxyHeader(final Channel channel)
    {
        final List<AddressRange> from = valid.get().terms.proxyProtocol();
        final byte[] peer = from.isEmpty() ? null : peer(channel);
        return peer != null && ForwardedAddress.isKnown(peer, from);
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
        final AccessTerms terms = valid.get().terms;
        if (terms.proxies().isEmpty())
        {
            return null;
        }
        final byte[] peer = peer(channel);
        if (peer == null || !ForwardedAddress.isKnown(peer, terms.proxies()))
        {
            return null;
        }
        final byte[] client = ForwardedAddress.of(headers, peer, terms.proxies());
        ConnectionLog.setRemote(channel, client);
        return terms.acceptRate() == null || terms.acceptRate().tryAccept(client, nowNs) ? null : TOO_FAST;
    }

    /**
     * Looks at where a request comes from and goes to, as geth does: who has no {@code Origin} is no page.
     *
     * @param headers of the request.
     * @return why it goes no further, or null.
     */
    HttpFault pageFault(final HttpHeaders headers)
    {
        final AccessTerms terms = valid.get().terms;
        final List<String> hosts = terms.config().hosts();
        final String host = headers.get(HttpHeaderNames.HOST);
        if (!hosts.isEmpty() && host != null && !isHostAllowed(hostOf(host), hosts))
        {
            return OTHER_HOST;
        }
        final String origin = headers.get(HttpHeaderNames.ORIGIN);
        return origin == null || isOriginAllowed(origin, terms.origins()) ? null : OTHER_ORIGIN;
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
        final Valid now = valid.get();
        if (!now.terms.hasKeys())
        {
            return Admission.granted(now.terms.anonymous());
        }
        final String secret = Credentials.of(request.headers(), request.uri(), pathKey);
        final Admission found = secret == null ? ofAnonymous(now.terms) : find(now, secret, nowMs);
        return found.fault() != null || found.key().mayUse(network) ? found : Admission.refused(OTHER_NETWORK);
    }

    /** Looks at the files, if it is time to, on another thread: an I/O thread never waits for the disk. */
    void onTime(final long nowNs, final NetworkLoop loop)
    {
        final Valid now = valid.get();
        if (!hasKeys() || isReading ||
            nowNs - checkedAtNs < TimeUnit.MILLISECONDS.toNanos(now.relay.doors().fileCheckMs()))
        {
            return;
        }
        checkedAtNs = nowNs;
        AsideReading.begin(loop, () -> KnownKeys.read(now.relay.access()),
            keys -> take(now, keys), reason -> refuse(now, reason, loop));
        isReading = true;
    }

    private void take(final Valid asked, final KnownKeys keys)
    {
        isReading = false;
        if (isStillValid(asked))
        {
            lastRefusal = "";
            // A reload on another thread must not be undone by what was read for the configuration before it.
            if (!keys.holdsTheSameAs(asked.known) &&
                valid.compareAndSet(asked, new Valid(asked.relay, asked.terms, keys)))
            {
                LOGGER.info("changed keys are in use");
            }
        }
    }

    private void refuse(final Valid asked, final String reason, final NetworkLoop loop)
    {
        isReading = false;
        if (isStillValid(asked) && !lastRefusal.equals(reason))
        {
            lastRefusal = reason;
            loop.counters().increment(RelayCounter.KEY_RELOADS_FAILED);
            LOGGER.warn("the keys stay what they were: {}", reason);
        }
    }

    /** False if another configuration holds by now, with secrets that were read for it. */
    private boolean isStillValid(final Valid asked)
    {
        return valid.get() == asked;
    }

    private static Admission find(final Valid now, final String secret, final long nowMs)
    {
        final KnownKeys keys = now.known;
        final String name = keys.nameOf(secret);
        if (name != null)
        {
            return Admission.granted(now.terms.key(name));
        }
        if (keys.tokens() != null && secret.indexOf('.') > 0)
        {
            final Token token = keys.tokens().check(secret, nowMs);
            if (token != null)
            {
                final ClientKey key = now.terms.keyOf(token);
                return key == null ? Admission.refused(TOO_MANY_SUBJECTS) :
                    new Admission(null, key, token.expiresAtMs());
            }
        }
        return Admission.refused(NO_KEY);
    }

    private static Admission ofAnonymous(final AccessTerms terms)
    {
        return terms.anonymous() == null ? Admission.refused(NO_KEY) : Admission.granted(terms.anonymous());
    }

    private static boolean isOriginAllowed(final String origin, final List<String> origins)
    {
        if (origins.contains(DoorsConfig.ANY_ORIGIN) || origins.contains(origin))
        {
            return true;
        }
        final int scheme = origin.indexOf("://");
        return scheme > 0 && isLocal(hostOf(origin.substring(scheme + 3)));
    }

    private static boolean isHostAllowed(final String host, final List<String> hosts)
    {
        return hosts.contains("*") || AddressRange.address(host) != null ||
            hosts.stream().anyMatch(host::equalsIgnoreCase);
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

    /** The address that a client comes from, as a proxy in front may tell it; null if it is not known. */
    static byte[] peer(final Channel channel)
    {
        final byte[] told = ConnectionLog.remote(channel);
        if (told != null)
        {
            return told;
        }
        return channel.remoteAddress() instanceof InetSocketAddress address && !address.isUnresolved() ?
            address.getAddress().getAddress() : null;
    }

    private static void warn(final Valid now)
    {
        final RelayConfig relay = now.relay;
        final InetSocketAddress listen = new InetSocketAddress(relay.listenHost(), relay.listenPort());
        if (listen.isUnresolved() || listen.getAddress().isLoopbackAddress())
        {
            return;
        }
        final boolean hasClientCa = relay.doors().tls() != null && relay.doors().tls().clientCa() != null;
        if (now.terms.anonymous() != null && !hasClientCa)
        {
            LOGGER.warn("listen={} lets anybody in who can reach it: there are no keys (access.keys, access.jwt) and " +
                "no certificates of clients (tls.clientCa)", relay.listenHost());
        }
        else if (now.terms.hasKeys() && relay.doors().tls() == null)
        {
            LOGGER.warn("listen={} takes keys in the clear: there is no TLS", relay.listenHost());
        }
    }
}
