package io.ringcast.transport.journal;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.ringcast.config.JournalConfig;
import io.ringcast.config.JournalPolicy;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.StageSettingsYaml;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.journal.JournalSink;
import io.ringcast.journal.RunStart;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.EventKind;
import io.ringcast.pipeline.PipelineParts;
import io.ringcast.pipeline.PipelineRestore;
import io.ringcast.pipeline.RelayPipeline;
import io.ringcast.pipeline.ThreadingMode;
import io.ringcast.session.ConnectionId;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;

/**
 * A journal on the disk behind a pipeline that the test steps by hand.
 * Confined to the test's thread.
 */
final class JournalBed implements AutoCloseable
{
    static final int RING_SLOTS = 64;
    static final String NETWORK = "main";
    /** For a disk that is busy with other things than the test. */
    static final long PATIENT_MS = 60_000;
    static final long IMPATIENT_MS = 1_000;
    private static final int TEXT_BYTES = 60_000;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    final Journal journal;
    /** The run that this one goes on with, or null. */
    final PastRun past;
    /** How many slots were there when this run began. */
    final long restoredSlots;
    final long clockOffsetNs;
    private final CheckpointStatus checkpoints = new CheckpointStatus();
    private final PipelineParts parts;
    private final RelayPipeline pipeline;
    private long nowNs = 1;

    /**
     * Begins a run, behind the last one if there is one.
     *
     * @param dir         the journal's.
     * @param whenBehind  what to do with a journal that takes nothing.
     * @param pushBackMs  for how long.
     * @param archiveWork stands in for the archive's work.
     */
    JournalBed(
        final Path dir, final JournalPolicy whenBehind, final long pushBackMs,
        final UnaryOperator<IntSupplier> archiveWork)
    {
        this(dir, whenBehind, pushBackMs, archiveWork, PipelineShadow::new, step -> { });
    }

    /** As above, and tells what is done of checkpoints. */
    JournalBed(
        final Path dir, final JournalPolicy whenBehind, final long pushBackMs,
        final UnaryOperator<IntSupplier> archiveWork, final Function<PipelineParts, ShadowStages> shadow,
        final Consumer<Checkpointer.Step> onCheckpointStep)
    {
        final RelayConfig config = RelayConfig.builder().upstream("ws://127.0.0.1:1").ringSlots(RING_SLOTS)
            .journal(config(dir, whenBehind, pushBackMs)).build();
        final NetworkConfig network = config.networks().get(0);
        final String settings = StageSettingsYaml.write(config, network);
        journal = Journal.open(config.journal(), archiveWork, () -> { }, onCheckpointStep);
        final JournalSink sink = journal.newSink();
        PastRun found = journal.past(NETWORK, settings, 1);
        PipelineRestore restore = null;
        PipelineParts newParts = null;
        RelayPipeline newPipeline = null;
        while (found != null && restore == null)
        {
            newParts = newParts(config, sink, found.seed());
            newPipeline = newParts.build();
            restore = newPipeline.restore();
            if (!journal.tryRestore(found, NETWORK, restore))
            {
                newPipeline.close();
                restore = null;
                found = journal.past(NETWORK, settings, 1);
            }
        }
        past = found;
        final byte[] seed = past == null ? PipelineParts.newSeed() : past.seed();
        if (past == null)
        {
            newParts = newParts(config, sink, seed);
            newPipeline = newParts.build();
        }
        parts = newParts;
        pipeline = newPipeline;
        restoredSlots = past == null ? 0 : restore.nextSlot();
        clockOffsetNs = journal.clockOffsetNs();
        pipeline.setClockOffsetNs(clockOffsetNs);
        journal.add(NETWORK, pipeline.journal(), sink, parts.journalCounters(), new RunStart(
            "test", System.currentTimeMillis(), System.nanoTime() + clockOffsetNs, 1, HexFormat.of().formatHex(seed),
            settings, past == null ? RunStart.NOTHING : past.number(), past == null ? 0 : restore.nextSlot()),
            past, restore, new Shadow(() -> shadow.apply(newParts(config, sink, seed)), checkpoints));
    }

