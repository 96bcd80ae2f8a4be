package io.ringcast.transport.door;

import io.netty.handler.codec.http.HttpHeaders;
import io.ringcast.config.AddressRange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a client is that came through proxies, by {@code Forwarded} (RFC 7239) or {@code X-Forwarded-For}.
 * Any thread.
 *
 * <p>Each proxy appends the address that it saw. So the list is believed from its end, as long as those who wrote it
 * are known: the first unknown address is the client's, and whatever stands before it is the client's own talk. Which
 * of the two headers the proxies write nobody has said, and the other one may be the client's: if both are there they
 * have to agree, or nobody is believed.
 */
final class ForwardedAddress
{
    private static final Pattern FOR = Pattern.compile("(?i)(?:^|[;,\\s])for=\"?([^\";,\\s]+)");

    private ForwardedAddress()
    {
    }

    /**
     * Finds the client.
     *
     * @param headers of the request.
     * @param peer    the other end of the socket; one of the proxies.
     * @param proxies whom to believe.
     * @return the client's address, or the last one that is known.
     */
    static byte[] of(final HttpHeaders headers, final byte[] peer, final List<AddressRange> proxies)
    {
        final List<String> forwarded = forwardedHops(headers);
        final List<String> older = olderHops(headers);
        final byte[] client = of(forwarded.isEmpty() ? older : forwarded, peer, proxies);
        final boolean isAgreed =
            forwarded.isEmpty() || older.isEmpty() || Arrays.equals(client, of(older, peer, proxies));
        return isAgreed ? client : peer;
    }

    private static byte[] of(final List<String> hops, final byte[] peer, final List<AddressRange> proxies)
    {
        byte[] known = peer;
        for (int i = hops.size() - 1; i >= 0 && isKnown(known, proxies); i--)
        {
            final byte[] before = address(hops.get(i));
            if (before == null)
            {
                return known;
            }
            known = before;
        }
        return known;
    }

    static boolean isKnown(final byte[] address, final List<AddressRange> proxies)
    {
        for (final AddressRange range : proxies)
        {
            if (range.holds(address))
            {
                return true;
            }
        }
        return false;
    }

    /** All of them, however many: the last ones count, and a request's head is bounded. */
    private static List<String> forwardedHops(final HttpHeaders headers)
    {
        final List<String> hops = new ArrayList<>();
        for (final String line : headers.getAll("forwarded"))
        {
            final Matcher hop = FOR.matcher(line);
            while (hop.find())
            {
                hops.add(hop.group(1));
            }
        }
        return hops;
    }

    private static List<String> olderHops(final HttpHeaders headers)
    {
        final List<String> hops = new ArrayList<>();
        for (final String line : headers.getAll("x-forwarded-for"))
        {
            for (final String hop : line.split(",", -1))
            {
                hops.add(hop.trim());
            }
        }
        return hops;
    }

    /** Without brackets and port. */
    private static byte[] address(final String text)
    {
        if (text.startsWith("["))
        {
            final int end = text.indexOf(']');
            return end < 0 ? null : AddressRange.address(text.substring(1, end));
        }
        final int colon = text.indexOf(':');
        final boolean hasPort = colon >= 0 && text.indexOf(':', colon + 1) < 0;
        return AddressRange.address(hasPort ? text.substring(0, colon) : text);
    }
}
