package io.ringcast.egress;

import io.netty.buffer.ByteBuf;
import io.ringcast.session.ReadPositions;

import java.util.ArrayList;
import java.util.List;

/**
 * The way out to one connection: where step 7 of 7 ends.
 * Confined to the I/O loop that owns the connection.
 *
 * <p>Between {@link #append} and {@link #flush} an outlet only notes ranges, of chunks that it does not own; the flush
 * writes them in one system call. What the socket does not take then, it copies or retains.
 */
public abstract class Outlet
{
    /** The topics of this connection on its loop; kept by {@link EgressLoop}. */
    final List<LoopTopic> topics = new ArrayList<>(0);
    /** Its subscriptions behind the activation barrier, oldest first; kept by {@link EgressLoop}. */
    final List<Activation> activations = new ArrayList<>(0);
    /** The token of the barrier's ping that has no pong yet, or 0; kept by {@link EgressLoop}. */
    long pingedToken;
    /** True while it is in the list of outlets to flush; kept by {@link EgressLoop}. */
    boolean isDirty;

    /** Its topics that wait for it when it is slow; kept by {@link EgressLoop}. */
    final List<PatientTopic> patientTopics = new ArrayList<>(0);
    /** True if there are any of them. */
    boolean isPatient;
    /** Those in which it is behind; kept by {@link CatchUps}. */
    final List<LaggingTopic> lagging = new ArrayList<>(0);
    /** How many of those are of {@link #patientTopics}; kept by {@link CatchUps}. */
    int patientLaggingCount;
    /** True while it has too much unsent to be given more by topics that wait; kept by {@link CatchUps}. */
    boolean isCongested;

    /** What its client wants to know of its own items; null if nothing. Kept by {@link EgressLoop}. */
    OwnFigures figures;
    /** How far its client has read; null if nobody wants to know. */
    ReadMarks readMarks;

    private final long connectionId;

    /**
     * Creates an outlet.
     *
     * @param connectionId the connection's id, or 0 for an upstream.
     */
    protected Outlet(final long connectionId)
    {
        this.connectionId = connectionId;
    }

    /**
     * Names the connection.
     *
     * @return its id.
     */
    public final long connectionId()
    {
        return connectionId;
    }

    /**
     * Tells whether some of what it receives can wait until its socket has taken what is unsent.
     *
     * @return true if at least one of its subscriptions falls behind rather than being cut off.
     */
    public final boolean isPatient()
    {
        return isPatient;
    }

    /**
     * Tells how far it has been handed each of its topics.
     *
     * @param separator stands between the numbers.
     * @return the number of the last item of each, in the order of subscribing.
     */
    public final String positions(final char separator)
    {
        return positions(separator, null);
    }

    /**
     * The same for who can't go on by number while its past is read.
     *
     * @param separator stands between the numbers.
     * @param past      stands for the number of a topic whose past is read still and whose last item has no place
     *                  that is known; null if the number does in any case.
     * @return one for each topic, in the order of subscribing.
     */
    protected final String positions(final char separator, final String past)
    {
        final StringBuilder numbers = new StringBuilder();
        for (final LoopTopic topic : topics)
        {
            if (numbers.length() > 0)
            {
                numbers.append(separator);
            }
            final LaggingTopic reading = past == null ? null : findPast(topic.topicId);
            if (reading == null)
            {
                numbers.append(nextSequence(topic) - 1);
            }
            else
            {
                numbers.append(reading.pastPlace == null ? past : reading.pastPlace);
            }
        }
        return numbers.toString();
    }

    /**
     * Tells whether the items of a topic that come now were before it came, and have no number.
     *
     * @param topicId the topic.
     * @return false also if it does not have the topic.
     */
    protected final boolean isPast(final int topicId)
    {
        return findPast(topicId) != null;
    }

