package io.ringcast.transport.journal;

import io.ringcast.journal.JournalFormatException;
import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * A run and all those whose state it went on with, back to the one that began from nothing.
 * Immutable.
 */
final class RunChain
{
    private record Link(StoredRecording recording, RunStart start)
    {
    }

    /** The first of them began from nothing. */
    private final List<Link> links;

    private RunChain(final List<Link> links)
    {
        this.links = links;
    }

    /**
     * Finds a chain.
     *
     * @param starts      with what they begin.
     * @param recordings  all that there are.
     * @param recordingId the last one of the chain.
     * @return the chain.
     * @throws JournalFormatException if some of it is gone or can't be read; says what.
     */
    static RunChain find(
        final RunStarts starts, final List<StoredRecording> recordings, final long recordingId)
    {
        final List<Link> links = new ArrayList<>();
        long wanted = recordingId;
        while (wanted != RunStart.NOTHING)
        {
            final long number = wanted;
            final StoredRecording recording = recordings.stream()
                .filter(candidate -> candidate.recordingId() == number).findFirst()
                .orElseThrow(() -> new JournalFormatException("no run " + number + ": it was given up for maxBytes"));
            final RunStart start = starts.of(recording);
            links.add(new Link(recording, start));
            wanted = start.continues();
        }
        Collections.reverse(links);
        return new RunChain(links);
    }

    /** With what the last run began. */
    RunStart last()
    {
        return links.get(links.size() - 1).start;
    }

    /** With what the first run began: all of them have its seed. */
    RunStart first()
    {
        return links.get(0).start;
    }

    StoredRecording lastRecording()
    {
        return links.get(links.size() - 1).recording;
    }

    List<Long> recordingIds()
    {
        return links.stream().map(link -> link.recording.recordingId()).toList();
    }

    /**
     * Reads all of it, with times as on the clock of the last run.
     *
     * @param archive  holds the recordings.
     * @param before   takes the slots of the runs before the last.
     * @param listener takes the last run.
     * @return up to where the last run can be read: less than where it ends if it is damaged.
     */
    long read(final EmbeddedArchive archive, final Consumer<SlotRecord> before, final RecordReader.Listener listener)
    {
        long nextSlot = 0;
        long endPosition = 0;
        for (int i = 0; i < links.size(); i++)
        {
            final Link link = links.get(i);
            if (link.start.firstSlot() != nextSlot)
            {
                throw new DamagedRunException("run " + link.recording.recordingId() + " that begins with slot " +
                    link.start.firstSlot() + " behind one that is damaged or ends before slot " + nextSlot);
            }
            final SlotCount counted =
                new SlotCount(i == links.size() - 1 ? listener : new Ancestor(before, shiftNs(i)), nextSlot);
            final RecordReader reader = new RecordReader(counted);
            endPosition = archive.read(link.recording, reader::onRecord);
            nextSlot = counted.nextSlot;
        }
        return endPosition;
    }

    private long shiftNs(final int index)
    {
        return links.subList(index + 1, links.size()).stream().mapToLong(link -> link.start.shiftNs()).sum();
    }

    /** Passes slots on with other times. Confined to the thread that reads. */
    private static final class Ancestor implements RecordReader.Listener
    {
        private final Consumer<SlotRecord> slots;
        private final long shiftNs;

        Ancestor(final Consumer<SlotRecord> slots, final long shiftNs)
        {
            this.slots = slots;
            this.shiftNs = shiftNs;
        }

        @Override
        public void onRun(final RunStart start)
        {
            // Only the last run's is asked for.
        }

        @Override
        public void onSlot(final SlotRecord slot)
        {
            slot.nowNs += shiftNs;
            slots.accept(slot);
        }

        @Override
        public void onEnd(final long slots)
        {
            // Another run follows.
        }
    }

    /** Counts what passes. Confined to the thread that reads. */
    private static final class SlotCount implements RecordReader.Listener
    {
        private final RecordReader.Listener listener;
        private long nextSlot;

        SlotCount(final RecordReader.Listener listener, final long nextSlot)
        {
            this.listener = listener;
            this.nextSlot = nextSlot;
        }

        @Override
        public void onRun(final RunStart start)
        {
            listener.onRun(start);
        }

        @Override
        public void onSlot(final SlotRecord slot)
        {
            nextSlot = slot.sequence + 1;
            listener.onSlot(slot);
        }

        @Override
        public void onEnd(final long slots)
        {
            listener.onEnd(slots);
        }
    }
}
