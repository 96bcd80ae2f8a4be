package io.ringcast.config;

import io.ringcast.session.DeliveryOptions;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One network: a path that clients connect to, and the upstreams that answer there.
 * Immutable.
 *
 * @param name                used in logs and counters and in subscription ids; default {@code main}.
 * @param path                the HTTP path of its WebSocket; default {@code /}.
 * @param aliases             further paths that lead to it; default none.
 * @param isDefault           true if the path {@code /} leads to it as well; default false. One network alone is so by
 *                            itself, and one whose path or alias it is.
 * @param dialect             how its nodes speak of subscriptions; default {@link Dialect#ETHEREUM}.
 * @param upstreams           its nodes, 1 to {@value #MAX_UPSTREAMS}, each with a name of its own.
 * @param logs                where logs filters are applied; default {@link LogsMode#MATCH}.
 * @param subscriptionMethods the calls that create subscriptions; default those of the dialect.
 * @param broadcast           the methods that go to all upstreams at once; default those of the dialect.
 * @param quorum              how many upstreams must have said an item before it is published; default 1.
 * @param ipc                 the path of its Unix domain socket; null, the default, for none.
 * @param topics              its topics that no node knows; default none.
 * @param options             what its subscribers get unless they ask for something else; default
 *                            {@link DeliveryOptions#PLAIN}.
 */
public record NetworkConfig(
    String name,
    String path,
    List<String> aliases,
    boolean isDefault,
    Dialect dialect,
    List<UpstreamConfig> upstreams,
    LogsMode logs,
    List<SubscriptionMethod> subscriptionMethods,
    List<String> broadcast,
    int quorum,
    Path ipc,
    OwnTopicsConfig topics,
    DeliveryOptions options)
{
    /** How many methods may go to all upstreams. */
    public static final int MAX_BROADCAST = 64;
    /** Most methods that create subscriptions. */
    public static final int MAX_SUBSCRIPTION_METHODS = 64;
    /** How many further paths may lead to it. */
    public static final int MAX_ALIASES = 64;
    /** What goes to all upstreams of Ethereum unless something else is said. */
    public static final List<String> DEFAULT_BROADCAST = List.of("eth_sendRawTransaction");
    /** The system takes 107; the socket is made beside its path and moved there. */
    private static final int MAX_IPC_PATH = 92;
    /** How many upstreams one network may have. */
    public static final int MAX_UPSTREAMS = 16;
    /** Setting {@code quorum}; what is allowed ends at the number of upstreams. */
    static final NumberSetting QUORUM = NumberSetting.of(
        "quorum", 1, 1, MAX_UPSTREAMS, "upstreams that must have said a head before it is published");

    public NetworkConfig
    {
        Names.check("name", name);
        checkPath("path", path);
        aliases = List.copyOf(aliases);
        aliases.forEach(alias -> checkPath("aliases", alias));
        if (aliases.size() > MAX_ALIASES)
        {
            throw new ConfigException("aliases", "[" + aliases.size() + " paths]", "too many", "0 to " + MAX_ALIASES);
        }
        upstreams = List.copyOf(upstreams);
        if (upstreams.isEmpty())
        {
            throw new ConfigException("upstreams", "[]", "no upstream", "one url, " + UpstreamConfig.ALLOWED_URL);
        }
        if (upstreams.size() > MAX_UPSTREAMS)
        {
            throw new ConfigException("upstreams", "[" + upstreams.size() + " upstreams]", "too many",
                "1 to " + MAX_UPSTREAMS);
        }
        checkNames(upstreams);
        subscriptionMethods = List.copyOf(subscriptionMethods);
        checkMethods(subscriptionMethods);
        broadcast = List.copyOf(broadcast);
        checkBroadcast(broadcast);
        checkOptions(options);
        checkDialect(dialect, topics, quorum);
        if (quorum < 1 || quorum > upstreams.size())
        {
            throw new ConfigException("quorum", quorum, quorum < 1 ? "too small" : "more than there are upstreams",
                "a whole number from 1 to " + upstreams.size());
        }
    }

    private static void checkPath(final String name, final String path)
    {
        if (path == null || !path.matches("/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*"))
        {
            throw new ConfigException(name, path, "not a path",
                "'/' and then letters, digits, '/' or URL punctuation, for example /main/evm/1");
        }
    }

    /** Every path that leads to it. A slash at an end does not matter. */
    public List<String> paths()
    {
        return Stream.concat(Stream.of(path), aliases.stream()).map(NetworkConfig::plain).toList();
    }

    /**
     * Makes a path what it is compared as.
     *
     * @param path a path.
     * @return the same without a slash at its end, unless it is nothing else.
     */
    public static String plain(final String path)
    {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /**
     * Reads the path of a Unix domain socket.
     *
     * @param text the path; a relative one counts from the working directory.
     * @return the absolute path.
     * @throws ConfigException when it is none, or too long for the system.
     */
    public static Path ipcPath(final String text)
    {
        try
        {
            final Path path = Path.of(text).toAbsolutePath().normalize();
            if (!text.isBlank() && path.getFileName() != null && path.toString().length() <= MAX_IPC_PATH)
            {
                return path;
            }
        }
        catch (final InvalidPathException ignored)
        {
            // The same refusal as for the others.
        }
        throw new ConfigException("ipc", text, "not a path of a socket", "a path of at most " + MAX_IPC_PATH +
            " characters");
    }

    private static void checkNames(final List<UpstreamConfig> upstreams)
    {
        final Set<String> names = new LinkedHashSet<>();
        for (final UpstreamConfig upstream : upstreams)
        {
            if (!names.add(upstream.name()))
            {
                throw new ConfigException("upstreams", upstream.name(), "name given twice", "each name once");
            }
        }
    }

    private static void checkMethods(final List<SubscriptionMethod> methods)
    {
        if (methods.size() > MAX_SUBSCRIPTION_METHODS)
        {
            throw new ConfigException("subscriptionMethods", "[" + methods.size() + " methods]", "too many",
                "0 to " + MAX_SUBSCRIPTION_METHODS);
        }
        final Set<String> names = new LinkedHashSet<>();
        for (final SubscriptionMethod method : methods)
        {
            if (!names.add(method.subscribe()))
            {
                throw new ConfigException("subscriptionMethods", method.subscribe(), "given twice", "each name once");
            }
        }
    }

    private static void checkBroadcast(final List<String> methods)
    {
        if (methods.size() > MAX_BROADCAST)
        {
            throw new ConfigException("broadcast", "[" + methods.size() + " methods]", "too many",
                "0 to " + MAX_BROADCAST);
        }
        final Set<String> names = new LinkedHashSet<>();
        for (final String method : methods)
        {
            SubscriptionMethod.check("broadcast", method);
            if (!names.add(method))
            {
                throw new ConfigException("broadcast", method, "given twice", "each name once");
            }
        }
    }

    private static void checkOptions(final DeliveryOptions options)
    {
        if (options.resume() != null || options.any() != null || options.fromBlock() != null)
        {
            throw new ConfigException("options", options.canonicalJson(), "belongs to one subscription or connection",
                "options other than resume, any and fromBlock");
        }
    }

    /** What has to do with heads, or is subscribed to by eth_subscribe, is Ethereum's. */
    private static void checkDialect(final Dialect dialect, final OwnTopicsConfig topics, final int quorum)
    {
        if (!dialect.isEthereum() && topics.isOn())
        {
            throw new ConfigException("topics", topics.publish(), "not with dialect " + dialect, "dialect ethereum");
        }
        if (!dialect.isEthereum() && quorum > 1)
        {
            throw new ConfigException("quorum", quorum, "not with dialect " + dialect, "1, or dialect ethereum");
        }
    }

    public static Builder builder()
    {
        return new Builder();
    }

    /** A builder that starts from this network. */
    public Builder toBuilder()
    {
        final Builder builder = new Builder().name(name).path(path).aliases(aliases).isDefault(isDefault)
            .dialect(dialect).logs(logs);
        builder.upstreams.addAll(upstreams);
        furtherMethods().forEach(builder::subscriptionMethod);
        return builder.broadcast(broadcast).quorum(quorum).ipc(ipc).topics(topics).options(options);
    }

    /** The calls that create subscriptions beside those of the dialect, or in place of some of them. */
    List<SubscriptionMethod> furtherMethods()
    {
        return subscriptionMethods.stream().filter(method -> !dialect.methods().contains(method)).toList();
    }

    /** Collects the settings of one network. Confined to the thread that builds a configuration. */
    public static final class Builder
    {
        private String name = "main";
        private String path = "/";
        private List<String> aliases = List.of();
        private boolean isDefault;
        private final List<UpstreamConfig> upstreams = new ArrayList<>();
        private LogsMode logs = LogsMode.MATCH;
        private Dialect dialect = Dialect.ETHEREUM;
        private final List<SubscriptionMethod> furtherMethods = new ArrayList<>();
        /** Null for that of the dialect. */
        private List<String> broadcast;
        private int quorum = 1;
        private Path ipc;
        private OwnTopicsConfig topics = OwnTopicsConfig.none();
        private DeliveryOptions options = DeliveryOptions.PLAIN;

        private Builder()
        {
        }

        public Builder name(final String newName)
        {
            name = newName;
            return this;
        }

        public Builder path(final String newPath)
        {
            path = newPath;
            return this;
        }

        /** Sets further paths that lead to it. */
        public Builder aliases(final List<String> paths)
        {
            aliases = List.copyOf(paths);
            return this;
        }

        /** Sets whether the path {@code /} leads to it. */
        public Builder isDefault(final boolean newIsDefault)
        {
            isDefault = newIsDefault;
            return this;
        }

        /** Sets how its nodes speak of subscriptions. */
        public Builder dialect(final Dialect newDialect)
        {
            dialect = newDialect;
            return this;
        }

        public Builder logs(final LogsMode newLogs)
        {
            logs = newLogs;
            return this;
        }

        /** Adds an upstream. */
        public Builder upstream(final UpstreamConfig upstream)
        {
            upstreams.add(upstream);
            return this;
        }

        /** Adds an upstream that is named by its place: {@code upstream-1}, {@code upstream-2}. */
        public Builder upstream(final String url)
        {
            return upstream(UpstreamConfig.of(UpstreamConfig.defaultName(upstreams.size()), url));
        }

        /** Adds an upstream as a flag gives it, {@code [NAME=]URL}. */
        public Builder namedUpstream(final String text)
        {
            return upstream(UpstreamConfig.parse(text, UpstreamConfig.defaultName(upstreams.size())));
        }

        public int upstreamCount()
        {
            return upstreams.size();
        }

        /** Forgets the upstreams given so far. */
        public Builder clearUpstreams()
        {
            upstreams.clear();
            return this;
        }

        public boolean hasUpstreams()
        {
            return !upstreams.isEmpty();
        }

        /** Adds a method that creates subscriptions; one that is there already is replaced. */
        public Builder subscriptionMethod(final SubscriptionMethod method)
        {
            furtherMethods.removeIf(known -> known.subscribe().equals(method.subscribe()));
            furtherMethods.add(method);
            return this;
        }

        /** Replaces the methods that go to all upstreams at once; none is allowed. */
        public Builder broadcast(final List<String> methods)
        {
            broadcast = List.copyOf(methods);
            return this;
        }

        /** Sets how many upstreams must have said a head before it is published. */
        public Builder quorum(final int newQuorum)
        {
            quorum = newQuorum;
            return this;
        }

        /** Sets the path of a Unix domain socket; null for none. */
        public Builder ipc(final Path socket)
        {
            ipc = socket;
            return this;
        }

        /** Sets its topics that no node knows. */
        public Builder topics(final OwnTopicsConfig newTopics)
        {
            topics = newTopics;
            return this;
        }

        /** Its topics that no node knows, as set so far. */
        public OwnTopicsConfig topics()
        {
            return topics;
        }

        /** Sets what subscribers get unless they ask for something else. */
        public Builder options(final DeliveryOptions newOptions)
        {
            options = newOptions;
            return this;
        }

        public NetworkConfig build()
        {
            final List<SubscriptionMethod> methods = new ArrayList<>(dialect.methods());
            for (final SubscriptionMethod further : furtherMethods)
            {
                methods.removeIf(known -> known.subscribe().equals(further.subscribe()));
                methods.add(further);
            }
            return new NetworkConfig(name, path, aliases, isDefault, dialect, upstreams, logs, methods,
                broadcast == null ? dialect.broadcast() : broadcast, quorum, ipc, topics,
                options.over(dialect.options()));
        }
    }
}
