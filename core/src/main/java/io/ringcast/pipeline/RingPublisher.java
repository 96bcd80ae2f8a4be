package io.ringcast.pipeline;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ClientRights;
import io.ringcast.session.DeliveryOptions;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.function.Consumer;

/**
 * Puts what one I/O loop has received into the ring, and holds the loop's sockets back while the ring is full.
 * Confined to its I/O loop.
 *
 * <p>A full received frame is exchanged for the slot's empty one: the hand-over copies nothing. Clients leave a
 * sixteenth of the ring to upstreams and to the end of connections, so a flood of requests can't stall the feeds.
 *
 * <ul>
 * <li><b>Step</b> 3 of 7
 * <li><b>Thread</b> I/O
 * <li><b>Owns</b> the frame until it is published; from then on the slot does
 * <li><b>Next</b> {@link CorrelateStage}
 * </ul>
 */
public final class RingPublisher
{
    /** Upstreams may fill twice what clients may: a flood of large calls can't stall the feeds. */
    private static final int UPSTREAM_SHARE = 2;

    private final RingBuffer<RelayEvent> ring;
    private final RingBytes ringBytes;
    private final LoopWaker pipelineWaker;
    private final CounterSet counters;
    private final SpareFrames pool = new SpareFrames();
    private final FrameDecoder decoder = new FrameDecoder();
    /** In the order of closing; sets, since the gate of a connection that ends is taken out. */
    private final LinkedHashSet<ReadGate> closedGates = new LinkedHashSet<>();
    private final LinkedHashSet<ReadGate> closedUpstreamGates = new LinkedHashSet<>();
    private final int clientReserve;
    /** From the system's steady clock, which the callers read, to that of the stages. */
    private long clockOffsetNs;
    private volatile boolean isClientWaiting;
    private volatile boolean isUpstreamWaiting;
    /** True while something else than the ring holds senders back: opening their gates would be in vain. */
    private volatile boolean isHeld;

    RingPublisher(
        final RingBuffer<RelayEvent> ring, final RingBytes ringBytes, final LoopWaker pipelineWaker,
        final CounterSet counters)
    {
        this.ringBytes = ringBytes;
        this.ring = ring;
        this.pipelineWaker = pipelineWaker;
        this.counters = counters;
        clientReserve = ring.getBufferSize() / 16;
    }

    /** Before the start. */
    void setClockOffsetNs(final long offsetNs)
    {
        clockOffsetNs = offsetNs;
    }

    /**
     * Gives an empty frame to fill.
     *
     * @return a frame; the caller owns it until it is published or given back.
     */
    public ReceivedFrame takeFrame()
    {
        return pool.take();
    }

    /**
     * Takes back a frame that is not published.
     *
     * @param frame the frame; the caller no longer owns it.
     */
    public void giveFrame(final ReceivedFrame frame)
    {
        pool.give(frame);
    }

    /**
     * Decodes a frame in place; step 2.
     *
     * @param frame a whole text.
     */
    public void decode(final ReceivedFrame frame)
    {
        decoder.decode(frame.bytes, 0, frame.length, frame.view);
    }

    /**
     * Offers a client's text to the ring.
     *
     * @param connectionId who sent it.
     * @param frame        the decoded text; the slot owns it if this returns true, else the caller still does.
     * @param nowNs        when it was read.
     * @return false if the ring is too full: the caller closes its gate with {@link #awaitSpace}.
     */
    public boolean tryPublishClientFrame(final long connectionId, final ReceivedFrame frame, final long nowNs)
    {
        return tryPublishClientFrame(connectionId, ClientRights.ALL, null, frame, nowNs);
    }

    /**
     * As {@link #tryPublishClientFrame(long, ReceivedFrame, long)}, for a connection that may not do everything or
     * whose URL asked for something.
     *
     * @param connectionId      who sent it.
     * @param rights            what the client may do.
     * @param connectionOptions what holds for its subscriptions unless they say otherwise, with the network's own
     *                          options below it; null if the connection asked for nothing.
     * @param frame             the decoded text; the slot owns it if this returns true, else the caller still does.
     * @param nowNs             when it was read.
     * @return false if the ring is too full: the caller closes its gate with {@link #awaitSpace}.
     */
    public boolean tryPublishClientFrame(
        final long connectionId, final ClientRights rights, final DeliveryOptions connectionOptions,
        final ReceivedFrame frame, final long nowNs)
    {
        return ring.hasAvailableCapacity(clientReserve) &&
            tryPublish(EventKind.CLIENT_FRAME, connectionId, 0, rights, connectionOptions, frame, nowNs);
    }

