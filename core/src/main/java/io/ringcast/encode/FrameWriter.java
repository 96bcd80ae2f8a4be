package io.ringcast.encode;

import io.netty.buffer.ByteBuf;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.EgressAction;

/**
 * Writes the text that was gathered into a chunk: as a whole WebSocket frame for clients, bare for an upstream.
 * Confined to the pipeline thread that runs encode.
 */
final class FrameWriter
{
    private final FrameArena arena;
    private final LoopActions loops;
    private final CounterSet counters;
    private final Segments text = new Segments();
    private long sequence;

    FrameWriter(final FrameArena arena, final LoopActions loops, final CounterSet counters)
    {
        this.arena = arena;
        this.loops = loops;
        this.counters = counters;
    }

    /** Begins a slot; chunks are kept until every loop has passed it. */
    void begin(final long slotSequence)
    {
        sequence = slotSequence;
    }

    /** Begins the next text, which is written by the next call of a method below. */
    Segments beginText()
    {
        return text.clear();
    }

    /** The text as far as it is gathered. */
    Segments text()
    {
        return text;
    }

    /** Writes the text to one client. */
    void write(final long connectionId, final ActionList<EgressAction> out)
    {
        final EgressAction write = addFrame(out);
        write.kind = EgressAction.Kind.WRITE;
        write.connectionId = connectionId;
        loops.wakeConnection(connectionId);
    }

    /** Writes the text to an upstream: its door adds a masked header of its own. */
    void writeUpstream(final int laneIndex, final ActionList<EgressAction> out)
    {
        final ByteBuf chunk = arena.take(text.lengthBytes(), sequence);
        final EgressAction write = out.add();
        write.kind = EgressAction.Kind.WRITE_UPSTREAM;
        write.laneIndex = laneIndex;
        write.chunk = chunk;
        write.offset = arena.takenOffset();
        write.length = text.lengthBytes();
        text.writeTo(chunk, write.offset);
        loops.wakeLane(laneIndex);
    }

    /**
     * Writes the text as a frame that the caller says whom it is for.
     *
     * <p>Takes the bytes first: an action without them must not be left behind if there are none to take.
     */
    EgressAction addFrame(final ActionList<EgressAction> out)
    {
        counters.increment(RelayCounter.FRAMES_ENCODED);
        final int payloadBytes = text.lengthBytes();
        final int headerBytes = WebSocketFrameEncoder.headerBytes(payloadBytes);
        final ByteBuf chunk = arena.take(headerBytes + payloadBytes, sequence);
        final EgressAction action = out.add();
        action.chunk = chunk;
        action.offset = arena.takenOffset();
        action.length = headerBytes + payloadBytes;
        WebSocketFrameEncoder.writeHeader(action.chunk, action.offset, payloadBytes);
        text.writeTo(action.chunk, action.offset + headerBytes);
        return action;
    }
}
