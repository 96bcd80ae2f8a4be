package io.ringcast.transport.door;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.NetworkRelay;

import java.util.List;

/**
 * What the head of a request comes to: where it goes and what its client may do there, or why it goes no further.
 * Immutable.
 *
 * @param method      of the request.
 * @param reply       what the request asks of its response, also if it is refused.
 * @param network     where it goes; null if nowhere.
 * @param streamUri   the URI of a stream of events, or null.
 * @param lastEventId what the client of a stream says it saw last, or null.
 * @param admission   what its client may do; null if it was not let in. One connection of its key is taken, which
 *                    whoever has this gives back.
 * @param fault       why it is refused, or null.
 * @param cause       what is counted beside the refusal, or null.
 */
record HttpEntry(
    HttpMethod method, HttpReply reply, NetworkRelay network, String streamUri, String lastEventId,
    Admission admission, HttpFault fault, RelayCounter cause)
{
    private static final String LAST_EVENT_ID = "last-event-id";

    /** Looks at a request. Each shows its key anew: behind a proxy each may be another client's. */
    static HttpEntry of(final HttpDoor door, final HttpRequest request)
    {
        final HttpReply reply = HttpReply.of(request, door.config().doors());
        final HttpMethod method = request.method();
        if (request.decoderResult().isFailure() || hasTwoHosts(request.headers()))
        {
            return new HttpEntry(method, reply, null, null, null, null, HttpFault.MALFORMED, null);
        }
        final NetworkPaths.Place place = door.placeOf(request.uri());
        final HttpEntry found = new HttpEntry(
            method, reply, place.network(), place.isStream() ? request.uri() : null,
            place.isStream() ? request.headers().get(LAST_EVENT_ID) : null, null, null, null);
        final boolean isPreflight = HttpMethod.OPTIONS.equals(method);
        final HttpFault page = isPreflight ? null : door.access().pageFault(request.headers());
        if (page != null)
        {
            return found.refused(page, RelayCounter.PAGES_REFUSED);
        }
        if (found.network == null)
        {
            return found.refused(HttpFault.NO_NETWORK, null);
        }
        return isPreflight ? found : found.admitted(door, request, place.pathKey());
    }

    /** Nobody knows which one a proxy went by (RFC 9112 section 3.2); HTTP/2 may say the same one twice. */
    private static boolean hasTwoHosts(final HttpHeaders headers)
    {
        final List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        for (int i = 1; i < hosts.size(); i++)
        {
            if (!hosts.get(i).equals(hosts.get(0)))
            {
                return true;
            }
        }
        return false;
    }

    private HttpEntry admitted(final HttpDoor door, final HttpRequest request, final String pathKey)
    {
        final Admission found = door.access().admit(request, pathKey, network, System.currentTimeMillis());
        if (found.fault() != null)
        {
            return refused(found.fault(), RelayCounter.KEYS_REFUSED);
        }
        if (!found.key().rights().tryTakeConnection())
        {
            return refused(HttpFault.TOO_MANY_CONNECTIONS, RelayCounter.KEY_LIMITS);
        }
        final HttpFault unfit = streamUri != null && HttpMethod.POST.equals(method) ? HttpFault.NOT_ALLOWED :
            HttpReply.faultOf(request, door.config().limits().messageBytes());
        return new HttpEntry(method, reply, network, streamUri, lastEventId, found, unfit, null);
    }

    private HttpEntry refused(final HttpFault why, final RelayCounter counter)
    {
        return new HttpEntry(method, reply, network, streamUri, lastEventId, null, why, counter);
    }
}
