package io.ringcast.transport.door;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.ringcast.config.ConfigException;
import io.ringcast.config.DoorsConfig;
import io.ringcast.config.TlsConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.AsideReading;
import io.ringcast.transport.loop.NetworkLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The certificate that a port shows, taken anew when its files change.
 * Confined to the first I/O loop, except {@link #newHandler}, which each loop calls with its own index.
 *
 * <p>Each loop has a reference of its own to the context in use, changed on that loop alone, so none can be freed while
 * a handshake begins with it. Connections that stand keep what they began with.
 */
final class TlsDoor
{
    private static final Logger LOGGER = LoggerFactory.getLogger(TlsDoor.class);

    private final TlsConfig config;
    private final boolean offersHttp2;
    private final SslProvider provider;
    private final List<EventLoop> loops;
    private final NetworkLoop countingLoop;
    private final long checkNs;
    private final long handshakeTimeoutMs;
    private final SslContext[] contexts;
    private TlsFiles used;
    /** What was read last, so that a broken file is told of once and not at each look. */
    private String lastRefusal = "";
    private long checkedAtNs;
    private boolean isReading;

    /**
     * Reads the files, so that what is wrong with them is told at the start.
     *
     * @param doors              names the files, how often to look at them, and whether HTTP/2 is spoken.
     * @param loops              the I/O loops.
     * @param countingLoop       the network whose counters on the first loop take what is counted here.
     * @param handshakeTimeoutMs how long a handshake may take, in milliseconds.
     * @throws ConfigException if a file or the provider can't be used.
     */
    TlsDoor(
        final DoorsConfig doors, final List<EventLoop> loops, final NetworkLoop countingLoop,
        final long handshakeTimeoutMs)
    {
        config = doors.tls();
        offersHttp2 = doors.http2Streams() > 0;
        this.loops = loops;
        this.countingLoop = countingLoop;
        this.handshakeTimeoutMs = handshakeTimeoutMs;
        checkNs = TimeUnit.MILLISECONDS.toNanos(doors.fileCheckMs());
        checkedAtNs = System.nanoTime();
        provider = TlsFiles.provider(config);
        used = TlsFiles.read(config);
        contexts = new SslContext[loops.size()];
        final SslContext context = used.context(config, provider, offersHttp2);
        for (int i = 0; i < contexts.length; i++)
        {
            contexts[i] = ReferenceCountUtil.retain(context);
        }
        ReferenceCountUtil.release(context);
        LOGGER.info("TLS by {}", provider == SslProvider.JDK ? "the JDK" : "OpenSSL");
        warnIfExpired(used.expiresAtMs(config));
    }

    /**
     * Makes the lowest handler of a connection. Nothing may be written below it.
     *
     * @param loopIndex the loop that owns the connection, and that calls.
     * @param allocator the channel's.
     * @return the handler.
     */
    SslHandler newHandler(final int loopIndex, final ByteBufAllocator allocator)
    {
        final SslHandler handler = contexts[loopIndex].newHandler(allocator);
        handler.setHandshakeTimeout(handshakeTimeoutMs, TimeUnit.MILLISECONDS);
        return handler;
    }

    /** Looks at the files, if it is time to, on another thread: an I/O thread never waits for the disk. */
    void onTime(final long nowNs)
    {
        if (isReading || nowNs - checkedAtNs < checkNs)
        {
            return;
        }
        checkedAtNs = nowNs;
        final TlsFiles known = used;
        AsideReading.begin(countingLoop, () -> read(known), this::take, this::refuse);
        isReading = true;
    }

    /** Gives the contexts back; after the loops have ended. */
    void close()
    {
        for (int i = 0; i < contexts.length; i++)
        {
            ReferenceCountUtil.release(contexts[i]);
            contexts[i] = null;
        }
    }

    /** The context is null if the files hold what they held. */
    private record Reading(TlsFiles files, SslContext context, long expiresAtMs)
    {
    }

    private Reading read(final TlsFiles known)
    {
        final TlsFiles files = TlsFiles.read(config);
        return files.holdsTheSameAs(known) ?
            new Reading(files, null, 0) :
            new Reading(files, files.context(config, provider, offersHttp2), files.expiresAtMs(config));
    }

    private void take(final Reading reading)
    {
        isReading = false;
        lastRefusal = "";
        if (reading.context == null)
        {
            return;
        }
        if (!tryReplace(reading.context))
        {
            // Not in use as long as one loop has not taken it: at the next look all get it again.
            countingLoop.counters().increment(RelayCounter.TLS_RELOADS_FAILED);
            LOGGER.warn("new TLS handshakes use the changed files, but not on every I/O loop; they are read again");
            return;
        }
        used = reading.files;
        countingLoop.counters().increment(RelayCounter.TLS_RELOADS);
        LOGGER.info("new TLS handshakes use the changed files");
        warnIfExpired(reading.expiresAtMs);
    }

    private void refuse(final String reason)
    {
        isReading = false;
        if (!reason.equals(lastRefusal))
        {
            lastRefusal = reason;
            countingLoop.counters().increment(RelayCounter.TLS_RELOADS_FAILED);
            LOGGER.warn("the certificate stays what it was: {}", reason);
        }
    }

    /** Returns false if a loop that goes on did not take it; the others have it. */
    private boolean tryReplace(final SslContext context)
    {
        boolean isWhole = true;
        for (int i = 0; i < contexts.length; i++)
        {
            final int loopIndex = i;
            final SslContext own = ReferenceCountUtil.retain(context);
            try
            {
                loops.get(i).execute(() ->
                {
                    final SslContext before = contexts[loopIndex];
                    contexts[loopIndex] = own;
                    ReferenceCountUtil.release(before);
                });
            }
            catch (final RejectedExecutionException e)
            {
                // The relay stops.
                ReferenceCountUtil.release(own);
            }
            catch (final Throwable e)
            {
                ReferenceCountUtil.release(own);
                countingLoop.onFault(e);
                isWhole = false;
            }
        }
        ReferenceCountUtil.release(context);
        return isWhole;
    }

    private void warnIfExpired(final long expiresAtMs)
    {
        if (expiresAtMs < System.currentTimeMillis())
        {
            LOGGER.warn("the certificate in {} is not valid any more: clients will refuse it", config.certificate());
        }
    }
}
