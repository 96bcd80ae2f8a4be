package io.ringcast.config;

import java.util.List;

/**
 * The doors of a relay beside its WebSocket.
 * Immutable.
 *
 * @param admin         where metrics, health and the log level are served; null, the default, serves them nowhere. Any
 *                      host but a loopback address opens it to the network; it has no TLS and no authentication.
 * @param httpOrigins   the web origins whose pages may use HTTP, or {@code *} for all; default none.
 * @param httpRequestMs how long one HTTP request may take to come in, and its answer to leave, in milliseconds;
 *                      default 30000. Lower cuts slow links; higher lets slow senders hold their memory.
 * @param httpIdleMs    how long an HTTP connection may wait for its next request, in milliseconds; default 120000.
 *                      Lower makes clients connect again; higher lets idle sockets sit.
 * @param sseHeartbeatMs how long a stream of events may be silent before a comment is sent, in milliseconds; default
 *                      15000. Lower costs traffic; higher lets middleboxes cut idle streams.
 * @param fileCheckMs   how often files of certificates and secrets are looked at for a change, in milliseconds; default
 *                      10000. Lower takes new ones sooner; higher reads less.
 * @param deflateMinBytes from which length on an item is sent compressed to the WebSocket clients that offer it, in
 *                      bytes; default 0, nobody is sent anything compressed. 512 is a good start: lower costs time for
 *                      little; higher compresses less.
 * @param http2Streams  how many requests and streams of events one socket with HTTP/2 may have under way; default 100.
 *                      Lower leaves a socket less; higher more. With 0 nobody is spoken to in HTTP/2.
 * @param drainNoticeMs how long before it closes all connections the relay tells so who subscribes to its status, in
 *                      milliseconds; default 0, just before. Lower stops sooner; higher leaves clients time to go.
 * @param alternative   the URL of a relay that clients are told to go to then; null, the default, for none.
 * @param tls           what the port of clients proves who it is with; null, the default, is without TLS.
 */