    /**
     * Notes where the last such item stands, for {@link #positions}.
     *
     * @param topicId a topic whose past is read.
     * @param place   a word without the separator; null if it is not to be known.
     */
    protected final void setPastPlace(final int topicId, final String place)
    {
        findPast(topicId).pastPlace = place;
    }

    /**
     * Names one of its topics.
     *
     * @param index which, in the order of subscribing.
     * @return the topic.
     */
    protected final int topicId(final int index)
    {
        return topics.get(index).topicId;
    }

    private LaggingTopic findPast(final int topicId)
    {
        for (int i = 0; i < lagging.size(); i++)
        {
            if (lagging.get(i).topic.topicId == topicId)
            {
                return lagging.get(i).isPast ? lagging.get(i) : null;
            }
        }
        return null;
    }

    /** The number of the first item of a topic that it has not been handed. */
    final long nextSequence(final LoopTopic topic)
    {
        for (int i = 0; i < lagging.size(); i++)
        {
            if (lagging.get(i).topic == topic)
            {
                return lagging.get(i).sequence;
            }
        }
        for (int i = 0; i < activations.size(); i++)
        {
            if (activations.get(i).topic == topic)
            {
                return activations.get(i).sequence;
            }
        }
        return topic.nextSequence;
    }

    /**
     * Tells how far its client has proved to have read.
     *
     * @return a position for each topic of which any item was read; null unless {@link EgressLoop#followReading} was
     *     told to follow it. Borrowed.
     */
    public final ReadPositions readPositions()
    {
        return readMarks == null ? null : readMarks.read();
    }

    /**
     * Tells how often {@link #readPositions} has changed.
     *
     * @return a number that goes up.
     */
    public final long readProofs()
    {
        return readMarks == null ? 0 : readMarks.proofs();
    }

    /**
     * Gives what its client wants to know of its own items.
     *
     * @return takes what is measured; null if nothing is.
     */
    public final OwnFigures figures()
    {
        return figures;
    }

    /**
     * Tells how many items wait for it in topics in which it is behind.
     *
     * @return the number; what is on its way to the socket does not count.
     */
    public final long waitingItems()
    {
        long items = 0;
        for (int i = 0; i < lagging.size(); i++)
        {
            items += Math.max(0, lagging.get(i).topic.nextSequence - lagging.get(i).sequence);
        }
        return items;
    }

    /**
     * Its figures are asked for. A door whose clients can't ask does nothing.
     *
     * @param ticket comes back with the answer.
     */
    protected void onFiguresAsked(final int ticket)
    {
        // Most doors have nobody who asks.
    }

    /** Closes the connection: its session goes on over another one. */
    public void takeOver()
    {
        fail();
    }

    /**
     * A topic has been opened to it; {@link #positions} knows it from here on.
     *
     * @param topicCount how many it has now.
     */
    protected void onOpened(final int topicCount)
    {
        // Most need not know.
    }

    final void addPatient(final LoopTopic topic, final int grant, final boolean tellsOfLag)
    {
        patientTopics.add(new PatientTopic(topic, grant, tellsOfLag));
        isPatient = true;
    }

    final void removePatient(final LoopTopic topic)
    {
        for (int i = 0; i < patientTopics.size(); i++)
        {
            if (patientTopics.get(i).topic() == topic)
            {
                patientTopics.remove(i);
                break;
            }
        }
        isPatient = !patientTopics.isEmpty();
    }

