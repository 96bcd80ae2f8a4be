package io.ringcast.transport.journal;

import io.aeron.Publication;
import io.ringcast.journal.JournalSink;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.agrona.DirectBuffer;

/**
 * Puts the records of one network into its recording.
 * Confined to the journal's thread.
 */
final class RecordingSink implements JournalSink
{
    private static final int MAX_RECORD_BYTES = 64 * 1024;

    private final Runnable onBroken;
    private OpenRecording recording;
    private CounterSet counters;

    RecordingSink(final Runnable onBroken)
    {
        this.onBroken = onBroken;
    }

    void open(final OpenRecording newRecording, final CounterSet journalCounters)
    {
        recording = newRecording;
        counters = journalCounters;
    }

    OpenRecording recording()
    {
        return recording;
    }

    @Override
    public Result offer(final DirectBuffer buffer, final int offset, final int lengthBytes)
    {
        final long position = recording.publication().offer(buffer, offset, lengthBytes);
        if (position > 0)
        {
            counters.add(RelayCounter.JOURNAL_BYTES, lengthBytes);
            return Result.TAKEN;
        }
        final boolean mayTakeLater = position == Publication.BACK_PRESSURED || position == Publication.ADMIN_ACTION;
        return mayTakeLater ? Result.BACK_PRESSURED : Result.BROKEN;
    }

    @Override
    public int maxRecordBytes()
    {
        return MAX_RECORD_BYTES;
    }

    @Override
    public void onBroken()
    {
        onBroken.run();
    }
}
