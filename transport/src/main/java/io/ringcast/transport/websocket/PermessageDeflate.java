package io.ringcast.transport.websocket;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The server's side of negotiating compression (RFC 7692).
 * Any thread.
 *
 * <p>Neither side keeps a context from one message to the next. So one compressed frame serves everybody, and a
 * connection costs no window: zlib's takes 32 KiB to inflate and 256 KiB to deflate. The JDK's zlib has windows of 15
 * bits only; an offer that asks for less is passed over.
 */
final class PermessageDeflate
{
    private static final String NAME = "permessage-deflate";
    private static final String NO_SERVER_CONTEXT = "server_no_context_takeover";
    private static final String NO_CLIENT_CONTEXT = "client_no_context_takeover";
    private static final String SERVER_BITS = "server_max_window_bits";
    private static final String CLIENT_BITS = "client_max_window_bits";
    private static final String ONLY_BITS = "15";

    private PermessageDeflate()
    {
    }

    /**
     * Answers a client's offers, which stand in the order of its preference.
     *
     * @param offered the values of all its Sec-WebSocket-Extensions headers.
     * @return the value of the response's header for the first offer that can be taken; null if none can.
     */
    static String answerTo(final List<String> offered)
    {
        for (final String value : offered)
        {
            for (final String offer : value.split(","))
            {
                final String[] parts = offer.split(";", -1);
                if (NAME.equals(parts[0].trim().toLowerCase(Locale.ROOT)))
                {
                    final String answer = answerTo(parts);
                    if (answer != null)
                    {
                        return answer;
                    }
                }
            }
        }
        return null;
    }

    /** A parameter that is unknown, doubled or malformed spoils its offer (RFC 7692 section 7). */
    private static String answerTo(final String[] parts)
    {
        final Set<String> seen = new HashSet<>();
        String bits = "";
        for (int i = 1; i < parts.length; i++)
        {
            final int equals = parts[i].indexOf('=');
            final String name = (equals < 0 ? parts[i] : parts[i].substring(0, equals)).trim();
            final String value = equals < 0 ? null : unquoted(parts[i].substring(equals + 1).trim());
            if (!seen.add(name) || !isAcceptable(name, value))
            {
                return null;
            }
            bits = SERVER_BITS.equals(name) ? "; " + SERVER_BITS + "=" + ONLY_BITS : bits;
        }
        return NAME + "; " + NO_SERVER_CONTEXT + "; " + NO_CLIENT_CONTEXT + bits;
    }

    private static boolean isAcceptable(final String name, final String value)
    {
        return switch (name)
        {
            case NO_SERVER_CONTEXT, NO_CLIENT_CONTEXT -> value == null;
            case SERVER_BITS -> ONLY_BITS.equals(value);
            // Whatever the client's window is, ours is as large.
            case CLIENT_BITS -> value == null || value.matches("[89]|1[0-5]");
            default -> false;
        };
    }

    private static String unquoted(final String value)
    {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"") ?
            value.substring(1, value.length() - 1) : value;
    }
}
