package io.ringcast.tools.load;

import java.net.URI;

/**
 * The subject under test.
 * Immutable.
 *
 * @param url      where subscribers connect; with TLS they take any certificate.
 * @param dialect  what it speaks.
 * @param deflates whether subscribers want {@code permessage-deflate} and go no further without.
 */
public record LoadTarget(URI url, Dialect dialect, boolean deflates)
{
    /** Subscribers that offer no compression. */
    public LoadTarget(final URI url, final Dialect dialect)
    {
        this(url, dialect, false);
    }

    boolean isTls()
    {
        return "wss".equals(url.getScheme());
    }

    String host()
    {
        return url.getHost().replaceAll("[\\[\\]]", "");
    }

    int port()
    {
        return url.getPort() < 0 ? isTls() ? 443 : 80 : url.getPort();
    }

    String path()
    {
        final String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + '?' + url.getRawQuery();
    }
}
