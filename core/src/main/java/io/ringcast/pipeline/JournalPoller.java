package io.ringcast.pipeline;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.ringcast.config.JournalPolicy;
import io.ringcast.journal.JournalSink;
import io.ringcast.journal.OutputCheck;
import io.ringcast.journal.RecordWriter;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what the publishers have put into the ring; one more last consumer, whose sequence gates it.
 * Confined to the journal's thread, or to the one that has taken over from it.
 *
 * <p>It comes behind encode, so that a check of what goes out can be recorded with what came in, and so it is this
 * class that empties the slot's text. It never waits: what the journal does not take now is offered again at the next
 * poll, and the ring absorbs the time in between. Whether that takes longer than the settings allow is seen by who
 * looks at the {@link JournalLag}, and gives the journal up or not. Under {@link JournalPolicy#HOLD} the I/O loops are
 * behind what is written, so nothing is delivered that a killed process would lose.
 */
public final class JournalPoller
{
    private static final Logger LOGGER = LoggerFactory.getLogger(JournalPoller.class);
    /** So that a long backlog does not keep the journal's thread from its other work. */
    private static final int MAX_SLOTS_PER_POLL = 256;

    private final RingBuffer<RelayEvent> ring;
    private final Sequence encoded;
    private final Sequence recorded = new Sequence();
    /** Behind {@link #recorded}: the process may end, and they are in the journal. */
    private final Sequence written = new Sequence();
    private final RingBytes ringBytes;
    private final RingPublisher[] publishers;
    private final LoopWaker[] loopWakers;
    private final LoopWaker pipelineWaker;
    private final JournalSink sink;
    private final RecordWriter writer;
    private final boolean isGate;
    private final String networkName;
    private final CounterSet counters;
    private final SlotRecord record = new SlotRecord();
    private final OutputCheck outputCheck = new OutputCheck();
    /** To be written when the journal has written up to {@link #markPosition}. */
    private long markSlot = -1;
    private long markPosition;
    private boolean isPushedBack;
    private volatile boolean isBroken;

    JournalPoller(
        final RingBuffer<RelayEvent> ring, final Sequence encoded, final RingBytes ringBytes,
        final RingPublisher[] publishers, final PipelineParts parts)
    {
        this.ring = ring;
        this.encoded = encoded;
        this.ringBytes = ringBytes;
        this.publishers = publishers;
        loopWakers = parts.loopWakers;
        pipelineWaker = parts.pipelineWaker;
        sink = parts.journalSink;
        writer = new RecordWriter(sink);
        isGate = parts.journalConfig.whenBehind() == JournalPolicy.HOLD;
        networkName = parts.networkName;
        counters = parts.journalCounters;
    }

    Sequence sequence()
    {
        return recorded;
    }

    Sequence written()
    {
        return written;
    }

    /** What the I/O loops are behind. */
    Sequence delivered()
    {
        return isGate ? written : encoded;
    }

    /**
     * Begins to look how far what is encoded is ahead of what is written. Any thread.
     *
     * @param limitNs what it is to be compared with, in nanoseconds.
     * @param nowNs   the time.
     * @return for one thread, whichever it is.
     */
    public JournalLag newLag(final long limitNs, final long nowNs)
    {
        return new JournalLag(encoded, written, limitNs, nowNs);
    }

    /**
     * Records with what the run begins; before anything is published.
     *
     * @param start with what.
     * @return what became of it; when refused, it is to be offered again.
     */
    public JournalSink.Result tryBegin(final RunStart start)
    {
        return writer.offer(start);
    }

    /**
     * Records what has been encoded since the last poll.
     *
     * @return how many slots were recorded, or passed over because the journal is broken.
     */
    public int poll()
    {
        noteWritten();
        final long last = Math.min(encoded.get(), recorded.get() + MAX_SLOTS_PER_POLL);
        long next = recorded.get() + 1;
        final long first = next;
        try
        {
            while (next <= last && isDone(ring.get(next), next))
            {
                next++;
            }
        }
        finally
        {
            // Also if one of them throws: those before it are recorded.
            if (next > first)
            {
                recorded.set(next - 1);
                wakeWaiting();
                noteWritten();
            }
        }
        return (int)(next - first);
    }

    /**
     * Records that the run was ended in order; after the last slot.
     *
     * @return false if the journal does not take it now: try again.
     */
    public boolean tryEnd()
    {
        return isBroken || writer.offerEnd(recorded.get() + 1) != JournalSink.Result.BACK_PRESSURED;
    }

    /**
     * Tells whether slots wait to be recorded.
     *
     * @return true if there are any.
     */
    public boolean isBehind()
    {
        return recorded.get() < encoded.get();
    }

    /**
     * Tells whether the journal was given up. Any thread.
     *
     * @return true if nothing is recorded any more.
     */
    public boolean isBroken()
    {
        return isBroken;
    }

    /**
     * Gives the journal up: what follows goes unrecorded.
     *
     * @param why for the log.
     */
    public void giveUp(final String why)
    {
        if (!isBroken)
        {
            onBroken(why);
        }
    }

    private boolean isDone(final RelayEvent event, final long sequence)
    {
        if (!isBroken && !isRecorded(event, sequence))
        {
            return false;
        }
        event.releaseText(ringBytes);
        return true;
    }

    /** True also if the journal breaks over it. */
    private boolean isRecorded(final RelayEvent event, final long sequence)
    {
        record.sequence = sequence;
        record.kindCode = EventCodes.codeOf(event.kind);
        record.connectionId = event.connectionId;
        record.laneIndex = event.laneIndex;
        record.nowNs = event.nowNs;
        record.comingNs = event.nowNs - event.beganAtNs;
        record.connectionOptions = event.connectionOptions;
        record.verdicts = event.verdicts;
        record.readings = event.readings;
        record.outputCheck = outputCheck.of(event.egress);
        final boolean hasText = EventCodes.hasText(event.kind);
        record.text = event.frame.bytes;
        record.textBytes = hasText ? event.frame.length : 0;
        switch (writer.offer(record))
        {
            case TAKEN:
                counters.increment(RelayCounter.JOURNAL_SLOTS);
                isPushedBack = false;
                return true;

            case BROKEN:
                onBroken("its recording has ended");
                return true;

            default:
                if (!isPushedBack)
                {
                    isPushedBack = true;
                    counters.increment(RelayCounter.JOURNAL_PUSH_BACKS);
                }
                return false;
        }
    }

    private void onBroken(final String why)
    {
        isBroken = true;
        counters.increment(RelayCounter.JOURNAL_BREAKS);
        LOGGER.error("network {}: the journal is broken: {}; nothing is recorded until the next start",
            networkName, why);
        sink.onBroken();
    }

    /** One mark at a time: the next is made when the journal has come to the last. */
    private void noteWritten()
    {
        final long before = written.get();
        if (isBroken)
        {
            written.set(recorded.get());
        }
        else
        {
            checkMark();
            if (markSlot <= written.get() && recorded.get() > written.get())
            {
                markSlot = recorded.get();
                markPosition = sink.position();
                checkMark();
            }
        }
        if (isGate && written.get() > before)
        {
            for (int loop = 0; loop < publishers.length; loop++)
            {
                wake(loop);
            }
        }
    }

    private void checkMark()
    {
        if (markSlot > written.get() && sink.writtenPosition() >= markPosition)
        {
            written.set(markSlot);
        }
    }

    /** Space was made, and who waits for it may be asleep. */
    private void wakeWaiting()
    {
        for (int loop = 0; loop < publishers.length; loop++)
        {
            if (publishers[loop].isWaiting())
            {
                wake(loop);
            }
        }
    }

    private void wake(final int loop)
    {
        (loopWakers[loop] == null ? pipelineWaker : loopWakers[loop]).wake();
    }
}
