package io.ringcast.transport;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import io.ringcast.config.DoorsConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.TransportChoice;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * A relay in front of a {@link FakeUpstream}, and the clients of one test; all stopped together.
 * Confined to the thread of the test, except {@link #await}.
 */
final class TestBed implements AutoCloseable
{
    static final long TIMEOUT_MS = 15_000;

    private final List<RawClient> clients = new ArrayList<>();
    private final FakeUpstream upstream;
    private final Relay relay;

    private TestBed(
        final Mode mode, final FakeUpstream upstream, final LogLevels levels,
        final Consumer<RelayConfig.Builder> change)
        throws IOException
    {
        assumeAvailable(mode.transport());
        this.upstream = upstream;
        relay = Relay.builder()
            .listen("127.0.0.1", 0)
            .configure(config -> config
                .network(NetworkConfig.builder().upstream(upstream.config()))
                .transport(mode.transport())
                .threading(mode.threading())
                .ioThreads(mode.ioThreads())
                .warmUpMs(0)
                .timing(config.timing().toBuilder()
                    .reconnectMinMs(10)
                    .reconnectMaxMs(100)
                    .drainMs(1_000)
                    .activationFallbackMs(TIMEOUT_MS)
                    .build()))
            .configure(change)
            .logLevels(levels)
            .start();
    }

    /** Starts a relay and waits until it has its upstream. */
    static TestBed start(final Mode mode) throws IOException
    {
        return start(mode, config -> { });
    }

    static TestBed start(final Mode mode, final Consumer<RelayConfig.Builder> change) throws IOException
    {
        final TestBed bed = start(mode, FakeUpstream.start(), change);
        bed.awaitUpstream();
        return bed;
    }

    /** Starts a relay with other limits and doors, and waits until it has its upstream. */
    static TestBed start(
        final Mode mode, final UnaryOperator<LimitsConfig.Builder> limits,
        final UnaryOperator<DoorsConfig.Builder> doors) throws IOException
    {
        return start(mode, config -> config
            .limits(limits.apply(config.limits().toBuilder()).build())
            .doors(doors.apply(config.doors().toBuilder()).build()));
    }

    /** Starts a relay in front of an upstream that may not be there. */
    static TestBed start(final Mode mode, final FakeUpstream upstream, final Consumer<RelayConfig.Builder> change)
        throws IOException
    {
        return start(mode, upstream, null, change);
    }

    /** Starts a relay that may change log levels, and waits until it has its upstream. */
    static TestBed start(final Mode mode, final LogLevels levels, final Consumer<RelayConfig.Builder> change)
        throws IOException
    {
        final TestBed bed = start(mode, FakeUpstream.start(), levels, change);
        bed.awaitUpstream();
        return bed;
    }

    private static TestBed start(
        final Mode mode, final FakeUpstream upstream, final LogLevels levels,
        final Consumer<RelayConfig.Builder> change)
        throws IOException
    {
        try
        {
            return new TestBed(mode, upstream, levels, change);
        }
        catch (final Throwable e)
        {
            upstream.close();
            throw e;
        }
    }

    FakeUpstream upstream()
    {
        return upstream;
    }

    Relay relay()
    {
        return relay;
    }

    InetSocketAddress address()
    {
        return relay.address();
    }

    /** Connects a client that is closed with the bed. */
    RawClient client() throws IOException
    {
        return add(RawClient.connect(address()));
    }

    RawClient add(final RawClient client)
    {
        clients.add(client);
        return client;
    }

    long count(final RelayCounter counter)
    {
        return relay.status().counters().get(counter.name().toLowerCase(Locale.ROOT));
    }

    void awaitCount(final RelayCounter counter, final long atLeast)
    {
        try
        {
            await(counter + " >= " + atLeast, () -> count(counter) >= atLeast);
        }
        catch (final AssertionError e)
        {
            throw new AssertionError(e.getMessage() + "; all counters: " + relay.status().counters(), e);
        }
    }

    /** A loop counts what it has done when the bytes may already have come: the count is waited for, then exact. */
    void assertCount(final RelayCounter counter, final long expected)
    {
        awaitCount(counter, expected);
        assertEquals(expected, count(counter), counter.toString());
    }

    void awaitUpstream()
    {
        await("the upstream", () -> relay.status().upstreamConnected());
    }

    /** Waits for something that tells nobody when it happens. */
    static void await(final String what, final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    /** What the chunks of encoded frames take, in whole KiB: Netty makes a few constants when first used. */
    static long chunkBytes()
    {
        return UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() / 1024 * 1024;
    }

    @Override
    public void close()
    {
        clients.forEach(RawClient::close);
        relay.close();
        upstream.close();
    }

    /** Skips the test where a transport is missing. */
    static void assumeAvailable(final TransportChoice transport)
    {
        Assumptions.assumeTrue(isAvailable(transport), "this machine has no " + transport);
    }

    private static boolean isAvailable(final TransportChoice transport)
    {
        return switch (transport)
        {
            case EPOLL -> Epoll.isAvailable();
            case IO_URING -> IoUring.isAvailable();
            default -> true;
        };
    }
}
