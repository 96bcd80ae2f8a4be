package io.ringcast.transport.door;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.transport.loop.NetworkRelay;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which path of a URL leads to which network.
 * Immutable.
 */
final class NetworkPaths
{
    private static final String ROOT = "/";
    private static final String STREAM = "/sse";
    private static final String AUTHORITY = "://";

    private final Map<String, NetworkRelay> byPath = new HashMap<>();

    NetworkPaths(final RelayConfig config, final List<NetworkRelay> networks)
    {
        for (final NetworkRelay network : networks)
        {
            network.config().paths().forEach(path -> byPath.put(path, network));
            if (network.config() == config.defaultNetwork())
            {
                byPath.put(ROOT, network);
            }
        }
    }

    /**
     * Where a request goes.
     *
     * @param network  null if nowhere.
     * @param pathKey  what stands behind the network's path, or null.
     * @param isStream true if it asks for a stream of events.
     */
    record Place(NetworkRelay network, String pathKey, boolean isStream)
    {
    }

    /**
     * Finds where a request goes.
     *
     * @param uri     of the request.
     * @param hasKeys true if a key may stand behind a network's path.
     * @return the place; its network is null if it goes nowhere.
     */
    Place of(final String uri, final boolean hasKeys)
    {
        final String path = pathOf(uri);
        final NetworkRelay whole = find(path);
        if (whole != null)
        {
            return new Place(whole, null, false);
        }
        final boolean isStream = path.endsWith(STREAM);
        final String plain = isStream ? path.substring(0, path.length() - STREAM.length()) : path;
        final NetworkRelay network = find(plain.isEmpty() ? ROOT : plain);
        final int slash = plain.lastIndexOf('/');
        if (network != null || !hasKeys || slash < 0)
        {
            return new Place(network, null, isStream);
        }
        return new Place(find(slash == 0 ? ROOT : plain.substring(0, slash)), plain.substring(slash + 1), isStream);
    }

    private NetworkRelay find(final String path)
    {
        return byPath.get(NetworkConfig.plain(path));
    }

    /** A client that goes through a proxy may name scheme and host before the path (RFC 9112 section 3.2.2). */
    private static String pathOf(final String uri)
    {
        final int query = uri.indexOf('?');
        final String plain = query < 0 ? uri : uri.substring(0, query);
        final int scheme = plain.startsWith(ROOT) ? -1 : plain.indexOf(AUTHORITY);
        if (scheme < 0)
        {
            return plain;
        }
        final int path = plain.indexOf('/', scheme + AUTHORITY.length());
        return path < 0 ? ROOT : plain.substring(path);
    }
}
