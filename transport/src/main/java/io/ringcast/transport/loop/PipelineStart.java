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
 * @param past     the run in which it was left, or null.
 * @param seed     what all that is random comes from.
 * @param sink     takes the records, or null.
 */
record PipelineStart(
    PipelineParts parts, RelayPipeline pipeline, PipelineRestore restore, PastRun past, byte[] seed, JournalSink sink)
{
    /**
     * Builds a pipeline that nothing is recorded of.
     *
     * @param builder makes parts from a seed.
     */
    static PipelineStart of(final Function<byte[], PipelineParts> builder)
    {
        final byte[] seed = PipelineParts.newSeed();
        final PipelineParts parts = builder.apply(seed);
        return new PipelineStart(parts, parts.build(), null, null, seed, null);
    }

    /**
     * Builds a pipeline that is to be recorded, and goes on where it left off if it was recorded before.
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
        final JournalSink sink = journal.newSink();
        PastRun past = journal.past(config.name(), settings, loops);
        PipelineStart start = null;
        while (past != null && start == null)
        {
            start = restored(journal, past, config, sink, builder);
            past = start == null ? journal.past(config.name(), settings, loops) : past;
        }
        if (start == null)
        {
            final byte[] seed = PipelineParts.newSeed();
            final PipelineParts parts = builder.apply(seed).journal(sink);
            start = new PipelineStart(parts, parts.build(), null, null, seed, sink);
        }
        return start;
    }

    /**
     * Begins the recording, once all networks stand where they left off: the clock of all goes by that.
     *
     * @param journal     takes the records.
     * @param relayConfig the relay's settings.
     * @param config      the network's.
     * @param loops       how many I/O loops there are.
     * @param shadow      makes the parts of a second pipeline from a seed, which is not started.
     * @param status      tells of checkpoints.
     */
    void record(
        final Journal journal, final RelayConfig relayConfig, final NetworkConfig config, final int loops,
        final Function<byte[], PipelineParts> shadow, final CheckpointStatus status)
    {
        final long offsetNs = journal.clockOffsetNs();
        pipeline.setClockOffsetNs(offsetNs);
        journal.add(config.name(), pipeline.journal(), sink, parts.journalCounters(), new RunStart(
            RelayVersion.text(), System.currentTimeMillis(), System.nanoTime() + offsetNs, loops,
            HexFormat.of().formatHex(seed), StageSettingsYaml.write(relayConfig, config),
            past == null ? RunStart.NOTHING : past.number(), past == null ? 0 : restore.nextSlot()),
            past, restore,
            new Shadow(() -> new PipelineShadow(shadow.apply(seed).journal(journal.newSink())), status));
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
            return new PipelineStart(parts, pipeline, restore, past, past.seed(), sink);
        }
        pipeline.close();
        return null;
    }
}
