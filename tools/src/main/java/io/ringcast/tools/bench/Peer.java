package io.ringcast.tools.bench;

import io.ringcast.tools.load.Dialect;

/** The peers, and how they are spoken to. Immutable. */
enum Peer
{
    WS_RELAY("ws (Node)", Dialect.ETH, false),
    NATS("nats-server", Dialect.NATS, false),
    NCHAN("nginx + nchan", Dialect.NCHAN, false),
    WS_PROXY("ws proxy (Node)", Dialect.ETH, true),
    NGINX_PROXY("nginx proxy", Dialect.ETH, true);

    private final String title;
    private final Dialect dialect;
    private final boolean isProxy;

    Peer(final String title, final Dialect dialect, final boolean isProxy)
    {
        this.title = title;
        this.dialect = dialect;
        this.isProxy = isProxy;
    }

    String title()
    {
        return title;
    }

    Dialect dialect()
    {
        return dialect;
    }

    /** Whether it passes calls on rather than items. */
    boolean isProxy()
    {
        return isProxy;
    }
}
