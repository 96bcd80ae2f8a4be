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

import java.util.concurrent.TimeUnit;

/**
 * Records what the publishers have put into the ring; one more last consumer, whose sequence gates it.
 * Confined to the journal's thread, or to the one that has taken over from it.
 *
 * <p>It comes behind encode, so that a check of what goes out can be recorded with what came in, and so it is this
 * class that empties the slot's text. It never waits: what the journal does not take now is offered again at the next
 * poll, and the ring absorbs the time in between. When that takes longer than the settings allow, the ring is left to
 * fill, which holds the relay back, or the journal is given up: the settings say which, and the log and a counter tell.
 */
public final class JournalPoller
{
    private static final Logger LOGGER = LoggerFactory.getLogger(JournalPoller.class);
    /** So that a long backlog does not keep the journal's thread from its other work. */
    private static final int MAX_SLOTS_PER_POLL = 256;

    private final RingBuffer<RelayEvent> ring;
    private final Sequence encoded;
    private final Sequence recorded = new Sequence();
    private final RingBytes ringBytes;
    private final RingPublisher[] publishers;
    private final LoopWaker[] loopWakers;
    private final LoopWaker pipelineWaker;
    private final JournalSink sink;
    private final RecordWriter writer;
    private final JournalPolicy whenBehind;
    private final long pushBackNs;
    private final String networkName;
    private final CounterSet counters;
    private final SlotRecord record = new SlotRecord();
    private final OutputCheck outputCheck = new OutputCheck();
    private final JournalLag lag;
    private boolean isHolding;
    private boolean isBroken;

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
        whenBehind = parts.journalConfig.whenBehind();
        pushBackNs = TimeUnit.MILLISECONDS.toNanos(parts.journalConfig.pushBackMs());
        lag = new JournalLag(pushBackNs);
        networkName = parts.networkName;
        counters = parts.journalCounters;
    }

    Sequence sequence()
    {
        return recorded;
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
     * @param nowNs the time.
     * @return how many slots were recorded, or passed over because the journal is broken.
     */
    public int poll(final long nowNs)
    {
        final long last = Math.min(encoded.get(), recorded.get() + MAX_SLOTS_PER_POLL);
        long next = recorded.get() + 1;
        final long first = next;
        try
        {
            while (next <= last && isDone(ring.get(next), next, nowNs))
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
            }
        }
        return (int)(next - first);
    }

    /** Counts that the relay is held back by a journal that does not get to its records. */
    public void countHold()
    {
        counters.increment(RelayCounter.JOURNAL_HOLDS);
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
     * Tells whether the journal was given up.
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

    private boolean isDone(final RelayEvent event, final long sequence, final long nowNs)
    {
        if (!isBroken && !isRecorded(event, sequence, nowNs))
        {
            return false;
        }
        event.releaseText(ringBytes);
        return true;
    }

    /** True also if the journal breaks over it. */
    private boolean isRecorded(final RelayEvent event, final long sequence, final long nowNs)
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
                onTaken(sequence);
                return true;

            case BROKEN:
                onBroken("its recording has ended");
                return true;

            default:
                return onPushedBack(nowNs);
        }
    }

    private void onTaken(final long sequence)
    {
        lag.onTaken(sequence);
        if (isHolding && !lag.isBehind())
        {
            LOGGER.warn("network {}: the journal takes more again", networkName);
            isHolding = false;
        }
    }

    /** True if the journal was given up over it. */
    private boolean onPushedBack(final long nowNs)
    {
        if (!lag.isBehind())
        {
            counters.increment(RelayCounter.JOURNAL_PUSH_BACKS);
        }
        lag.onRefused(encoded.get(), nowNs);
        if (isHolding || lag.waitedNs(nowNs) < pushBackNs)
        {
            return false;
        }
        if (whenBehind == JournalPolicy.BREAK)
        {
            onBroken("it has been behind for " + TimeUnit.NANOSECONDS.toMillis(pushBackNs) + " ms");
            return true;
        }
        isHolding = true;
        counters.increment(RelayCounter.JOURNAL_HOLDS);
        LOGGER.error("network {}: the journal takes nothing more; the relay is held back until it does", networkName);
        return false;
    }

    private void onBroken(final String why)
    {
        isBroken = true;
        counters.increment(RelayCounter.JOURNAL_BREAKS);
        LOGGER.error("network {}: the journal is broken: {}; nothing is recorded until the next start",
            networkName, why);
        sink.onBroken();
    }

    /** Space was made, and who waits for it may be asleep. */
    private void wakeWaiting()
    {
        for (int loop = 0; loop < publishers.length; loop++)
        {
            if (publishers[loop].isWaiting())
            {
                (loopWakers[loop] == null ? pipelineWaker : loopWakers[loop]).wake();
            }
        }
    }
}
