package io.ringcast.session;

import io.ringcast.config.NetworkConfig;

/**
 * The upstream request id of a call that the relay makes for itself: to subscribe or unsubscribe a feed, or to fetch
 * what a feed has missed.
 * Any thread.
 *
 * <pre>
 *   bits 51..32   serial: tells a subscribe from an earlier one for the same feed; its unsubscribe has the same
 *   bits 31..10   feed id
 *   bits 9..4     which of the network's subscribe methods, so that what is accepted late can be ended
 *   bit  3        1 = the feed carries heads, so that correlate knows how far each upstream is
 *   bits 2..1     0 = subscribe, 1 = unsubscribe, 2 = fetch
 *   bit  0        1 = the relay's own; clients' calls carry 0 there
 * </pre>
 *
 * It stays below 2^53, so that an upstream which reads numbers as doubles gives it back unchanged.
 */
public final class OwnCallId
{
    /** The largest feed id. */
    public static final int MAX_FEED_ID = (1 << 22) - 1;

    private static final long KIND_MASK = 6;
    private static final long UNSUBSCRIBE = 2;
    private static final long FETCH = 4;
    private static final long HEADS = 8;
    private static final int METHOD_SHIFT = 4;
    private static final int METHOD_MASK = NetworkConfig.MAX_SUBSCRIPTION_METHODS - 1;
    private static final int FEED_SHIFT = 10;
    private static final int SERIAL_SHIFT = 32;
    private static final long SERIAL_MASK = (1L << 20) - 1;

    private OwnCallId()
    {
    }

    /**
     * Builds the id of a call that begins a feed.
     *
     * @param feedId      the feed, 0 to {@link #MAX_FEED_ID}.
     * @param methodIndex which of the network's subscribe methods it is made by.
     * @param serial      counts the calls; its low 20 bits are used.
     * @return the id, odd.
     */
    public static long subscribe(final int feedId, final int methodIndex, final long serial)
    {
        return id(feedId, serial) | (long)methodIndex << METHOD_SHIFT;
    }

    /**
     * Builds the id of a call that begins a feed of heads.
     *
     * @param feedId      the feed, 0 to {@link #MAX_FEED_ID}.
     * @param methodIndex which of the network's subscribe methods it is made by.
     * @param serial      counts the calls; its low 20 bits are used.
     * @return the id, odd.
     */
    public static long subscribeHeads(final int feedId, final int methodIndex, final long serial)
    {
        return subscribe(feedId, methodIndex, serial) | HEADS;
    }

    /**
     * Builds the id of a call that fetches what a feed has missed.
     *
     * @param feedId the feed that it is for, 0 to {@link #MAX_FEED_ID}.
     * @param serial counts the calls; its low 20 bits are used.
     * @return the id, odd.
     */
    public static long fetch(final int feedId, final long serial)
    {
        return id(feedId, serial) | FETCH;
    }

    private static long id(final int feedId, final long serial)
    {
        return (serial & SERIAL_MASK) << SERIAL_SHIFT | (long)feedId << FEED_SHIFT | 1;
    }

    /**
     * Builds the id of the call that undoes another.
     *
     * @param subscribeCallId the call that began the feed.
     * @return the id of the call that ends it, odd.
     */
    public static long unsubscribeOf(final long subscribeCallId)
    {
        return subscribeCallId | UNSUBSCRIBE;
    }

    /**
     * Tells which call another undoes.
     *
     * @param unsubscribeCallId the call that ends a feed.
     * @return the id of the call that began it.
     */
    public static long subscribeOf(final long unsubscribeCallId)
    {
        return unsubscribeCallId & ~UNSUBSCRIBE;
    }

    /**
     * Tells the relay's own calls from the clients'.
     *
     * @param upstreamRequestId an id that an upstream has answered.
     * @return true if the relay itself asked.
     */
    public static boolean isOwn(final long upstreamRequestId)
    {
        return (upstreamRequestId & 1) == 1;
    }

    /**
     * Tells what the call was.
     *
     * @param ownCallId an id that is the relay's own.
     * @return true if it was to end the feed.
     */
    public static boolean isUnsubscribe(final long ownCallId)
    {
        return (ownCallId & KIND_MASK) == UNSUBSCRIBE;
    }

    /**
     * Tells what the call was.
     *
     * @param ownCallId an id that is the relay's own.
     * @return true if it was to fetch what a feed has missed.
     */
    public static boolean isFetch(final long ownCallId)
    {
        return (ownCallId & KIND_MASK) == FETCH;
    }

    /**
     * Tells what the feed carries.
     *
     * @param ownCallId an id that is the relay's own.
     * @return true if its items are heads.
     */
    public static boolean isHeads(final long ownCallId)
    {
        return (ownCallId & HEADS) != 0;
    }

    /**
     * Tells which method a feed was to begin by.
     *
     * @param subscribeCallId the call that was to begin it; an upstream may have made it up.
     * @return the index, 0 to 63; there need not be such a method.
     */
    public static int methodIndex(final long subscribeCallId)
    {
        return (int)(subscribeCallId >>> METHOD_SHIFT) & METHOD_MASK;
    }

    /**
     * Tells which feed the call was for.
     *
     * @param ownCallId an id that is the relay's own.
     * @return the feed id.
     */
    public static int feedId(final long ownCallId)
    {
        return (int)(ownCallId >>> FEED_SHIFT) & MAX_FEED_ID;
    }
}
