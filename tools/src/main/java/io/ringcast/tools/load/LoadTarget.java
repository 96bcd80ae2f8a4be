package io.ringcast.tools.load;

import java.net.URI;

/**
 * The subject under test.
 * Immutable.
 *
 * @param url     where subscribers connect.
 * @param dialect what it speaks.
 */
public record LoadTarget(URI url, Dialect dialect)
{
    String host()
    {
        return url.getHost().replaceAll("[\\[\\]]", "");
    }

    int port()
    {
        return url.getPort() < 0 ? 80 : url.getPort();
    }

    String path()
    {
        final String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + '?' + url.getRawQuery();
    }
}
