package io.ringcast.journal;

import org.agrona.DirectBuffer;

/**
 * A sink that keeps nothing, and says the same of each record.
 * Immutable.
 */
public final class FakeSink implements JournalSink
{
    private final Result result;

    /**
     * Creates it.
     *
     * @param result what becomes of each record.
     */
    public FakeSink(final Result result)
    {
        this.result = result;
    }

    @Override
    public Result offer(final DirectBuffer buffer, final int offset, final int lengthBytes)
    {
        return result;
    }

    @Override
    public int maxRecordBytes()
    {
        return 2_048;
    }

    @Override
    public long position()
    {
        return 0;
    }

    @Override
    public long writtenPosition()
    {
        return 0;
    }

    @Override
    public void onBroken()
    {
        // Nothing was recorded.
    }
}
