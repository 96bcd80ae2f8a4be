package io.ringcast.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything a relay is told at start.
 * Immutable.
 *
 * @param listenHost where the server listens; default 127.0.0.1. Any other address opens it to the network.
 * @param listenPort default 9545; 0 lets the system choose.
 * @param threading  how the stages are spread over threads; default {@link ThreadingChoice#AUTO}.
 * @param ioThreads  I/O loops; default 0, by cores. Fewer leave cores to others; more spread the fan-out.
 * @param transport  the system interface; default {@link TransportChoice#AUTO}.
 * @param ringSlots  slots of each network's ring, a power of two; default 4096. Fewer close the read gate sooner in a
 *                   burst; more take memory and cache.
 * @param networks   at least one; paths and names are unique.
 * @param limits     bounds.
 * @param timing     waits.
 * @param profile    whether threads without work sleep or spin; default {@link ProfileChoice#DEFAULT}.
 * @param cores      each thread of the relay is held to one of these; default none, the scheduler decides.
 * @param sockets    options of every socket.
 * @param ioUringEntries slots of each io_uring submission queue, a power of two; default 512. Fewer submit sooner; more
 *                   submit more at once and reach the first client later.
 * @param warmUpMs   how long the relay may drive itself before it listens, so that the compiler has seen its work;
 *                   default 3000; 0 is not at all. Less starts sooner; more makes the first seconds faster.
 * @param doors      what is open beside the WebSocket.
 * @param access     who may enter by the port and what for.
 * @param delivery   what is kept so that a subscriber can go on where it was.
 * @param journal    where the ring's input is recorded; default nowhere.
 */
public record RelayConfig(
    String listenHost,
    int listenPort,
    ThreadingChoice threading,
    int ioThreads,
    TransportChoice transport,
    int ringSlots,
    List<NetworkConfig> networks,
    LimitsConfig limits,
    TimingConfig timing,
    ProfileChoice profile,
    CoreList cores,
    SocketConfig sockets,
    int ioUringEntries,
    int warmUpMs,
    DoorsConfig doors,
    AccessConfig access,
    DeliveryConfig delivery,
    JournalConfig journal)
{
    /** The address of a relay that was told none. */
    public static final HostPort DEFAULT_LISTEN = new HostPort("127.0.0.1", 9545);
    /** Setting {@code ioThreads}. */
    public static final NumberSetting IO_THREADS = NumberSetting.of(
        "ioThreads", 0, 0, 64, "I/O loops; 0 goes by cores");
    /** Setting {@code ringSlots}. */
    public static final NumberSetting RING_SLOTS = NumberSetting.powerOfTwo(
        "ringSlots", 4_096, 64, 1_048_576, "slots of each network's ring, a power of two");
    /** Setting {@code ioUringEntries}. */
    public static final NumberSetting IO_URING_ENTRIES = NumberSetting.powerOfTwo(
        "ioUringEntries", 512, 16, 4_096, "slots of each io_uring submission queue, a power of two");
    /** Setting {@code warmUpMs}. */
    public static final NumberSetting WARM_UP_MS = NumberSetting.of(
        "warmUpMs", 3_000, 0, 60_000, "run on traffic of its own for at most this long before it listens, in ms");
    /** The numbers of the relay itself; the others are in {@link LimitsConfig} and {@link TimingConfig}. */
    public static final List<NumberSetting> SETTINGS =
        List.of(IO_THREADS, RING_SLOTS, IO_URING_ENTRIES, WARM_UP_MS);

    private static final NumberSetting LISTEN_PORT = NumberSetting.of("listenPort", 9_545, 0, 65_535, "port");

    public RelayConfig
    {
        if (listenHost == null || listenHost.isBlank())
        {
            throw new ConfigException("listenHost", listenHost, "no host", "a host name or address");
        }
        LISTEN_PORT.check(listenPort);
        IO_THREADS.check(ioThreads);
        RING_SLOTS.check(ringSlots);
        IO_URING_ENTRIES.check(ioUringEntries);
        WARM_UP_MS.check(warmUpMs);
        networks = List.copyOf(networks);
        checkNetworks(networks);
        checkDefault(networks);
        checkAccess(networks, access);
    }

    private static void checkAccess(final List<NetworkConfig> networks, final AccessConfig access)
    {
        final Set<String> names = new HashSet<>();
        networks.forEach(network -> names.add(network.name()));
        access.rights().forEach(rights -> rights.networks().forEach(name ->
        {
            if (!names.contains(name))
            {
                throw new ConfigException("access networks", name, "no such network", String.join(", ", names));
            }
        }));
    }

    private static void checkNetworks(final List<NetworkConfig> networks)
    {
        if (networks.isEmpty())
        {
            throw new ConfigException("networks", "[]", "no network", "at least one network with an upstream");
        }
        final Map<String, String> paths = new HashMap<>();
        final Set<String> names = new HashSet<>();
        final Set<Path> sockets = new HashSet<>();
        for (int i = 0; i < networks.size(); i++)
        {
            final NetworkConfig network = networks.get(i);
            for (final String path : network.paths())
            {
                if (paths.put(path, network.name()) != null)
                {
                    throw new ConfigException("networks[" + i + "].path", path, "used twice",
                        "a path of its own for each network, and other aliases");
                }
            }
            if (network.ipc() != null && !sockets.add(network.ipc()))
            {
                throw new ConfigException("networks[" + i + "].ipc", network.ipc(), "used twice",
                    "a socket of its own for each network");
            }
            if (!names.add(network.name()))
            {
                throw new ConfigException("networks[" + i + "].name", network.name(), "used twice",
                    "a name of its own for each network");
            }
        }
    }

    private static void checkDefault(final List<NetworkConfig> networks)
    {
        final List<String> marked =
            networks.stream().filter(NetworkConfig::isDefault).map(NetworkConfig::name).toList();
        if (marked.size() > 1)
        {
            throw new ConfigException("networks.default", marked.get(1), "a second default", "one network");
        }
        for (final NetworkConfig network : networks)
        {
            if (!marked.isEmpty() && !network.isDefault() && network.paths().contains("/"))
            {
                throw new ConfigException("networks.default", marked.get(0), "the path / is that of " + network.name(),
                    "the network whose path it is, or another path for that");
            }
        }
    }

    /**
     * Tells where the path {@code /} leads.
     *
     * @return the network, or null if there are several and none of them is it.
     */
    public NetworkConfig defaultNetwork()
    {
        return networks.size() == 1 ? networks.get(0) : networks.stream()
            .filter(network -> network.isDefault() || network.paths().contains("/")).findFirst().orElse(null);
    }

    public static Builder builder()
    {
        return new Builder();
    }

    /**
     * The least that makes a relay: one node, everything else by default.
     *
     * @param upstreamUrl the node's WebSocket.
     * @return the configuration.
     */
    public static RelayConfig of(final String upstreamUrl)
    {
        return builder().upstream(upstreamUrl).build();
    }

    /** A builder that starts from this configuration. */
    public Builder toBuilder()
    {
        final Builder builder = new Builder()
            .listen(new HostPort(listenHost, listenPort))
            .threading(threading)
            .ioThreads(ioThreads)
            .transport(transport)
            .ringSlots(ringSlots)
            .limits(limits)
            .timing(timing)
            .profile(profile)
            .cores(cores)
            .sockets(sockets)
            .ioUringEntries(ioUringEntries)
            .warmUpMs(warmUpMs)
            .doors(doors)
            .access(access)
            .delivery(delivery)
            .journal(journal);
        networks.forEach(network -> builder.network(network.toBuilder()));
        return builder;
    }

    /** Collects the settings of a relay. Confined to the thread that builds a configuration. */
    public static final class Builder
    {
        private HostPort listen = DEFAULT_LISTEN;
        private ThreadingChoice threading = ThreadingChoice.AUTO;
        private TransportChoice transport = TransportChoice.AUTO;
        private final NumberSettings values = new NumberSettings(SETTINGS);
        private final List<NetworkConfig.Builder> networks = new ArrayList<>();
        private LimitsConfig limits = LimitsConfig.defaults();
        private TimingConfig timing = TimingConfig.defaults();
        private ProfileChoice profile = ProfileChoice.DEFAULT;
        private CoreList cores = CoreList.NONE;
        private SocketConfig sockets = SocketConfig.defaults();
        private DoorsConfig doors = DoorsConfig.defaults();
        private AccessConfig access = AccessConfig.defaults();
        private DeliveryConfig delivery = DeliveryConfig.defaults();
        private JournalConfig journal = JournalConfig.defaults();

        private Builder()
        {
        }

        public Builder listen(final HostPort address)
        {
            listen = address;
            return this;
        }

        public Builder listen(final String host, final int port)
        {
            return listen(new HostPort(host, port));
        }

        public Builder threading(final ThreadingChoice choice)
        {
            threading = choice;
            return this;
        }

        public Builder transport(final TransportChoice choice)
        {
            transport = choice;
            return this;
        }

        /** Sets one of {@link RelayConfig#SETTINGS}, as the YAML reader and the flags do. */
        public Builder set(final NumberSetting setting, final long value)
        {
            values.set(setting, value);
            return this;
        }

        public Builder ioThreads(final int threads)
        {
            return set(IO_THREADS, threads);
        }

        public Builder ringSlots(final int slots)
        {
            return set(RING_SLOTS, slots);
        }

        /** Adds a network. */
        public Builder network(final NetworkConfig network)
        {
            return network(network.toBuilder());
        }

        /** Adds a network that may still change; it is built and checked with the relay. */
        public Builder network(final NetworkConfig.Builder network)
        {
            networks.add(network);
            return this;
        }

        /** Adds a network with the default name and path in front of one node. */
        public Builder upstream(final String url)
        {
            return network(NetworkConfig.builder().upstream(url));
        }

        /** The networks so far, to be changed in place. */
        public List<NetworkConfig.Builder> networks()
        {
            return networks;
        }

        public LimitsConfig limits()
        {
            return limits;
        }

        public Builder limits(final LimitsConfig newLimits)
        {
            limits = newLimits;
            return this;
        }

        public TimingConfig timing()
        {
            return timing;
        }

        public Builder timing(final TimingConfig newTiming)
        {
            timing = newTiming;
            return this;
        }

        public Builder profile(final ProfileChoice choice)
        {
            profile = choice;
            return this;
        }

        public Builder cores(final CoreList list)
        {
            cores = list;
            return this;
        }

        public SocketConfig sockets()
        {
            return sockets;
        }

        public Builder sockets(final SocketConfig newSockets)
        {
            sockets = newSockets;
            return this;
        }

        public Builder ioUringEntries(final int entries)
        {
            return set(IO_URING_ENTRIES, entries);
        }

        public Builder warmUpMs(final int atMostMs)
        {
            return set(WARM_UP_MS, atMostMs);
        }

        public DoorsConfig doors()
        {
            return doors;
        }

        public Builder doors(final DoorsConfig newDoors)
        {
            doors = newDoors;
            return this;
        }

        public AccessConfig access()
        {
            return access;
        }

        public Builder access(final AccessConfig newAccess)
        {
            access = newAccess;
            return this;
        }

        public DeliveryConfig delivery()
        {
            return delivery;
        }

        public Builder delivery(final DeliveryConfig newDelivery)
        {
            delivery = newDelivery;
            return this;
        }

        public JournalConfig journal()
        {
            return journal;
        }

        public Builder journal(final JournalConfig newJournal)
        {
            journal = newJournal;
            return this;
        }

        /**
         * Checks everything.
         *
         * @return the configuration.
         * @throws ConfigException naming the first setting that cannot be used.
         */
        public RelayConfig build()
        {
            final List<NetworkConfig> built = new ArrayList<>();
            for (int i = 0; i < networks.size(); i++)
            {
                try
                {
                    built.add(networks.get(i).build());
                }
                catch (final ConfigException ex)
                {
                    throw ex.within("networks[" + i + "]");
                }
            }
            return new RelayConfig(listen.host(), listen.port(), threading, values.getInt(IO_THREADS), transport,
                values.getInt(RING_SLOTS), built, limits, timing, profile, cores, sockets,
                values.getInt(IO_URING_ENTRIES), values.getInt(WARM_UP_MS), doors, access, delivery,
                journal);
        }
    }
}
