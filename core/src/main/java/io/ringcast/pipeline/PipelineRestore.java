package io.ringcast.pipeline;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.image.ImageFormatException;
import io.ringcast.image.StateImage;
import io.ringcast.image.UnknownStateException;
import io.ringcast.journal.JournalFormatException;
import io.ringcast.journal.OutputCheck;
import io.ringcast.journal.SlotRecord;
import io.ringcast.session.ClientRights;
import io.ringcast.session.ConnectionId;
import org.agrona.collections.LongHashSet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Brings the stages of a pipeline that is not started yet to where an earlier process left them.
 * Confined to the thread that starts the relay, which runs the stages meanwhile.
 *
 * <p>What was recorded goes through the stages again; nothing is written to anybody. Then all connections of that
 * process are ended, and the pipeline can be started.
 */
public final class PipelineRestore
{
    private final RingBuffer<RelayEvent> ring;
    private final RingBytes ringBytes;
    private final StageChain chain;
    /** All that the ring waits for, but for the journal. */
    private final List<Sequence> consumers;
    private final Sequence journal;
    /** Null if no image can be made of the stages, as {@link #refusal} tells. */
    private final StateImage image;
    private final UnknownStateException refusal;
    private final FrameDecoder decoder = new FrameDecoder();
    private final OutputCheck check = new OutputCheck();
    private final LongHashSet openConnections = new LongHashSet();
    private final BitSet upLanes = new BitSet();
    private final long[] lastSerials = new long[ConnectionId.MAX_LOOPS];
    private long differences;
    private long lastNs;

    PipelineRestore(
        final RingBuffer<RelayEvent> ring, final RingBytes ringBytes, final StageChain chain,
        final List<Sequence> consumers, final Sequence journal, final Stage... stages)
    {
        this.ring = ring;
        this.ringBytes = ringBytes;
        this.chain = chain;
        this.consumers = consumers;
        this.journal = journal;
        StateImage numbered = null;
        UnknownStateException complaint = null;
        try
        {
            numbered = new StateImage((Object[])stages);
        }
        catch (final UnknownStateException e)
        {
            // Matters to who wants an image; slots can be replayed all the same.
            complaint = e;
        }
        image = numbered;
        refusal = complaint;
    }

    /**
     * Does what the earlier process did with one slot.
     *
     * @param slot what was recorded; slots come in the order of their sequences.
     */
    public void onSlot(final SlotRecord slot)
    {
        final EventKind kind = EventCodes.kindOf(slot.kindCode);
        final long sequence = ring.next();
        final RelayEvent event = ring.get(sequence);
        event.kind = kind;
        event.connectionId = slot.connectionId;
        event.laneIndex = slot.laneIndex;
        event.nowNs = slot.nowNs;
        event.beganAtNs = slot.nowNs - slot.comingNs;
        event.connectionOptions = slot.connectionOptions;
        event.rights = ClientRights.ALL;
        event.verdicts.replay(slot.verdicts);
        event.readings.replay(slot.readings);
        lastNs = slot.nowNs;
        if (EventCodes.hasText(kind))
        {
            event.frame.ensureWritable(slot.textBytes);
            System.arraycopy(slot.text, 0, event.frame.bytes, 0, slot.textBytes);
            event.frame.length = slot.textBytes;
            decoder.decode(event.frame.bytes, 0, slot.textBytes, event.frame.view);
        }
        run(sequence, event);
        differences += check.of(event.egress) == slot.outputCheck ? 0 : 1;
        event.releaseText(ringBytes);
        journal.set(sequence);
    }

    /**
     * The time of the last slot.
     *
     * @return on the clock of the stages, in nanoseconds; 0 before the first.
     */
    public long lastNs()
    {
        return lastNs;
    }

    /**
     * Writes down where the stages stand behind the last slot, so that another pipeline with the same settings can go
     * on from there.
     *
     * @param out takes it; is flushed but not closed.
     * @throws IOException           as {@code out} throws it.
     * @throws UnknownStateException if a stage holds what no image can hold.
     */
    public void writeImage(final OutputStream out) throws IOException
    {
        checkImage();
        final List<Object> ofSlots = new ArrayList<>();
        for (long slot = 0; slot < ring.getBufferSize(); slot++)
        {
            ring.get(slot).forEachPart(ofSlots::add);
        }
        image.write(
            PipelinePosition.write(nextSlot(), lastNs, upLanes, lastSerials, openConnections), ofSlots, out);
    }