public record DoorsConfig(
    HostPort admin, List<String> httpOrigins, long httpRequestMs, long httpIdleMs, long sseHeartbeatMs,
    long fileCheckMs, int deflateMinBytes, int http2Streams, long drainNoticeMs, String alternative, TlsConfig tls)
{
    /** Setting {@code httpRequestMs}. */
    public static final NumberSetting HTTP_REQUEST_MS = NumberSetting.of(
        "httpRequestMs", 30_000, 1, 3_600_000,
        "time for one HTTP request to come in, and for its answer to leave, in ms");
    /** Setting {@code httpIdleMs}. */
    public static final NumberSetting HTTP_IDLE_MS = NumberSetting.of(
        "httpIdleMs", 120_000, 1, 3_600_000,
        "how long an HTTP connection may wait for its next request, in ms");
    /** Setting {@code sseHeartbeatMs}. */
    public static final NumberSetting SSE_HEARTBEAT_MS = NumberSetting.of(
        "sseHeartbeatMs", 15_000, 1, 3_600_000,
        "how long a stream of events may be silent before a comment is sent, in ms");
    /** Setting {@code fileCheckMs}. */
    public static final NumberSetting FILE_CHECK_MS = NumberSetting.of(
        "fileCheckMs", 10_000, 10, 86_400_000,
        "how often files of certificates and secrets are looked at for a change, in ms");
    /** Setting {@code deflateMinBytes}. */
    public static final NumberSetting DEFLATE_MIN_BYTES = NumberSetting.of(
        "deflateMinBytes", 0, 0, 1_048_576,
        "items from this length on go compressed to WebSocket clients that offer it, in bytes; 0 for none");
    /** Setting {@code http2Streams}. */
    public static final NumberSetting HTTP2_STREAMS = NumberSetting.of(
        "http2Streams", 100, 0, 10_000,
        "requests and streams of events under way on one socket with HTTP/2; 0 for no HTTP/2");
    /** Setting {@code drainNoticeMs}. */
    public static final NumberSetting DRAIN_NOTICE_MS = NumberSetting.of(
        "drainNoticeMs", 0, 0, 600_000,
        "how long before all connections are closed the status tells so, in ms");
    /** The numbers, in the order of the components. */
    public static final List<NumberSetting> SETTINGS = List.of(
        HTTP_REQUEST_MS, HTTP_IDLE_MS, SSE_HEARTBEAT_MS, FILE_CHECK_MS, DEFLATE_MIN_BYTES, HTTP2_STREAMS,
        DRAIN_NOTICE_MS);

    /** Every web origin. */
    public static final String ANY_ORIGIN = "*";

    public DoorsConfig
    {
        httpOrigins = List.copyOf(httpOrigins);
        for (final String origin : httpOrigins)
        {
            if (!origin.matches("\\*|[a-z][a-z0-9+.-]*://[A-Za-z0-9.\\[\\]:_-]+"))
            {
                throw new ConfigException("httpOrigins", origin, "not an origin",
                    "a scheme and a host such as https://app.example, or *");
            }
        }
        HTTP_REQUEST_MS.check(httpRequestMs);
        HTTP_IDLE_MS.check(httpIdleMs);
        SSE_HEARTBEAT_MS.check(sseHeartbeatMs);
        FILE_CHECK_MS.check(fileCheckMs);
        DEFLATE_MIN_BYTES.check(deflateMinBytes);
        HTTP2_STREAMS.check(http2Streams);
        DRAIN_NOTICE_MS.check(drainNoticeMs);
        if (alternative != null && !alternative.matches("wss?://[!#-\\[\\]-~]{1,500}"))
        {
            throw new ConfigException("alternative", alternative, "not a URL of a relay",
                "ws:// or wss://, host and path, up to 500 characters");
        }
    }

    public static DoorsConfig defaults()
    {
        return builder().build();
    }

    public static Builder builder()
    {
        return new Builder();
    }

    /** A builder that starts from these values. */
    public Builder toBuilder()
    {
        return builder()
            .admin(admin)
            .httpOrigins(httpOrigins)
            .httpRequestMs(httpRequestMs)
            .httpIdleMs(httpIdleMs)
            .sseHeartbeatMs(sseHeartbeatMs)
            .fileCheckMs(fileCheckMs)
            .deflateMinBytes(deflateMinBytes)
            .http2Streams(http2Streams)
            .drainNoticeMs(drainNoticeMs)
            .alternative(alternative)
            .tls(tls);
    }

    /** Collects values; what is not given has its default. Confined to the thread that builds a configuration. */
    public static final class Builder
    {
        private final NumberSettings values = new NumberSettings(SETTINGS);
        private HostPort admin;
        private List<String> httpOrigins = List.of();
        private String alternative;
        private TlsConfig tls;

        private Builder()
        {
        }

        /** Sets one value by its table entry, as the YAML reader and the flags do. */
        public Builder set(final NumberSetting setting, final long value)
        {
            values.set(setting, value);
            return this;
        }

        /** Sets the address of the admin port; null for none. */
        public Builder admin(final HostPort address)
        {
            admin = address;
            return this;
        }

        public Builder httpOrigins(final List<String> origins)
        {
            httpOrigins = origins;
            return this;
        }

        public Builder httpRequestMs(final long value)
        {
            return set(HTTP_REQUEST_MS, value);
        }

        public Builder httpIdleMs(final long value)
        {
            return set(HTTP_IDLE_MS, value);
        }

        public Builder sseHeartbeatMs(final long value)
        {
            return set(SSE_HEARTBEAT_MS, value);
        }

        public Builder fileCheckMs(final long value)
        {
            return set(FILE_CHECK_MS, value);
        }

        public Builder deflateMinBytes(final int value)
        {
            return set(DEFLATE_MIN_BYTES, value);
        }

        public Builder http2Streams(final int value)
        {
            return set(HTTP2_STREAMS, value);
        }

        public Builder drainNoticeMs(final long value)
        {
            return set(DRAIN_NOTICE_MS, value);
        }

        /** Sets where clients are told to go when the relay stops; null for nowhere. */
        public Builder alternative(final String url)
        {
            alternative = url;
            return this;
        }

        /** Sets certificate and key of the port of clients; null for none. */
        public Builder tls(final TlsConfig newTls)
        {
            tls = newTls;
            return this;
        }

        public DoorsConfig build()
        {
            return new DoorsConfig(
                admin, httpOrigins, values.get(HTTP_REQUEST_MS), values.get(HTTP_IDLE_MS),
                values.get(SSE_HEARTBEAT_MS), values.get(FILE_CHECK_MS),
                values.getInt(DEFLATE_MIN_BYTES), values.getInt(HTTP2_STREAMS),
                values.get(DRAIN_NOTICE_MS), alternative, tls);
        }
    }
}
