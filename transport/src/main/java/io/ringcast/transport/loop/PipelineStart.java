package io.ringcast.transport.loop;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.StageSettingsYaml;
import io.ringcast.journal.JournalSink;
import io.ringcast.journal.RunStart;
import io.ringcast.pipeline.PipelineParts;
import io.ringcast.pipeline.PipelineRestore;
import io.ringcast.pipeline.RelayPipeline;
import io.ringcast.transport.journal.Journal;
import io.ringcast.transport.journal.PastRun;

import java.util.HexFormat;
import java.util.function.Function;

/**
 * A pipeline that can be started: new, or with a journal where an earlier process left off.
 * Immutable.
 *
 * @param parts    what it is made of.
 * @param pipeline the pipeline.
 * @param restore  what an earlier process has left, or null.
 */
record PipelineStart(PipelineParts parts, RelayPipeline pipeline, PipelineRestore restore)
{
    /**
     * Builds a pipeline that nothing is recorded of.
     *
     * @param builder makes parts from a seed.
     */
    static PipelineStart of(final Function<byte[], PipelineParts> builder)
    {
        final PipelineParts parts = builder.apply(PipelineParts.newSeed());
        return new PipelineStart(parts, parts.build(), null);
    }

    /**
     * Builds a pipeline that is recorded, and goes on where it left off if it was recorded before.
     *
     * @param journal     takes and has the records.
     * @param relayConfig the relay's settings.
     * @param config      the network's.
     * @param loops       how many I/O loops there are.
     * @param builder     makes parts from a seed.
     */
    static PipelineStart of(
        final Journal journal, final RelayConfig relayConfig, final NetworkConfig config, final int loops,
        final Function<byte[], PipelineParts> builder)
    {
        final String settings = StageSettingsYaml.write(relayConfig, config);
        final PastRun past = journal.past(config.name(), settings, loops);
        final JournalSink sink = journal.newSink();
        final byte[] newSeed = PipelineParts.newSeed();
        PipelineStart start = past == null ? null : restored(journal, past, config, sink, builder);
        final boolean isNew = start == null;
        if (isNew)
        {
            final PipelineParts parts = builder.apply(newSeed).journal(sink);
            start = new PipelineStart(parts, parts.build(), null);
        }
        journal.add(config.name(), start.pipeline.journal(), sink, start.parts.journalCounters(), new RunStart(
            RelayVersion.text(), System.currentTimeMillis(), System.nanoTime(), loops,
            HexFormat.of().formatHex(isNew ? newSeed : past.seed()), settings,
            isNew ? RunStart.NOTHING : past.number(), isNew ? 0 : start.restore.nextSlot(),
            isNew ? 0 : past.shiftNs()), start.restore);
        return start;
    }

    private static PipelineStart restored(
        final Journal journal, final PastRun past, final NetworkConfig config, final JournalSink sink,
        final Function<byte[], PipelineParts> builder)
    {
        final PipelineParts parts = builder.apply(past.seed()).journal(sink);
        final RelayPipeline pipeline = parts.build();
        final PipelineRestore restore = pipeline.restore();
        if (journal.tryRestore(past, config.name(), restore))
        {
            return new PipelineStart(parts, pipeline, restore);
        }
        pipeline.close();
        return null;
    }
}
