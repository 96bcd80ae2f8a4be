package io.ringcast.pipeline;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.ringcast.config.RelayConfig;
import io.ringcast.journal.FakeSink;
import io.ringcast.journal.JournalSink;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;
import io.ringcast.metrics.CounterSet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * What was recorded goes through one pipeline from its beginning and, from some slot on, through another that has
 * loaded an image of the first: both say what was recorded, and stand at the same place in the end.
 * Confined to the test's thread.
 */
final class ImageLaw implements AutoCloseable
{
    private final RunStart start;
    private final RelayPipeline original;
    private final PipelineRestore fromBeginning;
    private RelayPipeline loaded;
    private PipelineRestore fromImage;

    ImageLaw(final RunStart start)
    {
        this.start = start;
        original = pipeline(start);
        fromBeginning = original.restore();
    }

    void onSlot(final SlotRecord slot)
    {
        fromBeginning.onSlot(slot);
        if (fromImage != null)
        {
            fromImage.onSlot(slot);
            if (fromImage.differences() > 0)
            {
                throw new AssertionError("slot " + slot.sequence + " went otherwise behind an image");
            }
        }
    }

    /** From here on the rest goes through a pipeline that has loaded how the first one stands. */
    void cut()
    {
        final byte[] image = image(fromBeginning);
        compare(image, image(fromBeginning), "was written otherwise again");
        if (fromImage != null)
        {
            compare(image, image(fromImage), "is otherwise behind an earlier image");
            loaded.close();
        }
        loaded = pipeline(start);
        fromImage = loaded.restore();
        load(fromImage, image);
        compare(image, image(fromImage), "is otherwise when loaded");
        if (fromImage.nextSlot() != fromBeginning.nextSlot())
        {
            throw new AssertionError("goes on at " + fromImage.nextSlot());
        }
    }

    /** Both stand at the same place. */
    void end()
    {
        if (fromBeginning.differences() > 0)
        {
            throw new AssertionError("slots went otherwise than they were recorded");
        }
        if (fromImage != null)
        {
            compare(image(fromBeginning), image(fromImage), "is otherwise in the end");
        }
    }

    @Override
    public void close()
    {
        original.close();
        if (loaded != null)
        {
            loaded.close();
        }
    }

    static RelayPipeline pipeline(final RunStart start)
    {
        final RelayConfig config = start.config();
        final CounterSet[] loopCounters = new CounterSet[start.loops()];
        Arrays.setAll(loopCounters, loop -> new CounterSet());
        return new PipelineParts(
            config, config.networks().get(0), ThreadingMode.INVOKER, loopCounters, UnpooledByteBufAllocator.DEFAULT,
            error ->
            {
                throw error;
            },
            start.seedBytes()).journal(new FakeSink(JournalSink.Result.TAKEN)).neverStarted().build();
    }

    static byte[] image(final PipelineRestore restore)
    {
        try
        {
            final ByteArrayOutputStream image = new ByteArrayOutputStream();
            restore.writeImage(image);
            return image.toByteArray();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    static void load(final PipelineRestore restore, final byte[] image)
    {
        try
        {
            restore.readImage(new ByteArrayInputStream(image));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private void compare(final byte[] image, final byte[] other, final String complaint)
    {
        if (!Arrays.equals(image, other))
        {
            throw new AssertionError("before slot " + fromBeginning.nextSlot() + " the image " + complaint +
                ", at byte " + Arrays.mismatch(image, other) + " of " + image.length);
        }
    }
}
