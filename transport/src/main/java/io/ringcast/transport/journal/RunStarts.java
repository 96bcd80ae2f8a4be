package io.ringcast.transport.journal;

import io.ringcast.journal.JournalFormatException;
import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;

import java.util.HashMap;
import java.util.Map;

/**
 * With what the recordings of a journal begin; each is read once.
 * Confined to the thread that reads.
 */
final class RunStarts
{
    /** Only the beginning is asked for. Immutable. */
    private static class Nothing implements RecordReader.Listener
    {
        @Override
        public void onRun(final RunStart start)
        {
            // See below.
        }

        @Override
        public void onSlot(final SlotRecord slot)
        {
            // See above.
        }

        @Override
        public void onEnd(final long slots)
        {
            // See above.
        }
    }

    /**
     * The beginning of a recording.
     * Immutable.
     *
     * @param start  null if there is none that can be read.
     * @param fault  why not; null if there is one.
     * @param isNone whether none was ever written: the process ended before.
     */
    private record Beginning(RunStart start, JournalFormatException fault, boolean isNone)
    {
        static Beginning missing(final JournalFormatException fault)
        {
            return new Beginning(null, fault, false);
        }
    }

    private final RecordedFrames frames;
    private final Map<Long, Beginning> beginnings = new HashMap<>();

    RunStarts(final RecordedFrames frames)
    {
        this.frames = frames;
    }

    /** Whether all of a recording is there and no run has begun in it: its process ended while it started. */
    boolean isNone(final StoredRecording recording)
    {
        return beginning(recording).isNone;
    }

    /**
     * Gives with what a run began.
     *
     * @param recording that of the run.
     * @return its first record.
     * @throws JournalFormatException if there is none that can be read; says why.
     */
    RunStart of(final StoredRecording recording)
    {
        final Beginning beginning = beginning(recording);
        if (beginning.start == null)
        {
            throw beginning.fault;
        }
        return beginning.start;
    }

    private Beginning beginning(final StoredRecording recording)
    {
        final Beginning known = beginnings.get(recording.recordingId());
        if (known != null)
        {
            return known;
        }
        final Beginning read = read(recording);
        beginnings.put(recording.recordingId(), read);
        return read;
    }

    private Beginning read(final StoredRecording recording)
    {
        final long number = recording.recordingId();
        if (recording.startPosition() > 0)
        {
            return Beginning.missing(
                new JournalFormatException("no beginning of run " + number + ": it was given up for maxBytes"));
        }
        try
        {
            final RunStart[] found = new RunStart[1];
            final boolean isAll = frames.readFirst(recording, (buffer, offset, length) ->
            {
                if (found[0] == null)
                {
                    new RecordReader(new Nothing()
                    {
                        @Override
                        public void onRun(final RunStart start)
                        {
                            found[0] = start;
                        }
                    }).onRecord(buffer, offset, length);
                }
            });
            return found[0] != null ? new Beginning(found[0], null, false) :
                isAll ? new Beginning(null, new JournalFormatException(
                "no beginning of run " + number + ": its process ended while it started"), true) :
                Beginning.missing(new DamagedRunException("a damaged beginning of run " + number));
        }
        catch (final JournalFormatException e)
        {
            return Beginning.missing(e);
        }
    }
}
