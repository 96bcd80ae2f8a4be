package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.ringcast.config.DoorsConfig;
import io.ringcast.transport.loop.NetworkRelay;
import io.ringcast.transport.loop.RelayVersion;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What a request asks of its response, whatever the answer will be: read from its head and kept until then.
 * Immutable.
 *
 * @param isKeptAlive true if the connection goes on behind it.
 * @param takesGzip   true if the client said so.
 * @param isHttp11    true if it can take a chunked body.
 * @param origin      the web origin to be let in, as it is to be named; null if none.
 */
record HttpReply(boolean isKeptAlive, boolean takesGzip, boolean isHttp11, String origin)
{
    static final String JSON = "application/json";
    private static final List<String> JSON_TYPES =
        List.of(JSON, "application/json-rpc", "application/jsonrequest");
    private static final String METHODS = "GET, POST, OPTIONS";
    private static final String PREFLIGHT_HEADERS = "Content-Type, Last-Event-ID, Authorization, X-Api-Key";
    private static final String PREFLIGHT_SECONDS = "600";

    static HttpReply of(final HttpRequest request, final DoorsConfig doors)
    {
        return new HttpReply(
            HttpUtil.isKeepAlive(request), takesGzip(request.headers()), request.protocolVersion().minorVersion() > 0,
            originOf(request.headers().get(HttpHeaderNames.ORIGIN), doors.httpOrigins()));
    }

    /** Writes the headers that every response has. */
    void writeTo(final HttpHeaders headers, final DoorsConfig doors)
    {
        if (origin != null)
        {
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
        if (!doors.httpOrigins().isEmpty())
        {
            headers.add(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
        }
        headers.set("x-content-type-options", "nosniff");
    }

    /** Writes what a browser asks before it lets a page post JSON. */
    void writePreflightTo(final HttpHeaders headers)
    {
        headers.set(HttpHeaderNames.ALLOW, METHODS);
        if (origin != null)
        {
            headers
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, PREFLIGHT_HEADERS)
                .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
        }
    }

    /** Says what is wrong with a request, by its head; null if nothing is. */
    static HttpFault faultOf(final HttpRequest request, final long maxBodyBytes)
    {
        final HttpMethod method = request.method();
        if (HttpMethod.GET.equals(method) || HttpMethod.OPTIONS.equals(method))
        {
            return null;
        }
        if (!HttpMethod.POST.equals(method))
        {
            return HttpFault.NOT_ALLOWED;
        }
        if (HttpUtil.getContentLength(request, 0L) > maxBodyBytes)
        {
            return HttpFault.tooLarge(maxBodyBytes);
        }
        if (!isJson(request.headers().get(HttpHeaderNames.CONTENT_TYPE)))
        {
            return new HttpFault(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                "invalid content type, only application/json is supported");
        }
        final String coding = request.headers().get(HttpHeaderNames.CONTENT_ENCODING);
        if (coding != null && !"identity".equalsIgnoreCase(coding.trim()))
        {
            return new HttpFault(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "invalid content encoding, only identity");
        }
        final String expected = request.headers().get(HttpHeaderNames.EXPECT);
        if (expected != null && !HttpUtil.is100ContinueExpected(request))
        {
            return new HttpFault(HttpResponseStatus.EXPECTATION_FAILED, "only 100-continue may be expected");
        }
        return null;
    }

    /** The description of a network, for people and programs that look what is there. */
    static ByteBuf describe(final NetworkRelay network)
    {
        final StringBuilder text = new StringBuilder(256)
            .append("{\"relay\":\"ringcast\",\"version\":\"").append(RelayVersion.text())
            .append("\",\"network\":\"").append(network.config().name())
            .append("\",\"path\":\"").append(network.config().path())
            .append("\",\"dialect\":\"").append(network.config().dialect())
            .append("\",\"doors\":[\"websocket\",\"http\",\"sse\"],\"upstreams\":[");
        for (int lane = 0; lane < network.upstreams().size(); lane++)
        {
            text.append(lane == 0 ? "" : ",")
                .append("{\"name\":\"").append(network.config().upstreams().get(lane).name())
                .append("\",\"up\":").append(network.upstreams().get(lane).isConnected()).append('}');
        }
        text.append("],\"subscribe\":[");
        for (int i = 0; i < network.config().subscriptionMethods().size(); i++)
        {
            text.append(i == 0 ? "\"" : ",\"")
                .append(network.config().subscriptionMethods().get(i).subscribe()).append('"');
        }
        return Unpooled.wrappedBuffer(text.append("]}\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isJson(final String contentType)
    {
        if (contentType == null)
        {
            return false;
        }
        final int parameters = contentType.indexOf(';');
        final String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return JSON_TYPES.contains(type.trim().toLowerCase(Locale.ROOT));
    }

    private static boolean takesGzip(final HttpHeaders headers)
    {
        final String accepted = headers.get(HttpHeaderNames.ACCEPT_ENCODING);
        if (accepted == null)
        {
            return false;
        }
        for (final String coding : accepted.toLowerCase(Locale.ROOT).split(","))
        {
            final String[] parts = coding.split(";");
            if ("gzip".equals(parts[0].trim()))
            {
                return parts.length < 2 || !parts[1].replace(" ", "").matches("q=0(\\.0*)?");
            }
        }
        return false;
    }

    private static String originOf(final String origin, final List<String> allowed)
    {
        if (origin == null)
        {
            return null;
        }
        return allowed.contains(DoorsConfig.ANY_ORIGIN) ? DoorsConfig.ANY_ORIGIN :
            allowed.contains(origin) ? origin : null;
    }
}
