package io.ringcast.transport.journal;

import io.ringcast.journal.SlotRecord;
import io.ringcast.pipeline.PipelineParts;
import io.ringcast.pipeline.PipelineRestore;
import io.ringcast.pipeline.RelayPipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The stages of the bed's pipeline once more. Confined to the thread that makes checkpoints. */
final class TestShadow implements ShadowStages
{
    private final RelayPipeline pipeline;
    private final PipelineRestore restore;

    TestShadow(final PipelineParts parts)
    {
        pipeline = parts.neverStarted().build();
        restore = pipeline.restore();
    }

    @Override
    public void readImage(final InputStream image) throws IOException
    {
        restore.readImage(image);
    }

    @Override
    public void onSlot(final SlotRecord slot)
    {
        restore.onSlot(slot);
    }

    @Override
    public long differences()
    {
        return restore.differences();
    }

    @Override
    public void writeImage(final OutputStream image) throws IOException
    {
        restore.writeImage(image);
    }

    @Override
    public void close()
    {
        pipeline.close();
    }
}
