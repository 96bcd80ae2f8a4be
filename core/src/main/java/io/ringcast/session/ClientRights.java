package io.ringcast.session;

import io.ringcast.image.NotInImage;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a client may do, shared by all connections that came with the same key.
 * Any thread. Each look is a few loads, and one exchange for each limit that is set; nothing allocates.
 */
@NotInImage("of the keys of this process")
public final class ClientRights
{
    /** Everything, without a limit: a program in this process, or the owner's own socket. */
    public static final ClientRights ALL = new ClientRights("all", MethodFilter.ALL, 0, 0, 0, 0);

    /** What may be done. Immutable. */
    private record Terms(MethodFilter methods, long maxConnections, long maxSubscriptions, long maxBytesPerSecond)
    {
    }

    private final String name;
    /** What holds for these and others together; null if they stand alone. */
    private final ClientRights together;
    private final RateLimit requests = new RateLimit(0);
    private final RateLimit bytes = new RateLimit(0);
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong subscriptions = new AtomicLong();
    private volatile Terms terms;
    private volatile boolean isRevoked;

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
        together = null;
        change(methods, connections, subscriptions, requestsPerSecond, bytesPerSecond);
    }

    /**
     * Creates the share of one among several: it may call what all of them may, within limits of its own and those of
     * all together.
     *
     * @param name     of whose share it is, for people; no secret.
     * @param together the rights of all.
     */
    public ClientRights(final String name, final ClientRights together)
    {
        this.name = name;
        this.together = together;
        change(MethodFilter.ALL, 0, 0, 0, 0);
    }

    /**
     * Says anew what may be done, also for those who came before. What is taken stays taken. The parameters
     * are those of the constructor.
     *
     * @param methods           what may be called.
     * @param maxConnections    how many connections at once.
     * @param maxSubscriptions  how many subscriptions at once.
     * @param requestsPerSecond how many calls a second.
     * @param bytesPerSecond    how many bytes of calls and answers a second.
     */
    public void change(
        final MethodFilter methods, final long maxConnections, final long maxSubscriptions,
        final long requestsPerSecond, final long bytesPerSecond)
    {
        terms = new Terms(methods, maxConnections, maxSubscriptions, bytesPerSecond);
        requests.limit(requestsPerSecond);
        bytes.limit(bytesPerSecond);
        isRevoked = false;
    }

    /**
     * Sets other limits, and leaves what may be called. A limit of 0 is none.
     *
     * @param maxConnections    how many connections at once.
     * @param maxSubscriptions  how many subscriptions at once.
     * @param requestsPerSecond how many calls a second.
     * @param bytesPerSecond    how many bytes of calls and answers a second.
     */
    public void limit(
        final long maxConnections, final long maxSubscriptions, final long requestsPerSecond,
        final long bytesPerSecond)
    {
        change(terms.methods, maxConnections, maxSubscriptions, requestsPerSecond, bytesPerSecond);
    }

    /** The key is no more: whoever came with it is to go. */
    public void revoke()
    {
        isRevoked = true;
    }

    public boolean isRevoked()
    {
        return isRevoked || together != null && together.isRevoked();
    }

    /**
     * Tells whether these are one share of others.
     *
     * @param others the rights of all.
     * @return true if what is taken of these is taken of the others, too.
     */
    public boolean isShareOf(final ClientRights others)
    {
        return together == others;
    }

    /** The name of the key. */
    public String name()
    {
        return name;
    }

    public boolean mayCall(final byte[] text, final int offset, final int length)
    {
        return terms.methods.isAllowed(text, offset, length) &&
            (together == null || together.mayCall(text, offset, length));
    }

    /**
     * Takes a call from what may be asked in a second.
     *
     * @param nowNs the time.
     * @return false if it is too much.
     */
    public boolean tryTakeRequest(final long nowNs)
    {
        return requests.tryTake(1, nowNs) && (together == null || together.tryTakeRequest(nowNs));
    }

    /** Whether bytes are counted at all. */
    public boolean hasByteLimit()
    {
        return terms.maxBytesPerSecond > 0 || together != null && together.hasByteLimit();
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
        return bytes.tryTake(lengthBytes, nowNs) && (together == null || together.tryTakeBytes(lengthBytes, nowNs));
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
        if (together != null)
        {
            together.chargeBytes(lengthBytes, nowNs);
        }
    }

    /** Takes a connection; {@link #giveConnection} gives it back. False if there are too many. */
    public boolean tryTakeConnection()
    {
        if (!tryTake(connections, terms.maxConnections))
        {
            return false;
        }
        if (together == null || together.tryTakeConnection())
        {
            return true;
        }
        connections.decrementAndGet();
        return false;
    }

    /** Gives a connection back. */
    public void giveConnection()
    {
        connections.decrementAndGet();
        if (together != null)
        {
            together.giveConnection();
        }
    }

    /** Takes a subscription; {@link #giveSubscription} gives it back. False if there are too many. */
    public boolean tryTakeSubscription()
    {
        if (!tryTake(subscriptions, terms.maxSubscriptions))
        {
            return false;
        }
        if (together == null || together.tryTakeSubscription())
        {
            return true;
        }
        subscriptions.decrementAndGet();
        return false;
    }

    /** Gives a subscription back. */
    public void giveSubscription()
    {
        subscriptions.decrementAndGet();
        if (together != null)
        {
            together.giveSubscription();
        }
    }

    /** How many connections there may be; 0 for no limit. */
    public long maxConnections()
    {
        return terms.maxConnections;
    }

    /** How many subscriptions there may be; 0 for no limit. */
    public long maxSubscriptions()
    {
        return terms.maxSubscriptions;
    }

    /** How many calls a second; 0 for no limit. */
    public long requestsPerSecond()
    {
        return requests.perSecond();
    }

    /** How many bytes of calls and answers a second; 0 for no limit. */
    public long bytesPerSecond()
    {
        return terms.maxBytesPerSecond;
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