    /**
     * Offers an upstream's text to the ring.
     *
     * @param laneIndex which upstream sent it.
     * @param frame     the decoded text; the slot owns it if this returns true, else the caller still does.
     * @param nowNs     when the last of it was read.
     * @return false if the ring is full: the caller closes its gate with {@link #awaitSpaceForUpstream}.
     */
    public boolean tryPublishUpstreamFrame(final int laneIndex, final ReceivedFrame frame, final long nowNs)
    {
        return tryPublish(EventKind.UPSTREAM_FRAME, 0, laneIndex, null, null, frame, nowNs);
    }

    /**
     * Offers an event without a text.
     *
     * @param kind         what happened.
     * @param connectionId to whom, or 0.
     * @param laneIndex    at which upstream, or 0.
     * @param nowNs        when.
     * @return false if the ring is full: the caller tries again when its gate opens.
     */
    public boolean tryPublish(final EventKind kind, final long connectionId, final int laneIndex, final long nowNs)
    {
        return tryPublish(kind, connectionId, laneIndex, null, null, null, nowNs);
    }

    /**
     * Offers the wish of a connection that is behind in a topic.
     *
     * @param connectionId who is behind.
     * @param topicId      in which topic.
     * @param grant        which of its subscriptions to it.
     * @param ticket       comes back with the answer.
     * @param position     the number of the first item that is wanted.
     * @param nowNs        when.
     * @return false if the ring is too full.
     */
    public boolean tryPublishCatchUp(
        final long connectionId, final int topicId, final int grant, final int ticket, final long position,
        final long nowNs)
    {
        final ReceivedFrame frame = pool.take();
        CatchUpText.write(frame, topicId, grant, ticket, position);
        final boolean isTaken = ring.hasAvailableCapacity(clientReserve) &&
            tryPublish(EventKind.CATCH_UP, connectionId, 0, null, null, frame, nowNs);
        if (!isTaken)
        {
            pool.give(frame);
        }
        return isTaken;
    }

    /**
     * Offers an event with a text that is no client's: what a connection wishes as it opens, or how far it has read.
     *
     * @param kind              {@link EventKind#CLIENT_OPENED} or {@link EventKind#CLIENT_READ}.
     * @param connectionId      of whom.
     * @param rights            what the client may do.
     * @param connectionOptions what the connection asked for; null if nothing.
     * @param text              the text; copied.
     * @param nowNs             when.
     * @return false if the ring is full: the caller tries again when its gate opens.
     */
    public boolean tryPublish(
        final EventKind kind, final long connectionId, final ClientRights rights,
        final DeliveryOptions connectionOptions, final byte[] text, final long nowNs)
    {
        final ReceivedFrame frame = pool.take();
        frame.ensureWritable(text.length);
        System.arraycopy(text, 0, frame.bytes, 0, text.length);
        frame.length = text.length;
        final boolean isTaken = tryPublish(kind, connectionId, 0, rights, connectionOptions, frame, nowNs);
        if (!isTaken)
        {
            pool.give(frame);
        }
        return isTaken;
    }

    /**
     * Remembers a client's socket that stopped reading, to let it go on when the ring has space again.
     *
     * @param gate the socket's gate; opened once, on this loop's thread.
     */
    public void awaitSpace(final ReadGate gate)
    {
        counters.increment(RelayCounter.GATE_CLOSINGS);
        closedGates.add(gate);
        isClientWaiting = true;
    }

    /**
     * Remembers an upstream's socket that stopped reading. It opens even while clients are held back: an upstream that
     * is not read may never take what holds them back.
     *
     * @param gate the socket's gate; opened once, on this loop's thread.
     */
    public void awaitSpaceForUpstream(final ReadGate gate)
    {
        counters.increment(RelayCounter.GATE_CLOSINGS);
        closedUpstreamGates.add(gate);
        isUpstreamWaiting = true;
    }

