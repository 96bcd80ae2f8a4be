package io.ringcast.transport.admin;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.ringcast.config.ConfigException;
import io.ringcast.transport.LogLevels;
import io.ringcast.transport.door.DownstreamServer;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;
import io.ringcast.transport.upstream.UpstreamClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the admin port answers.
 * Any thread for health; {@link #metrics} and {@link #logLevel} may wait, so never an I/O loop's.
 */
public final class AdminPages
{
    private static final Logger LOGGER = LoggerFactory.getLogger(AdminPages.class);
    /** A loop ticks every 50 ms; one that has not for a hundred times as long is stuck. */
    private static final long STUCK_NS = TimeUnit.SECONDS.toNanos(5);
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final List<NetworkRelay> networks;
    private final LogLevels logLevels;
    /** Reads the configuration again and tells what has changed; null if it can't. */
    private final Supplier<List<String>> reloader;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();
    private volatile boolean isStopping;

    public AdminPages(
        final List<NetworkRelay> networks, final DownstreamServer server, final LogLevels logLevels,
        final Supplier<List<String>> reloader)
    {
        this.reloader = reloader;
        this.networks = networks;
        this.logLevels = logLevels;
        registry.register(new RelayMetrics(networks, server));
        // Not the library's thread metrics: they look for deadlocks, which stops every thread of the relay.
        JvmMemoryMetrics.builder().register(registry);
        JvmBufferPoolMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmRuntimeInfoMetric.builder().register(registry);
        ProcessMetrics.builder().register(registry);
    }

    /** Who keeps the accounts of a socket: the first network, on the loop that serves it. */
    NetworkLoop loopOf(final Channel channel)
    {
        for (final NetworkLoop loop : networks.get(0).loops())
        {
            if (loop.eventLoop() == channel.eventLoop())
            {
                return loop;
            }
        }
        throw new IllegalArgumentException("no I/O loop serves " + channel);
    }

    void onStopping()
    {
        isStopping = true;
    }

    /** Alive: every I/O loop turns. */
    public AdminPage live(final long nowNs)
    {
        for (final NetworkLoop loop : networks.get(0).loops())
        {
            final long silentNs = nowNs - loop.tickedAtNs();
            if (silentNs > STUCK_NS)
            {
                return AdminPage.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "an I/O loop has not turned for " +
                    TimeUnit.NANOSECONDS.toSeconds(silentNs) + " s");
            }
        }
        return AdminPage.text(HttpResponseStatus.OK, "ok");
    }

    /** Ready: each network has an upstream that is connected and answers. */
    AdminPage ready(final long nowNs)
    {
        boolean isReady = !isStopping;
        final StringJoiner lines = new StringJoiner("\n");
        if (isStopping)
        {
            lines.add("stopping");
        }
        for (final NetworkRelay network : networks)
        {
            int up = 0;
            int silent = 0;
            for (int lane = 0; lane < network.upstreams().size(); lane++)
            {
                final UpstreamClient upstream = network.upstreams().get(lane);
                final boolean isAnswering = upstream.isAnswering(nowNs);
                up += isAnswering ? 1 : 0;
                silent += upstream.isConnected() && !isAnswering ? 1 : 0;
            }
            isReady &= up > 0;
            lines.add(network.config().name() + ": " + up + " of " + network.upstreams().size() + " upstreams up" +
                (silent == 0 ? "" : ", " + silent + " connected without an answer"));
        }
        return AdminPage.text(
            isReady ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE, lines.toString());
    }

    AdminPage metrics(final String accept)
    {
        final ExpositionFormatWriter writer = accept != null && accept.contains(OPEN_METRICS) ?
            formats.getOpenMetricsTextFormatWriter() : formats.getPrometheusTextFormatWriter();
        try
        {
            final ByteArrayOutputStream body = new ByteArrayOutputStream(32 * 1024);
            writer.write(body, registry.scrape());
            return new AdminPage(HttpResponseStatus.OK, writer.getContentType(), body.toByteArray(), null);
        }
        catch (final IOException | RuntimeException e)
        {
            LOGGER.error("the metrics can't be written", e);
            return AdminPage.text(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the log says why");
        }
    }

    /** Takes the configuration as it is now, all of it or nothing. */
    AdminPage reload()
    {
        if (reloader == null)
        {
            return AdminPage.text(
                HttpResponseStatus.NOT_IMPLEMENTED, "this program gives no way to read the configuration again");
        }
        try
        {
            final List<String> changed = reloader.get();
            return AdminPage.text(HttpResponseStatus.OK,
                changed.isEmpty() ? "nothing has changed" : "changed: " + String.join(", ", changed));
        }
        catch (final ConfigException e)
        {
            return AdminPage.text(HttpResponseStatus.CONFLICT, e.getMessage());
        }
    }

    AdminPage logLevel(final String logger, final String level, final boolean isChange)
    {
        if (logLevels == null)
        {
            return AdminPage.text(HttpResponseStatus.NOT_IMPLEMENTED, "this program gives no way to change log levels");
        }
        if (logger == null || logger.isEmpty())
        {
            return AdminPage.text(HttpResponseStatus.BAD_REQUEST, "logger: missing; allowed: a name, or ROOT");
        }
        if (isChange)
        {
            if (level == null || !logLevels.trySet(logger, level))
            {
                return AdminPage.text(
                    HttpResponseStatus.BAD_REQUEST, "level: allowed: off, error, warn, info, debug, trace");
            }
            LOGGER.info("log level of {} is now {}", logger, logLevels.get(logger));
        }
        return AdminPage.text(HttpResponseStatus.OK, logger + ' ' + logLevels.get(logger));
    }
}
