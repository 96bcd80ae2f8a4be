package io.ringcast.config;

import java.util.Locale;

/**
 * How an upstream is spoken to; the first word of its URL says which.
 * Immutable.
 */
public enum UpstreamKind
{
    /** WebSocket. */
    WS(80),
    /** WebSocket over TLS. */
    WSS(443),
    /** A Unix domain socket that carries JSON texts one behind the other. */
    IPC(0),
    /** A POST for each call; what it can't push is polled. */
    HTTP(80),
    /** The same over TLS. */
    HTTPS(443);

    private final int defaultPort;

    UpstreamKind(final int defaultPort)
    {
        this.defaultPort = defaultPort;
    }

    /**
     * Finds the kind of a URL.
     *
     * @param scheme the URL's scheme, in any case; {@code unix} is another word for {@code ipc}. May be null.
     * @return the kind, or null if there is none.
     */
    static UpstreamKind ofScheme(final String scheme)
    {
        return switch (scheme == null ? "" : scheme.toLowerCase(Locale.ROOT))
        {
            case "ws" -> WS;
            case "wss" -> WSS;
            case "ipc", "unix" -> IPC;
            case "http" -> HTTP;
            case "https" -> HTTPS;
            default -> null;
        };
    }

    /** The port of a URL that names none; 0 for a kind without ports. */
    public int defaultPort()
    {
        return defaultPort;
    }

    /** Whether the connection is encrypted and the other side proves who it is. */
    public boolean isTls()
    {
        return this == WSS || this == HTTPS;
    }

    /** Whether each call is an HTTP request of its own. */
    public boolean isHttp()
    {
        return this == HTTP || this == HTTPS;
    }
}
