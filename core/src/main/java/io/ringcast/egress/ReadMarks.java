package io.ringcast.egress;

import io.ringcast.session.ReadPositions;

/**
 * Finds out how far the client of one connection has read, by pings that it answers.
 * Confined to the I/O loop that owns the connection.
 *
 * <p>A write that completed is not a write that arrived. A pong shows that the client has read all that stood before
 * its ping, so what the connection had been handed then counts as read. One such ping is on its way at a time, and none
 * while there is nothing new to prove.
 */
final class ReadMarks
{
    /** Pings are at least so far apart. */
    static final long INTERVAL_NS = 100_000_000L;
    /** A ping may be answered by the pong to another one; then it is sent again. */
    static final long AGAIN_NS = 5_000_000_000L;

    private ReadPositions read = new ReadPositions();
    private ReadPositions pinged = new ReadPositions();
    /** What {@link #pinged} is proved by; 0 if no ping is on its way. */
    private long pingedToken;
    private long pingedAtNs;
    private boolean hasPinged;
    private long proofs;

    /** How often something was proved. */
    long proofs()
    {
        return proofs;
    }

    /** What is proved. */
    ReadPositions read()
    {
        return read;
    }

    /** Whether a ping would prove something new, and may go out. */
    boolean isPingDue(final Outlet outlet, final long nowNs)
    {
        final long passedNs = nowNs - pingedAtNs;
        final boolean mayPing =
            !hasPinged || passedNs >= (pingedToken == 0 ? INTERVAL_NS : AGAIN_NS);
        return mayPing && !outlet.topics.isEmpty() && !isHandedAs(outlet, read);
    }

    /** A ping goes out, behind all that has been handed over. */
    void onPing(final Outlet outlet, final long token, final long nowNs)
    {
        hasPinged = true;
        pingedToken = token;
        pingedAtNs = nowNs;
        pinged.clear();
        for (int i = 0; i < outlet.topics.size(); i++)
        {
            final LoopTopic topic = outlet.topics.get(i);
            pinged.add(topic.topicId, outlet.nextSequence(topic));
        }
    }

    long pingedToken()
    {
        return pingedToken;
    }

    void onPong(final long token)
    {
        if (pingedToken != 0 && token >= pingedToken)
        {
            pingedToken = 0;
            proofs++;
            final ReadPositions before = read;
            read = pinged;
            pinged = before;
        }
    }

    /** The topic has been left: its number may be another's soon. */
    void forget(final int topicId)
    {
        read.remove(topicId);
        pinged.remove(topicId);
        proofs++;
    }

    private static boolean isHandedAs(final Outlet outlet, final ReadPositions positions)
    {
        if (positions.count() != outlet.topics.size())
        {
            return false;
        }
        for (int i = 0; i < outlet.topics.size(); i++)
        {
            final LoopTopic topic = outlet.topics.get(i);
            if (!positions.isAt(i, topic.topicId, outlet.nextSequence(topic)))
            {
                return false;
            }
        }
        return true;
    }
}
