package io.ringcast.session;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a client may do, shared by all connections that came with the same key.
 * Any thread. Each look is a few loads, and one exchange for each limit that is set; nothing allocates.
 */
public final class ClientRights
{
    /** Everything, without a limit: a program in this process, or the owner's own socket. */
    public static final ClientRights ALL = new ClientRights("all", MethodFilter.ALL, 0, 0, 0, 0);

    private final String name;
    private final MethodFilter methods;
    private final long maxConnections;
    private final long maxSubscriptions;
    private final long maxBytesPerSecond;
    private final RateLimit requests;
    private final RateLimit bytes;
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong subscriptions = new AtomicLong();

    /**
     * Creates them with nothing taken. A limit of 0 is none.
     *
     * @param name              of the key, for people; no secret.
     * @param methods           what may be called.
     * @param connections       how many connections at once.
     * @param subscriptions     how many subscriptions at once.
     * @param requestsPerSecond how many calls a second.
     * @param bytesPerSecond    how many bytes of calls and answers a second.
     */
    public ClientRights(
        final String name, final MethodFilter methods, final long connections, final long subscriptions,
        final long requestsPerSecond, final long bytesPerSecond)
    {
        this.name = name;
        this.methods = methods;
        maxConnections = connections;
        maxSubscriptions = subscriptions;
        requests = new RateLimit(requestsPerSecond);
        maxBytesPerSecond = bytesPerSecond;
        bytes = new RateLimit(bytesPerSecond);
    }

    /** The name of the key. */
    public String name()
    {
        return name;
    }

    public boolean mayCall(final byte[] text, final int offset, final int length)
    {
        return methods.isAllowed(text, offset, length);
    }

    /**
     * Takes a call from what may be asked in a second.
     *
     * @param nowNs the time.
     * @return false if it is too much.
     */
    public boolean tryTakeRequest(final long nowNs)
    {
        return requests.tryTake(1, nowNs);
    }

    /** Whether bytes are counted at all. */
    public boolean hasByteLimit()
    {
        return maxBytesPerSecond > 0;
    }

    /**
     * Takes a client's text from what may pass in a second.
     *
     * @param lengthBytes its length.
     * @param nowNs       the time.
     * @return false if it is too much.
     */
    public boolean tryTakeBytes(final long lengthBytes, final long nowNs)
    {
        return bytes.tryTake(lengthBytes, nowNs);
    }

    /**
     * Takes an answer from what may pass in a second. It leaves in any case, and what comes next has to wait.
     *
     * @param lengthBytes its length.
     * @param nowNs       the time.
     */
    public void chargeBytes(final long lengthBytes, final long nowNs)
    {
        bytes.charge(lengthBytes, nowNs);
    }

    /** Takes a connection; {@link #giveConnection} gives it back. False if there are too many. */
    public boolean tryTakeConnection()
    {
        return tryTake(connections, maxConnections);
    }

    /** Gives a connection back. */
    public void giveConnection()
    {
        connections.decrementAndGet();
    }

    /** Takes a subscription; {@link #giveSubscription} gives it back. False if there are too many. */
    public boolean tryTakeSubscription()
    {
        return tryTake(subscriptions, maxSubscriptions);
    }

    /** Gives a subscription back. */
    public void giveSubscription()
    {
        subscriptions.decrementAndGet();
    }

    /** How many connections there may be; 0 for no limit. */
    public long maxConnections()
    {
        return maxConnections;
    }

    /** How many subscriptions there may be; 0 for no limit. */
    public long maxSubscriptions()
    {
        return maxSubscriptions;
    }

    /** How many calls a second; 0 for no limit. */
    public long requestsPerSecond()
    {
        return requests.perSecond();
    }

    /** How many bytes of calls and answers a second; 0 for no limit. */
    public long bytesPerSecond()
    {
        return maxBytesPerSecond;
    }

    /** How many connections are taken. */
    public long connections()
    {
        return connections.get();
    }

    /** How many subscriptions are taken. */
    public long subscriptions()
    {
        return subscriptions.get();
    }

    private static boolean tryTake(final AtomicLong taken, final long max)
    {
        if (taken.incrementAndGet() <= max || max == 0)
        {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    /** No secret: the name of the key. */
    @Override
    public String toString()
    {
        return name;
    }
}
