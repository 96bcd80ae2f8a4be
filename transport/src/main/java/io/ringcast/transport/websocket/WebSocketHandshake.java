package io.ringcast.transport.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * What both sides of the opening handshake share.
 * Any thread.
 */
final class WebSocketHandshake
{
    static final String VERSION = "13";
    static final String WEBSOCKET = "websocket";
    static final String UPGRADE = "upgrade";
    static final int KEY_BYTES = 16;

    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSocketHandshake()
    {
    }

    /** The value of Sec-WebSocket-Accept that belongs to a key. */
    static String accept(final String key)
    {
        try
        {
            final MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            final byte[] digest = sha1.digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** Whether one of the header's comma lists has the token, in any case. */
    static boolean hasToken(final HttpHeaders headers, final CharSequence name, final String token)
    {
        return headers.containsValue(name, token, true);
    }

    /** The value of a header that must be there exactly once, without white space round it; null if it is not. */
    static String single(final HttpHeaders headers, final CharSequence name)
    {
        final List<String> values = headers.getAll(name);
        return values.size() == 1 ? values.get(0).trim() : null;
    }

    static boolean isKey(final String key)
    {
        try
        {
            // Sixteen bytes take 24 characters with their padding, which the decoder would not insist on.
            return key != null && key.length() == 24 && Base64.getDecoder().decode(key).length == KEY_BYTES;
        }
        catch (final IllegalArgumentException ignored)
        {
            return false;
        }
    }
}