    /**
     * Forgets a gate whose connection has ended: while the ring is held, those that come and go would pile up.
     *
     * @param gate a gate, whether it waits or not.
     */
    public void forget(final ReadGate gate)
    {
        closedGates.remove(gate);
        closedUpstreamGates.remove(gate);
        isClientWaiting = !closedGates.isEmpty();
        isUpstreamWaiting = !closedUpstreamGates.isEmpty();
    }

    /**
     * Keeps gates closed for another reason than a full ring, such as an upstream that takes no more. Any thread.
     *
     * @param held true to keep them closed.
     */
    public void hold(final boolean held)
    {
        isHeld = held;
    }

    /**
     * Tells whether senders are held back for another reason than a full ring.
     *
     * @return what {@link #hold} was told last.
     */
    public boolean isHeld()
    {
        return isHeld;
    }

    /**
     * Opens the gates that wait, if at least a quarter of the ring is free; after each poll of the loop.
     *
     * @param failed takes what a gate has thrown; the others are opened all the same.
     */
    void openGates(final Consumer<Exception> failed)
    {
        if (!isWaiting() || ring.remainingCapacity() < ring.getBufferSize() / 4)
        {
            return;
        }
        if (isUpstreamWaiting)
        {
            openAll(closedUpstreamGates, failed);
            isUpstreamWaiting = !closedUpstreamGates.isEmpty();
        }
        if (isClientWaiting && !isHeld)
        {
            openAll(closedGates, failed);
            isClientWaiting = !closedGates.isEmpty();
        }
    }

    /**
     * Tells whether gates wait for space: then encode wakes this loop when it has made some.
     *
     * @return true if at least one gate could open.
     */
    public boolean isWaiting()
    {
        return isUpstreamWaiting || isClientWaiting && !isHeld;
    }

    /** Each that waits now, once: one that is refused again waits behind those that have not had their turn. */
    private static void openAll(final LinkedHashSet<ReadGate> gates, final Consumer<Exception> failed)
    {
        for (int left = gates.size(); left > 0 && !gates.isEmpty(); left--)
        {
            final Iterator<ReadGate> first = gates.iterator();
            final ReadGate gate = first.next();
            first.remove();
            try
            {
                gate.open();
            }
            catch (final Exception e)
            {
                failed.accept(e);
            }
        }
    }

    boolean tryPublish(
        final EventKind kind, final long connectionId, final int laneIndex, final ClientRights rights,
        final DeliveryOptions connectionOptions, final ReceivedFrame frame, final long nowNs)
    {
        final int largeBytes = frame != null && frame.bytes.length > RingBytes.SMALL_BYTES ? frame.bytes.length : 0;
        final int share = kind == EventKind.UPSTREAM_FRAME ? UPSTREAM_SHARE : 1;
        if (largeBytes > 0 && !ringBytes.tryTake(largeBytes, share))
        {
            return false;
        }
        final long sequence;
        try
        {
            sequence = ring.tryNext();
        }
        catch (final InsufficientCapacityException e)
        {
            ringBytes.give(largeBytes);
            return false;
        }
        try
        {
            final RelayEvent event = ring.get(sequence);
            ringBytes.give(event.largeBytes);
            event.largeBytes = largeBytes;
            event.kind = kind;
            event.connectionId = connectionId;
            event.laneIndex = laneIndex;
            event.rights = rights;
            event.verdicts.clear();
            event.readings.clear();
            event.nowNs = nowNs + clockOffsetNs;
            event.beganAtNs = clockOffsetNs +
                (frame == null || frame.beganAtNs == ReceivedFrame.NOT_NOTED ? nowNs : frame.beganAtNs);
            event.connectionOptions = connectionOptions;
            if (frame != null)
            {
                final ReceivedFrame empty = event.frame;
                event.frame = frame;
                pool.give(empty);
            }
        }
        finally
        {
            ring.publish(sequence);
        }
        pipelineWaker.wake();
        return true;
    }
}