    /**
     * Brings the stages to where another pipeline has written that they stood; before the first slot. If it fails, the
     * pipeline is of no use.
     *
     * @param in what {@link #writeImage} has written; read up to its end, and not closed.
     * @throws IOException            as {@code in} throws it.
     * @throws JournalFormatException if it is damaged, or made by other classes or with other settings.
     * @throws UnknownStateException  if a stage holds what no image can hold.
     */
    public void readImage(final InputStream in) throws IOException
    {
        checkImage();
        if (nextSlot() != 0)
        {
            throw new IllegalStateException("slots have gone before: " + nextSlot());
        }
        try
        {
            final long[] position = image.read(in);
            final long lastSlot = PipelinePosition.nextSlot(position) - 1;
            lastNs = PipelinePosition.read(position, upLanes, lastSerials, openConnections);
            if (lastSlot >= 0)
            {
                passTo(lastSlot);
            }
        }
        catch (final ImageFormatException e)
        {
            throw new JournalFormatException(e.getMessage());
        }
    }

    /**
     * Ends the connections of the earlier process. These slots belong to the run that begins, and are to be recorded.
     *
     * <p>Upstreams went when that process ended: had they gone only now, what was waited for would be overdue, and an
     * upstream that is only the next to go would be found silent.
     *
     * @param nowNs     the time.
     * @param afterEach lets the journal record, so that there is space.
     */
    public void disconnectAll(final long nowNs, final Runnable afterEach)
    {
        for (int lane = upLanes.nextSetBit(0); lane >= 0; lane = upLanes.nextSetBit(lane + 1))
        {
            disconnect(EventKind.UPSTREAM_DOWN, ConnectionId.NONE, lane, lastNs);
            afterEach.run();
        }
        final long[] connections = openConnections.stream().mapToLong(Long::longValue).sorted().toArray();
        for (final long connectionId : connections)
        {
            disconnect(EventKind.CLIENT_CLOSED, connectionId, 0, nowNs);
            afterEach.run();
        }
    }

    /**
     * How many slots went otherwise than in the earlier process.
     *
     * @return the number; if it is not 0, this is not where that process left off.
     */
    public long differences()
    {
        return differences;
    }

    /**
     * The sequence of the next slot.
     *
     * @return how many slots there were.
     */
    public long nextSlot()
    {
        return ring.getCursor() + 1;
    }

    /**
     * The highest number that a loop has given to a connection: the stages may know it still.
     *
     * @param loopIndex which loop.
     * @return the number, or 0.
     */
    public long lastSerial(final int loopIndex)
    {
        return lastSerials[loopIndex];
    }

    private void disconnect(final EventKind kind, final long connectionId, final int laneIndex, final long nowNs)
    {
        final long sequence = ring.next();
        final RelayEvent event = ring.get(sequence);
        event.kind = kind;
        event.connectionId = connectionId;
        event.laneIndex = laneIndex;
        event.nowNs = nowNs;
        event.beganAtNs = nowNs;
        event.connectionOptions = null;
        event.rights = ClientRights.ALL;
        event.verdicts.clear();
        event.readings.clear();
        run(sequence, event);
    }

    private void checkImage()
    {
        if (image == null)
        {
            throw refusal;
        }
    }

    /** The ring goes on behind a slot as if it had been there. */
    private void passTo(final long sequence)
    {
        ring.claimAndGetPreallocated(sequence);
        ring.publish(sequence);
        consumers.forEach(consumer -> consumer.set(sequence));
        journal.set(sequence);
    }

    private void run(final long sequence, final RelayEvent event)
    {
        note(event);
        ring.publish(sequence);
        chain.onEvent(event, sequence, true);
        for (int i = 0; i < consumers.size(); i++)
        {
            consumers.get(i).set(sequence);
        }
    }

    private void note(final RelayEvent event)
    {
        switch (event.kind)
        {
            case UPSTREAM_UP -> upLanes.set(event.laneIndex);
            case UPSTREAM_DOWN -> upLanes.clear(event.laneIndex);
            case CLIENT_CLOSED -> openConnections.remove(event.connectionId);
            default -> noteConnection(event.connectionId);
        }
    }

    private void noteConnection(final long connectionId)
    {
        if (connectionId != ConnectionId.NONE)
        {
            openConnections.add(connectionId);
            final int loop = ConnectionId.loopIndex(connectionId);
            lastSerials[loop] = Math.max(lastSerials[loop], ConnectionId.serial(connectionId));
        }
    }
}