    private static PipelineParts newParts(final RelayConfig config, final JournalSink sink, final byte[] seed)
    {
        return new PipelineParts(config, config.networks().get(0), ThreadingMode.INVOKER,
            new CounterSet[]{new CounterSet()}, UnpooledByteBufAllocator.DEFAULT, error -> { }, seed).journal(sink);
    }

    /** Within it positions of clients are good. */
    String epoch()
    {
        return parts.epoch();
    }

    static JournalConfig config(final Path dir, final JournalPolicy whenBehind, final long pushBackMs)
    {
        return JournalConfig.builder().dir(dir).whenBehind(whenBehind)
            .set(JournalConfig.PUSH_BACK_MS, pushBackMs)
            .set(JournalConfig.SYNC_INTERVAL_MS, 2 * pushBackMs)
            .set(JournalConfig.MAX_BYTES, JournalConfig.MAX_BYTES.min()).build();
    }

    /** A run that has gone well. */
    static JournalBed started(final Path dir)
    {
        final JournalBed bed = new JournalBed(dir, JournalPolicy.BREAK, PATIENT_MS, UnaryOperator.identity());
        bed.journal.start();
        return bed;
    }

    /** A run that has gone well, and its checkpoints. */
    static JournalBed started(
        final Path dir, final Function<PipelineParts, ShadowStages> shadow, final Consumer<Checkpointer.Step> onStep)
    {
        final JournalBed bed =
            new JournalBed(dir, JournalPolicy.BREAK, PATIENT_MS, UnaryOperator.identity(), shadow, onStep);
        bed.journal.start();
        return bed;
    }

    /** Lets texts pass through the ring that no stage can make anything of, and has the journal take them. */
    void passBytes(final long bytes)
    {
        for (long passed = 0; passed < bytes; passed += TEXT_BYTES)
        {
            await("space in the ring", this::tryPassText);
            awaitRecorded();
        }
    }

    private boolean tryPassText()
    {
        final ReceivedFrame frame = pipeline.publisher(0).takeFrame();
        frame.ensureWritable(TEXT_BYTES);
        Arrays.fill(frame.bytes, 0, TEXT_BYTES, (byte)'x');
        frame.length = TEXT_BYTES;
        frame.beganAtNs = nowNs;
        pipeline.publisher(0).decode(frame);
        if (!pipeline.publisher(0).tryPublishUpstreamFrame(0, frame, nowNs))
        {
            pipeline.publisher(0).giveFrame(frame);
            return false;
        }
        nowNs += TimeUnit.MILLISECONDS.toNanos(1);
        pipeline.runStages();
        pipeline.poller(0).poll();
        return true;
    }

    /** What passes next, passes at that time. */
    void setNowNs(final long newNowNs)
    {
        nowNs = newNowNs;
    }

    /** False if the ring is full. */
    boolean tryPass()
    {
        pipeline.poller(0).poll();
        if (!pipeline.publisher(0).tryPublish(EventKind.TICK, ConnectionId.NONE, 0, nowNs))
        {
            return false;
        }
        nowNs += TimeUnit.MILLISECONDS.toNanos(1);
        pipeline.runStages();
        pipeline.poller(0).poll();
        return true;
    }

    /** Lets slots pass through the ring, and fails if it stands still. */
    void pass(final int slots)
    {
        for (int i = 0; i < slots; i++)
        {
            await("space in the ring", this::tryPass);
        }
    }

    /** Until the journal has all that is in the ring. */
    void awaitRecorded()
    {
        await("an empty ring", () ->
        {
            pipeline.poller(0).poll();
            return pipeline.remainingCapacitySlots() == RING_SLOTS;
        });
    }

    long count(final RelayCounter counter)
    {
        return parts.journalCounters().get(counter) + checkpoints.counters().get(counter);
    }

    static void await(final String what, final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
        }
    }

    @Override
    public void close()
    {
        pipeline.stop();
        journal.close();
        pipeline.close();
    }
}
