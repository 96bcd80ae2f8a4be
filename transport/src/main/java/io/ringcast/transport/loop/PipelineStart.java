package io.ringcast.transport.loop;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.StageSettingsYaml;
import io.ringcast.journal.JournalSink;
import io.ringcast.journal.RunStart;
import io.ringcast.pipeline.PipelineParts;
import io.ringcast.pipeline.PipelineRestore;
import io.ringcast.pipeline.RelayPipeline;
import io.ringcast.transport.journal.CheckpointStatus;
import io.ringcast.transport.journal.Journal;
import io.ringcast.transport.journal.PastRun;
import io.ringcast.transport.journal.PipelineShadow;
import io.ringcast.transport.journal.Shadow;

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
     * @param shadow      makes the parts of a second pipeline from a seed, which is not started.
     * @param status      tells of checkpoints.
     */
    static PipelineStart of(
        final Journal journal, final RelayConfig relayConfig, final NetworkConfig config, final int loops,
        final Function<byte[], PipelineParts> builder, final Function<byte[], PipelineParts> shadow,
        final CheckpointStatus status)
    {
        final String settings = StageSettingsYaml.write(relayConfig, config);
        final JournalSink sink = journal.newSink();
        PastRun past = journal.past(config.name(), settings, loops);
        PipelineStart start = null;
        while (past != null && start == null)
        {
            start = restored(journal, past, config, sink, builder);
            past = start == null ? journal.past(config.name(), settings, loops) : past;
        }
        final byte[] seed = past == null ? PipelineParts.newSeed() : past.seed();
        final long systemNs = System.nanoTime();
        long offsetNs = journal.clockOffsetNs();
        if (start == null)
        {
            final PipelineParts parts = builder.apply(seed).journal(sink);
            start = new PipelineStart(parts, parts.build(), null);
        }
        else
        {
            // The clock never goes back, however the system's was set.
            offsetNs = Math.max(offsetNs, start.restore.lastNs() - systemNs);
        }
        start.pipeline.setClockOffsetNs(offsetNs);
        journal.add(config.name(), start.pipeline.journal(), sink, start.parts.journalCounters(), new RunStart(
            RelayVersion.text(), System.currentTimeMillis(), systemNs + offsetNs, loops,
            HexFormat.of().formatHex(seed), settings,
            past == null ? RunStart.NOTHING : past.number(), past == null ? 0 : start.restore.nextSlot(), 0),
            past, start.restore,
            new Shadow(() -> new PipelineShadow(shadow.apply(seed).journal(journal.newSink())), status));
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
