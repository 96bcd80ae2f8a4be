package io.ringcast.transport.journal;

import io.aeron.Publication;
import io.ringcast.journal.JournalSink;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.agrona.DirectBuffer;

import java.util.function.LongConsumer;

/**
 * Puts the records of one network into its recording.
 * Confined to the journal's thread.
 */
final class RecordingSink implements JournalSink
{
    private static final int MAX_RECORD_BYTES = 64 * 1024;

    private final LongConsumer onBroken;
    private OpenRecording recording;
    private CounterSet counters;

    /**
     * Creates a sink that has no recording yet.
     *
     * @param onBroken told the number of the recording that is given up; neither waits nor throws.
     */
    RecordingSink(final LongConsumer onBroken)
    {
        this.onBroken = onBroken;
    }

    void open(final OpenRecording newRecording, final CounterSet journalCounters)
    {
        recording = newRecording;
        counters = journalCounters;
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
    public long position()
    {
        return recording.publication().position();
    }

    @Override
    public long writtenPosition()
    {
        return recording.recordedPosition();
    }

    @Override
    public void onBroken()
    {
        onBroken.accept(recording.recordingId());
    }
}
