package io.ringcast.transport.journal;

import io.ringcast.journal.SlotRecord;
import io.ringcast.pipeline.PipelineParts;
import io.ringcast.pipeline.PipelineRestore;
import io.ringcast.pipeline.RelayPipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A second pipeline of a network that is never started, for checkpoints.
 * Confined to the thread that makes the checkpoint.
 */
public final class PipelineShadow implements ShadowStages
{
    private final RelayPipeline pipeline;
    private final PipelineRestore restore;

    /**
     * Builds the pipeline.
     *
     * @param parts with a journal's sink, to which nothing is given.
     */
    public PipelineShadow(final PipelineParts parts)
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
