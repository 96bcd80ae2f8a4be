package io.ringcast.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.ringcast.config.ConfigException;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.admin.AdminPages;
import io.ringcast.transport.admin.AdminServer;
import io.ringcast.transport.door.DownstreamServer;
import io.ringcast.transport.journal.Journal;
import io.ringcast.transport.loop.EventLoopCall;
import io.ringcast.transport.loop.IoTransport;
import io.ringcast.transport.loop.LocalPublisher;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;
import io.ringcast.transport.loop.SocketOptions;
import io.ringcast.transport.loop.ThreadPinning;
import io.ringcast.transport.upstream.UpstreamClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A whole relay in this process.
 * Any thread. There is no static state: several relays may run side by side, and {@link #close()} gives everything
 * back.
 *
 * <pre>{@code
 * try (Relay relay = Relay.start(RelayConfig.of("ws://127.0.0.1:8546")))
 * {
 *     relay.subscribe("[\"newHeads\"]", (sequence, bytes, offset, length) -> ...);
 * }
 * }</pre>
 */
public final class Relay implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(Relay.class);
    private static final long STOP_LOOPS_MS = 5_000;

    private volatile RelayConfig config;
    private final MachineCores machine = MachineCores.read();
    private final ThreadPlan plan;
    private final IoTransport transport;
    private final SocketOptions socketOptions;
    private final ThreadPinning pinning;
    private final MultiThreadIoEventLoopGroup group;
    private final List<EventLoop> loops = new ArrayList<>();
    private final List<NetworkRelay> networks = new ArrayList<>();
    private final DownstreamServer server;
    /** Null if there is no admin port. */
    private final AdminServer admin;
    /** Null if nothing is recorded. */
    private final Journal journal;
    /** Null if the configuration can't be read again. */
    private final ConfigSource source;
    private boolean isClosed;

    private Relay(
        final RelayConfig config, final Journal journal, final Consumer<Error> onFatalError,
        final LogLevels logLevels, final ConfigSource source)
    {
        this.config = config;
        this.journal = journal;
        this.source = source;
        plan = ThreadPlan.of(config, machine);
        transport = IoTransport.of(config.transport(), plan.isSpinning());
        socketOptions = new SocketOptions(config.sockets(), transport);
        pinning = new ThreadPinning(plan.cores(), plan.threads());
        group = transport.newGroup(plan.ioThreads(), plan.isSpinning(), config.ioUringEntries());
        for (final EventExecutor executor : group)
        {
            loops.add((EventLoop)executor);
        }
        for (final NetworkConfig network : config.networks())
        {
            networks.add(new NetworkRelay(
                config, network, plan.mode(), loops, transport, socketOptions, pinning, journal, onFatalError));
        }
        networks.forEach(NetworkRelay::record);
        server = new DownstreamServer(config, networks, loops);
        admin = config.doors().admin() == null ? null :
            new AdminServer(config.doors().admin(), new AdminPages(
                networks, server, logLevels, source == null ? null : this::reload));
    }

    /**
     * Starts a relay. An upstream that can't be reached is no failure: it is tried again until it can.
     *
     * @param config what to relay, where to listen, and the limits.
     * @return the running relay.
     * @throws IOException                       if it can't listen.
     * @throws io.ringcast.config.ConfigException if this machine lacks what the configuration asks for.
     */
    public static Relay start(final RelayConfig config) throws IOException
    {
        return start(config, error -> { });
    }

    /**
     * Starts a relay that tells of errors which no process should survive, such as running out of memory.
     *
     * @param config       what to relay, where to listen, and the limits.
     * @param onFatalError told on the thread that failed; a command-line program would end the process.
     * @return the running relay.
     * @throws IOException                       if it can't listen.
     * @throws io.ringcast.config.ConfigException if this machine lacks what the configuration asks for.
     */
    public static Relay start(final RelayConfig config, final Consumer<Error> onFatalError) throws IOException
    {
        return start(config, onFatalError, null, null);
    }

    /**
     * Starts a relay whose admin port can change how much is logged and have the configuration read again.
     *
     * @param config       what to relay, where to listen, and the limits.
     * @param onFatalError told on the thread that failed; a command-line program would end the process.
     * @param logLevels    changes log levels, or null if this program does not let it.
     * @param source       where the configuration came from, or null if it can't be read again.
     * @return the running relay.
     * @throws IOException                       if it can't listen.
     * @throws io.ringcast.config.ConfigException if this machine lacks what the configuration asks for.
     */
    public static Relay start(
        final RelayConfig config, final Consumer<Error> onFatalError, final LogLevels logLevels,
        final ConfigSource source) throws IOException
    {
        final Relay relay = create(config, onFatalError, logLevels, source);
        relay.announce();
        return relay.begin();
    }

    /** Starts a relay that no operator is to hear of: the log tells of it only what goes wrong. */
    static Relay startQuietly(final RelayConfig config) throws IOException
    {
        final Relay relay = create(config, error -> { }, null, null);
        relay.networks.forEach(NetworkRelay::keepQuiet);
        return relay.begin();
    }

    private void announce()
    {
        LOGGER.info(
            "{} threading, {} I/O threads on {} {}", plan.mode(), plan.ioThreads(), transport, transport.features());
        plan.warnOfSharedCores(machine);
        MemoryNeeds.of(config, plan.ioThreads()).warn();
    }

    private Relay begin() throws IOException
    {
        try
        {
            server.readFiles();
            if (config.warmUpMs() > 0)
            {
                server.checkFree(group, transport);
                if (admin != null)
                {
                    admin.checkFree(group, transport);
                }
                WarmUp.run(config, transport, config.warmUpMs());
            }
            pinning.pin(loops);
            if (journal != null)
            {
                journal.start();
            }
            networks.forEach(NetworkRelay::start);
            pinning.await();
            server.bind(group, transport, socketOptions);
            if (admin != null)
            {
                admin.bind(group, transport);
            }
            return this;
        }
        catch (final IOException | RuntimeException | Error e)
        {
            close();
            throw e;
        }
    }

    private static Relay create(
        final RelayConfig config, final Consumer<Error> onFatalError, final LogLevels logLevels,
        final ConfigSource source)
    {
        final Journal journal = config.journal().isOn() ? Journal.open(config.journal()) : null;
        try
        {
            return new Relay(config, journal, onFatalError, logLevels, source);
        }
        catch (final RuntimeException | Error e)
        {
            if (journal != null)
            {
                journal.close();
            }
            throw e;
        }
    }

    /**
     * Gives a builder for the configuration of a relay.
     *
     * @return a builder with a {@code start()} of its own.
     */
    public static RelayBuilder builder()
    {
        return new RelayBuilder();
    }

    /**
     * Tells where clients connect.
     *
     * @return the bound address, with the port that the system chose if the configuration said 0.
     */
    public InetSocketAddress address()
    {
        return server.address();
    }

    /**
     * Tells whether clients have to speak TLS.
     *
     * @return true if their URLs begin with {@code wss} and {@code https}.
     */
    public boolean isTls()
    {
        return config.doors().tls() != null;
    }

    /**
     * Tells where the admin port is.
     *
     * @return the bound address, or null if the configuration asks for none.
     */
    public InetSocketAddress adminAddress()
    {
        return admin == null ? null : admin.address();
    }

    /**
     * Waits until each network has had an upstream: from then on a call finds somebody to answer it. A relay is useful
     * before, too: a subscribe waits by itself, but a call is refused while there is no upstream.
     *
     * @param timeoutMs how long to wait, in milliseconds.
     * @return false if the time is over.
     * @throws InterruptedException if the thread is interrupted.
     */
    public boolean awaitUpstreams(final long timeoutMs) throws InterruptedException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        for (final NetworkRelay network : networks)
        {
            if (!network.firstUpstream().await(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS))
            {
                return false;
            }
        }
        return true;
    }

    /**
     * Subscribes in this process to the first network.
     *
     * @param params   the params of an {@code eth_subscribe} as JSON, such as {@code ["newHeads"]}.
     * @param listener takes the items, on an I/O loop's thread.
     * @return the subscription.
     */
    public LocalSubscription subscribe(final String params, final ItemListener listener)
    {
        return subscribe(config.networks().get(0).name(), "eth_subscribe", params, listener);
    }

    /**
     * Subscribes in this process.
     *
     * @param networkName which network.
     * @param method      a subscribe method, such as {@code eth_subscribe}.
     * @param params      its params as JSON.
     * @param listener    takes the items, on an I/O loop's thread.
     * @return the subscription.
     */
    public LocalSubscription subscribe(
        final String networkName, final String method, final String params, final ItemListener listener)
    {
        final NetworkLoop loop = network(networkName).loops()[0];
        final LocalOutlet outlet = EventLoopCall.on(loop.eventLoop(), () ->
        {
            final LocalOutlet created = new LocalOutlet(loop, loop.nextConnectionId(), listener);
            created.subscribe(method, params);
            return created;
        });
        return outlet;
    }

    /**
     * Publishes to a topic of the first network's own.
     *
     * @param topic   its name, which the configuration must allow.
     * @param payload one JSON value, which subscribers get byte for byte; at most 126 levels deep.
     * @return completes with the item's number in the topic, or exceptionally with the error's JSON text, because too
     *         many wait for theirs, or because the relay is closed.
     */
    public CompletionStage<Long> publish(final String topic, final String payload)
    {
        return publish(config.networks().get(0).name(), topic, payload);
    }

    /**
     * Publishes to a topic of a network's own. In the order of the calls, if they are made by one thread.
     *
     * @param networkName which network.
     * @param topic       its name, which the configuration must allow: to publish, or to subscribe only.
     * @param payload     one JSON value, which subscribers get byte for byte; at most 126 levels deep.
     * @return completes with the item's number in the topic, or exceptionally with the error's JSON text, because too
     *         many wait for theirs, or because the relay is closed.
     */
    public CompletionStage<Long> publish(final String networkName, final String topic, final String payload)
    {
        final NetworkRelay network = network(networkName);
        if (!network.config().topics().isName(topic))
        {
            throw new IllegalArgumentException("topic=" + topic + ": not a name of a topic");
        }
        LocalPublisher.checkPayload(topic, payload);
        final CompletableFuture<Long> result = new CompletableFuture<>();
        try
        {
            network.loops()[0].eventLoop().execute(() -> network.publisher().publish(topic, payload, result));
        }
        catch (final RejectedExecutionException e)
        {
            result.completeExceptionally(new IllegalStateException("the relay is closed", e));
        }
        return result;
    }

    /**
     * Tells what the relay does.
     *
     * @return counters and latency as of now.
     */
    public RelayStatus status()
    {
        return RelayStatus.of(networks);
    }

    /** Closes every connection with 1012, waits a little for clients to go, and gives everything back. */
    @Override
    public synchronized void close()
    {
        if (isClosed)
        {
            return;
        }
        isClosed = true;
        if (admin != null)
        {
            admin.onStopping();
        }
        server.stopListening();
        final ClientsEnd clients = new ClientsEnd(networks, server);
        clients.tellDrain(config.ringSlots(), config.doors());
        clients.await(config.doors().drainNoticeMs());
        clients.close();
        for (final NetworkRelay network : networks)
        {
            network.loops()[0].eventLoop().execute(() -> network.publisher().end());
        }
        clients.await(config.timing().drainMs());
        for (final NetworkRelay network : networks)
        {
            EventLoopCall.on(network.loops()[0].eventLoop(), () ->
            {
                network.upstreams().forEach(UpstreamClient::stop);
                return null;
            });
        }
        if (admin != null)
        {
            admin.close();
        }
        group.shutdownGracefully(0, STOP_LOOPS_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        server.close();
        networks.forEach(NetworkRelay::stopPipeline);
        if (journal != null)
        {
            journal.close();
        }
        networks.forEach(NetworkRelay::closePipeline);
    }

    /**
     * Reads the configuration again from where it came, and takes it as {@link #reload(RelayConfig)} does.
     *
     * @return the names of what has changed; empty if nothing has.
     * @throws ConfigException       if it can't be read or used, or differs in what can't change.
     * @throws IllegalStateException if the relay was given no source, or is closed.
     */
    public List<String> reload()
    {
        if (source == null)
        {
            throw new IllegalStateException("there is nothing to read the configuration from");
        }
        return reloadFrom(source);
    }

    /**
     * Takes another configuration while the relay runs: all of it, or nothing. New connections go by it; so do those
     * that stand, in what their key may do, and who came with a key that is no more is closed.
     *
     * @param next the configuration.
     * @return the names of what has changed; empty if nothing has.
     * @throws ConfigException if it can't be used, or differs in what can't change while the relay runs; it then names
     *                         all of that, and what held before holds.
     */
    public List<String> reload(final RelayConfig next)
    {
        return reloadFrom(() -> next);
    }

    private synchronized List<String> reloadFrom(final ConfigSource from)
    {
        if (isClosed)
        {
            throw new IllegalStateException("the relay is closed");
        }
        try
        {
            final RelayConfig next = from.read();
            final List<String> changed = ConfigChange.between(config, next);
            server.prepare(next).run();
            config = next;
            countReload(RelayCounter.CONFIG_RELOADS);
            MemoryNeeds.of(next, plan.ioThreads()).warn();
            LOGGER.info("reloaded: {}", changed.isEmpty() ? "nothing has changed" : String.join(", ", changed));
            return changed;
        }
        catch (final ConfigException e)
        {
            countReload(RelayCounter.CONFIG_RELOADS_REFUSED);
            LOGGER.warn("the configuration stays what it was: {}", e.getMessage());
            throw e;
        }
    }

    private void countReload(final RelayCounter counter)
    {
        final NetworkLoop first = networks.get(0).loops()[0];
        first.eventLoop().execute(() -> first.counters().increment(counter));
    }

    List<NetworkRelay> networks()
    {
        return networks;
    }

    DownstreamServer server()
    {
        return server;
    }

    private NetworkRelay network(final String name)
    {
        return networks.stream()
            .filter(network -> network.config().name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("network=" + name + ": no such network"));
    }
}
