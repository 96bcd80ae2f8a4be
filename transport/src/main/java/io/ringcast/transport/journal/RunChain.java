package io.ringcast.transport.journal;

import io.ringcast.journal.CheckpointStart;
import io.ringcast.journal.JournalFormatException;
import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * A run and those whose state it went on with, back to a checkpoint of one of them or to the one that began from
 * nothing.
 * Immutable.
 */
final class RunChain
{
    /**
     * One run of it.
     *
     * @param recording that of the run.
     * @param start     with what it began.
     */
    record Link(StoredRecording recording, RunStart start)
    {
    }

    /**
     * Where a reading has ended.
     *
     * @param endPosition  up to where the last run can be read: less than where it ends if it is damaged.
     * @param slotPosition where in the last run the first slot begins of which not all was read.
     * @param nextSlot     its sequence.
     */
    record End(long endPosition, long slotPosition, long nextSlot)
    {
    }

    /** Where it begins, or null: from nothing. */
    private final StoredCheckpoint checkpoint;
    /** Not empty. The first of them is that of the checkpoint, or began from nothing. */
    private final List<Link> links;

    RunChain(final StoredCheckpoint checkpoint, final List<Link> links)
    {
        this.checkpoint = checkpoint;
        this.links = List.copyOf(links);
    }

    /**
     * Finds a chain.
     *
     * @param starts      with what runs begin.
     * @param recordings  all that there are.
     * @param checkpoint  where it is to begin, or null: from nothing.
     * @param recordingId the last run of the chain.
     * @return the chain.
     * @throws JournalFormatException if some of it is gone or can't be read, or does not come from the checkpoint; says
     *                                what.
     */
    static RunChain find(
        final RunStarts starts, final List<StoredRecording> recordings, final StoredCheckpoint checkpoint,
        final long recordingId)
    {
        final List<Link> links = new ArrayList<>();
        long wanted = recordingId;
        while (wanted != RunStart.NOTHING)
        {
            final long number = wanted;
            final StoredRecording recording = recordings.stream()
                .filter(candidate -> candidate.recordingId() == number && !candidate.isCheckpoint()).findFirst()
                .orElseThrow(() -> new JournalFormatException("no run " + number + ": it was given up for maxBytes"));
            if (checkpoint != null && checkpoint.start().run() == number)
            {
                links.add(new Link(recording, checkpoint.start().runStart()));
                Collections.reverse(links);
                return new RunChain(checkpoint, links);
            }
            final RunStart start = starts.of(recording);
            links.add(new Link(recording, start));
            wanted = start.continues();
        }
        if (checkpoint != null)
        {
            throw new JournalFormatException("checkpoint " + checkpoint.number() + " of another run");
        }
        Collections.reverse(links);
        return new RunChain(null, links);
    }

    /** Where it begins, or null: from nothing. */
    StoredCheckpoint checkpoint()
    {
        return checkpoint;
    }

    List<Link> links()
    {
        return links;
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

    /**
     * Brings stages to the state behind all of it.
     *
     * @param frames reads the recordings.
     * @param image  takes the state of the checkpoint, if it begins with one.
     * @param slots  does what was done with each slot.
     * @return where it ended.
     * @throws IOException            if the disk does not give the checkpoint.
     * @throws JournalFormatException if it can't be read; see {@link #read}.
     */
    End replay(final RecordedFrames frames, final CheckpointInput.Taker image, final Consumer<SlotRecord> slots)
        throws IOException
    {
        if (checkpoint != null)
        {
            CheckpointInput.read(frames, checkpoint.recording(), image);
        }
        return read(frames, slots, new Slots(slots));
    }

    /**
     * Reads the slots of all of it, from the checkpoint on if it begins with one.
     *
     * @param frames   reads the recordings.
     * @param before   takes the slots of the runs before the last.
     * @param listener takes the last run.
     * @return where it ended.
     * @throws DamagedRunException if less of a run but the last can be read than was when it was gone on with.
     */
    End read(final RecordedFrames frames, final Consumer<SlotRecord> before, final RecordReader.Listener listener)
    {
        long nextSlot = checkpoint == null ? 0 : checkpoint.start().nextSlot();
        End end = null;
        for (int i = 0; i < links.size(); i++)
        {
            final Link link = links.get(i);
            final boolean isAtCheckpoint = i == 0 && checkpoint != null;
            if (!isAtCheckpoint && link.start.firstSlot() != nextSlot)
            {
                throw new DamagedRunException("run " + link.recording.recordingId() + " that begins with slot " +
                    link.start.firstSlot() + " behind one that is damaged or ends before slot " + nextSlot);
            }
            end = read(frames, link, isAtCheckpoint ? checkpoint.start() : null,
                i == links.size() - 1 ? listener : new Slots(before));
            nextSlot = end.nextSlot;
        }
        return end;
    }

    private static End read(
        final RecordedFrames frames, final Link link, final CheckpointStart from,
        final RecordReader.Listener listener)
    {
        final StoredRecording recording = link.recording;
        final long fromPosition = from == null ? recording.startPosition() : from.position();
        final RecordReader reader =
            from == null ? new RecordReader(listener) : new RecordReader(listener, from.nextSlot());
        if (from != null)
        {
            listener.onRun(link.start);
        }
        final long[] slotPosition = {fromPosition};
        final long endPosition = frames.read(recording, fromPosition, recording.stopPosition(),
            (buffer, offset, lengthBytes) ->
            {
                if (!reader.isInSlot())
                {
                    slotPosition[0] = frames.recordPosition();
                }
                reader.onRecord(buffer, offset, lengthBytes);
            });
        if (!reader.isInSlot())
        {
            slotPosition[0] = frames.isInRecord() ? frames.recordPosition() : endPosition;
        }
        return new End(endPosition, slotPosition[0], reader.nextSlot());
    }

    /** Passes slots on. Confined to the thread that reads. */
    private static final class Slots implements RecordReader.Listener
    {
        private final Consumer<SlotRecord> slots;

        Slots(final Consumer<SlotRecord> slots)
        {
            this.slots = slots;
        }

        @Override
        public void onRun(final RunStart start)
        {
            // Known.
        }

        @Override
        public void onSlot(final SlotRecord slot)
        {
            slots.accept(slot);
        }

        @Override
        public void onEnd(final long slots)
        {
            // Whether it was ended or killed makes no difference.
        }
    }
}