    final boolean isPatientIn(final LoopTopic topic)
    {
        for (int i = 0; i < patientTopics.size(); i++)
        {
            if (patientTopics.get(i).topic() == topic)
            {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells whether anything that it receives now can wait: as {@link #isPatient}, or because it is behind.
     *
     * @return true if {@link EgressLoop} wants to know how full its socket is.
     */
    public final boolean mayWait()
    {
        return isPatient || !lagging.isEmpty();
    }

    /**
     * Tells whether all that it receives can wait.
     *
     * @return true if none of its subscriptions is cut off for being slow.
     */
    public final boolean isWhollyPatient()
    {
        return patientTopics.size() == topics.size() && !topics.isEmpty();
    }

    /**
     * Tells whether topics wait for it.
     *
     * @return true from {@link EgressLoop#onCongested} to {@link EgressLoop#onDrained}.
     */
    public final boolean isCongested()
    {
        return isCongested;
    }

    /**
     * Notes bytes that leave at the next flush, behind those noted before. The chunk is borrowed until the flush
     * returns; what can't be written by then the outlet retains or copies.
     *
     * @param chunk        holds the bytes.
     * @param offset       where they start in the chunk.
     * @param length       how many they are.
     * @param receivedAtNs when the item was read from the upstream, 0 if the bytes are no item.
     * @param items        how many items the bytes hold.
     */
    public abstract void append(ByteBuf chunk, int offset, int length, long receivedAtNs, int items);

    /**
     * Writes bytes at once; called only when nothing is noted.
     *
     * @param chunk        holds the bytes; borrowed for this call.
     * @param offset       where they start in the chunk.
     * @param length       how many they are.
     * @param receivedAtNs when the item was read from the upstream.
     * @param items        how many items the bytes hold.
     */
    public void send(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        append(chunk, offset, length, receivedAtNs, items);
        flush();
    }

    /**
     * Tells whether so much is noted that it had better be flushed before more is, lest a connection that may fall
     * behind gets more at once than it can take.
     *
     * @return true if it should be flushed now.
     */
    public boolean isFull()
    {
        return false;
    }

    /**
     * Time passes; called about twice a second.
     *
     * @param nowNs the time.
     */
    public void onTick(final long nowNs)
    {
        // Not all have something to look after.
    }

    /** The relay stops: the client is told to come back, as far as there are words for it, and the connection ends. */
    public void closeForRestart()
    {
        fail();
    }

    /** Closes the connection: it has been too slow for what is kept. */
    public void cutOff()
    {
        fail();
    }

    /** Closes the connection: writing to it has thrown, so nobody knows what has left. */
    public abstract void fail();

    /** Writes what was noted. Never waits, never throws: an outlet that can't write closes its connection. */
    public abstract void flush();

    /**
     * Tells whether items must wait until the client has read the answer to its subscribe.
     *
     * @return false if a topic opens at once.
     */
    public boolean hasBarrier()
    {
        return false;
    }

    /**
     * Sends a ping, behind what was flushed before, if this outlet {@link #hasBarrier}; its pong is reported through
     * {@link EgressLoop#onPong}. At most one ping of the barrier is on its way at a time: the ws library cuts a
     * connection that pings faster than it answers.
     *
     * @param token comes back in the pong.
     */
    public void ping(final long token)
    {
        throw new IllegalStateException("it has no barrier");
    }

    /**
     * Takes one item in place of a range, for outlets that {@link #takesItems}.
     *
     * @param topicId     whose item it is.
     * @param sequence    its number in the topic; that of the item before for what has no number of its own.
     * @param handOut     the same for the outlets of the loop that are given it after each other, and only for these.
     * @param chunk       holds it; borrowed for this call.
     * @param offset      where the item's JSON starts in the chunk.
     * @param length      its length in bytes; 0 if it is no item but the error that ends the subscription.
     * @param frameOffset where the whole WebSocket frame starts in which it stands.
     * @param frameLength how long that frame is, in bytes.
     */
    public void onItem(
        final int topicId, final long sequence, final long handOut, final ByteBuf chunk, final int offset,
        final int length, final int frameOffset, final int frameLength)
    {
        throw new IllegalStateException("this outlet takes frames");
    }

    /**
     * Tells which form of an item this outlet takes.
     *
     * @return true if it takes items through {@link #onItem}, false if it takes frames through {@link #append}.
     */
    public boolean takesItems()
    {
        return false;
    }
}
