package io.ringcast.transport.door;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * What a client shows to be let in: a header, a part of the query, or of the path.
 * Any thread. Browsers can't set headers of a WebSocket or an EventSource; some libraries take nothing but a URL.
 */
final class Credentials
{
    /** Its names in a query. */
    static final List<String> PARAMETERS = List.of("apikey");

    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private Credentials()
    {
    }

    /**
     * Finds the secret; the first of header, path and query counts.
     *
     * @param headers of the request.
     * @param uri     of the request.
     * @param pathKey what stands behind a network's path, or null.
     * @return the secret, or null.
     */
    static String of(final HttpHeaders headers, final String uri, final String pathKey)
    {
        final String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
        if (authorization != null)
        {
            return ofAuthorization(authorization.trim());
        }
        final String plain = headers.get("x-api-key");
        if (plain != null)
        {
            return plain.trim();
        }
        return pathKey != null ? pathKey : ofQuery(uri);
    }

    private static String ofAuthorization(final String value)
    {
        if (value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        {
            return value.substring(BEARER.length()).trim();
        }
        if (value.regionMatches(true, 0, BASIC, 0, BASIC.length()))
        {
            // From wss://user:secret@host, where the user does not matter.
            try
            {
                final String pair = new String(
                    Base64.getDecoder().decode(value.substring(BASIC.length()).trim()), StandardCharsets.ISO_8859_1);
                return pair.substring(pair.indexOf(':') + 1);
            }
            catch (final IllegalArgumentException e)
            {
                return value;
            }
        }
        return value;
    }

    private static String ofQuery(final String uri)
    {
        if (uri.indexOf('?') < 0)
        {
            return null;
        }
        try
        {
            final Map<String, List<String>> parameters = new QueryStringDecoder(uri).parameters();
            for (final String name : PARAMETERS)
            {
                if (parameters.containsKey(name))
                {
                    return parameters.get(name).get(0);
                }
            }
        }
        catch (final IllegalArgumentException e)
        {
            return null;
        }
        return null;
    }
}
