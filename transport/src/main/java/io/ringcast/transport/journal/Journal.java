package io.ringcast.transport.journal;

import io.ringcast.config.ConfigException;
import io.ringcast.config.JournalConfig;
import io.ringcast.journal.JournalFormatException;
import io.ringcast.journal.JournalSink;
import io.ringcast.journal.RunStart;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.JournalPoller;
import io.ringcast.pipeline.PipelineRestore;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;

/**
 * Records what goes into the rings of all networks, until it is closed.
 * Its own thread {@code ringcast-journal}; the public methods: the thread that starts and stops the relay, which waits
 * until the journal's thread has done what they ask. The archive wants to be driven by one thread from first to last.
 *
 * <p>Each start makes a recording for each network, once it stands where the last run left off: a process that ends
 * before leaves what was recorded as it is. Whatever becomes of the archive, the disk or this thread, the rings go on:
 * see {@link JournalWatch}.
 */
public final class Journal implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(Journal.class);
    private static final int MIN_SEGMENT_BYTES = 1 << 20;
    private static final int MAX_SEGMENT_BYTES = 1 << 27;
    private static final int SEGMENTS = 32;
    private static final long CHECK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long CLOSE_MS = 30_000;
    private static final long MIN_CLOSE_MS = 1_000;
    private static final long MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final JournalConfig config;
    private final JournalDirectory directory;
    private final int segmentBytes;
    private final FileSync fileSync;
    private final RecordedRings rings = new RecordedRings();
    private final JournalTasks tasks = new JournalTasks();
    private final Thread thread = new Thread(this::run, "ringcast-journal");
    private final JournalWatch watch;
    private final UnaryOperator<IntSupplier> archiveWork;
    private final RecordedFrames frames;
    private final SpareMemory memory;
    private final Consumer<Checkpointer.Step> onCheckpointStep;
    private EmbeddedArchive archive;
    private IntSupplier invokeArchive;
    private RunBeginnings beginnings;
    private PastRuns pastRuns;
    private JournalSpace space;
    private CheckpointDesk checkpoints;
    /** Null until the journal is started. */
    private Checkpointer checkpointer;
    private long checkedNs;
    private boolean hasFailed;
    private boolean isStarted;
    /** The time of the last slot of any network that was restored, or null. On the thread that starts the relay. */
    private Long lastNs;
    /** Null until it is asked for; on the same thread. */
    private Long clockOffsetNs;
    private volatile boolean isStopping;

    private Journal(
        final JournalConfig config, final JournalDirectory directory, final UnaryOperator<IntSupplier> archiveWork,
        final SpareMemory memory, final Consumer<Checkpointer.Step> onCheckpointStep)
    {
        this.config = config;
        this.directory = directory;
        this.archiveWork = archiveWork;
        this.memory = memory;
        this.onCheckpointStep = onCheckpointStep;
        frames = new RecordedFrames(directory.archive());
        segmentBytes = (int)Math.max(
            MIN_SEGMENT_BYTES, Math.min(MAX_SEGMENT_BYTES, Long.highestOneBit(config.maxBytes() / SEGMENTS)));
        fileSync = new FileSync(directory, segmentBytes, config.syncIntervalMs());
        watch = new JournalWatch(rings, thread::isAlive, config);
    }

    /**
     * Opens the journal.
     *
     * @param config where it is, and its bounds.
     * @return the journal; not started.
     * @throws ConfigException if the directory can't be used.
     */
    public static Journal open(final JournalConfig config)
    {
        return open(config, UnaryOperator.identity(), ProcessMemory.ofProcess(), step -> { });
    }

    /**
     * Opens a journal whose archive can be made to fail.
     *
     * @param config           where it is, and its bounds.
     * @param archiveWork      stands in for the archive's work.
     * @param memory           whether there is enough for checkpoints.
     * @param onCheckpointStep told what is done of a checkpoint, by the thread that makes it.
     */
    static Journal open(
        final JournalConfig config, final UnaryOperator<IntSupplier> archiveWork, final SpareMemory memory,
        final Consumer<Checkpointer.Step> onCheckpointStep)
    {
        final JournalDirectory directory = JournalDirectory.open(config.dir(), true);
        final Journal journal = new Journal(config, directory, archiveWork, memory, onCheckpointStep);
        journal.thread.setDaemon(true);
        journal.fileSync.start();
        journal.thread.start();
        try
        {
            journal.tasks.call(journal::openArchive);
            return journal;
        }
        catch (final RuntimeException e)
        {
            journal.close();
            throw journal.refusal("the archive does not start", e);
        }
    }

    private Void openArchive() throws IOException
    {
        directory.writeNotes();
        Catalogue.endAll(directory);
        archive = new EmbeddedArchive(directory.archive(), directory.driver(), segmentBytes);
        invokeArchive = archiveWork.apply(archive::invoke);
        beginnings = new RunBeginnings(archive, invokeArchive, directory, fileSync);
        final List<StoredRecording> older = archive.recordings();
        older.sort(Comparator.comparingLong(StoredRecording::recordingId));
        pastRuns = new PastRuns(archive, frames, directory, older, Checkpoints.of(frames, directory, older));
        space = new JournalSpace(
            archive, directory, older, fileSync::delete, segmentBytes, config.maxBytes());
        checkpoints = new CheckpointDesk(archive, space, config.maxBytes());
        return null;
    }

    private ConfigException refusal(final String what, final RuntimeException e)
    {
        return new ConfigException("journal.dir", config.dir(), what + ": " + e.getMessage(),
            "a directory of its own on a real disk with space");
    }

    /**
     * Makes what takes the records of a network.
     *
     * @return a sink that takes none until it is given to {@link #add}.
     */
    public JournalSink newSink()
    {
        return new RecordingSink(recordingId ->
        {
            directory.noteBroken(recordingId);
            fileSync.markBroken(recordingId);
        });
    }

    /**
     * Finds the last run of a network, if the run that begins can go on with it: it was recorded as a whole, under the
     * same settings, from its beginning or a checkpoint on. Once {@link #tryRestore} has refused it, the next way to
     * its state, if there is another.
     *
     * @param networkName the network.
     * @param settings    what the stages depend on.
     * @param loops       how many I/O loops there are.
     * @return the run, or null.
     */
    public PastRun past(final String networkName, final String settings, final int loops)
    {
        return tasks.call(() -> pastRuns.find(networkName, settings, loops));
    }

    /**
     * Tells how far the steady clock of the last runs is off: what is to be added to this process's for a clock that
     * goes on where that was, and not before the last slot of any network, however the system's clock was set. Once
     * all networks were restored, since it is one for all of them: the same each time.
     *
     * @return nanoseconds; 0 unless the machine was started anew.
     */
    public long clockOffsetNs()
    {
        if (clockOffsetNs == null)
        {
            final long nowNs = System.nanoTime();
            final long offsetNs = tasks.call(() -> pastRuns.clockOffsetNs(System.currentTimeMillis(), nowNs));
            clockOffsetNs = lastNs == null ? offsetNs : Long.valueOf(Math.max(offsetNs, lastNs - nowNs));
        }
        return clockOffsetNs;
    }

    /**
     * Lets a pipeline do what was done in a past run.
     *
     * @param past        the run.
     * @param networkName the network.
     * @param restore     of the pipeline.
     * @return false if it did not go as it did then: the pipeline is of no use, and {@link #past} is to be asked again.
     */
    public boolean tryRestore(final PastRun past, final String networkName, final PipelineRestore restore)
    {
        final long startNs = System.nanoTime();
        String why = null;
        try
        {
            tasks.call(() ->
            {
                past.restore(frames, restore);
                return null;
            });
            if (restore.differences() > 0)
            {
                why = "this relay does otherwise in " + restore.differences() + " of the slots before " +
                    restore.nextSlot() + " than the one that recorded them";
            }
        }
        catch (final JournalFormatException e)
        {
            tasks.call(() ->
            {
                pastRuns.noteDamage(networkName, e);
                return null;
            });
            why = e.getMessage();
        }
        catch (final RuntimeException e)
        {
            LOGGER.error("network {}: run {} can't be read", networkName, past.number(), e);
            why = "run " + past.number() + " can't be read";
        }
        if (why != null)
        {
            final String complaint = why;
            tasks.call(() ->
            {
                pastRuns.refuse(past, networkName, complaint);
                return null;
            });
            return false;
        }
        lastNs = lastNs == null ? restore.lastNs() : Long.valueOf(Math.max(lastNs, restore.lastNs()));
        final StoredCheckpoint checkpoint = past.chain().checkpoint();
        LOGGER.info("network {}: goes on behind run {}: {} slots, {} of them replayed{}, in {} ms", networkName,
            past.number(), restore.nextSlot(),
            restore.nextSlot() - (checkpoint == null ? 0 : checkpoint.start().nextSlot()),
            checkpoint == null ? "" : " behind checkpoint " + checkpoint.number(),
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
        return true;
    }

    /**
     * Begins the recording of a network, with a run.
     *
     * @param networkName the network.
     * @param poller      offers to the sink.
     * @param sink        one that {@link #newSink} gave.
     * @param counters    the counters of the journal's thread.
     * @param start       with what the run begins.
     * @param past        the run that it goes on with, else null.
     * @param restore     if it goes on with a past run, else null.
     * @param shadow      what checkpoints are made of.
     * @throws ConfigException if nothing can be recorded.
     */
    public void add(
        final String networkName, final JournalPoller poller, final JournalSink sink, final CounterSet counters,
        final RunStart start, final PastRun past, final PipelineRestore restore, final Shadow shadow)
    {
        try
        {
            tasks.call(() ->
            {
                final OpenRecording recording = beginnings.begin(networkName,
                    StoredRecording.RUN_STREAM + rings.all().size(), poller, (RecordingSink)sink, counters, start);
                final RecordedRing ring = new RecordedRing(recording, poller, counters);
                rings.add(ring);
                final KeptChain chain = new KeptChain(
                    networkName, ring, start, past == null ? List.of() : pastRuns.ways(past.chain()));
                space.add(chain);
                checkpoints.add(chain, shadow);
                if (chain.newest() != null)
                {
                    shadow.status().onMade(chain.newest().recording().startedAtMs());
                }
                counters.add(RelayCounter.JOURNAL_CHECKPOINT_FAILURES, pastRuns.refusals(networkName));
                if (pastRuns.isDamaged(networkName))
                {
                    counters.increment(RelayCounter.JOURNAL_DAMAGES);
                }
                if (restore != null)
                {
                    restore.disconnectAll(start.startedAtNs(), () -> record(poller));
                }
                return null;
            });
        }
        catch (final RuntimeException e)
        {
            throw refusal("network " + networkName + " can't be recorded", e);
        }
    }

    private void record(final JournalPoller poller)
    {
        while (poller.isBehind())
        {
            work(System.nanoTime());
        }
    }

    /** The relay starts: what is recorded from here on stays. */
    public void start()
    {
        start(SpareDisk.of(directory.archive(), segmentBytes));
    }

    /** The same, with what tells whether there is room for checkpoints. */
    void start(final SpareDisk disk)
    {
        checkpointer =
            new Checkpointer(tasks, checkpoints, directory, memory, disk, onCheckpointStep);
        checkpointer.start();
        tasks.call(() ->
        {
            isStarted = true;
            return null;
        });
        watch.start();
        LOGGER.info("the journal is in {}, at most {} bytes", config.dir(), config.maxBytes());
        if (config.warning() != null)
        {
            LOGGER.warn(config.warning());
        }
    }

    /** Whether no checkpoint is made, and none is due. */
    boolean isAtRest()
    {
        return tasks.call(checkpoints::isAtRest);
    }

    /**
     * Records what is in the rings and ends the recordings in order; after the stages have stopped. Of a relay that did
     * not start nothing stays.
     */
    @Override
    public void close()
    {
        if (checkpointer != null)
        {
            checkpointer.stop();
        }
        isStopping = true;
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MS);
        try
        {
            thread.join(CLOSE_MS);
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        if (isStarted)
        {
            watch.close();
        }
        final boolean hasEnded = !thread.isAlive();
        if (!hasEnded)
        {
            // It must not come back to rings that are no more.
            rings.takeOver();
        }
        // After the last who may find a run broken.
        final boolean isSynced = fileSync.tryClose(leftMs(deadlineNs));
        final boolean isChecked = checkpointer == null || checkpointer.tryClose(leftMs(deadlineNs));
        if (isSynced && isChecked && hasEnded)
        {
            directory.close();
        }
        else
        {
            // The lock stays until the process ends.
            LOGGER.error("the journal could not be closed: its disk does not answer");
        }
    }

    private static long leftMs(final long deadlineNs)
    {
        return Math.max(MIN_CLOSE_MS, TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime()));
    }

    private void run()
    {
        final IdleStrategy idle = new BackoffIdleStrategy(0, 0, MIN_PARK_NS, MAX_PARK_NS);
        try
        {
            while (!isStopping && !rings.isTaken())
            {
                tasks.runNext();
                idle.idle(rings.all().isEmpty() ? 0 : work(System.nanoTime()));
            }
            if (isStarted)
            {
                drain(idle);
            }
            else if (!hasFailed)
            {
                // Without an archive there is none.
                rings.all().forEach(ring -> beginnings.discard(ring.recording()));
            }
        }
        finally
        {
            if (checkpoints != null)
            {
                checkpoints.fail("the journal has ended");
            }
            tasks.close();
            // It looks at the archive's counters until then.
            fileSync.syncLast();
            if (archive != null)
            {
                archive.close();
            }
        }
    }

    /** The ring must go on whatever becomes of the archive: also of an error, as of a page that a full disk has not. */
    private int work(final long nowNs)
    {
        int work = 0;
        if (!hasFailed)
        {
            try
            {
                work += invokeArchive.getAsInt() + checkpoints.poll(nowNs);
                if (nowNs - checkedNs > CHECK_NS)
                {
                    checkedNs = nowNs;
                    check();
                }
            }
            catch (final Throwable e)
            {
                hasFailed = true;
                LOGGER.error("the journal's archive has failed", e);
                checkpoints.fail("the archive has failed");
                rings.fail("its archive has failed");
            }
        }
        return work + rings.poll();
    }

    private void check() throws IOException
    {
        rings.failIfEnded();
        if (fileSync.hasFailed())
        {
            rings.fail("the disk has failed");
        }
        // Before the start another network may have yet to go on with one of the older runs.
        if (isStarted && !rings.areBroken())
        {
            space.purge();
            final CheckpointPlan due = checkpoints.nextDue();
            if (due != null)
            {
                checkpointer.make(due);
            }
        }
    }

    private void drain(final IdleStrategy idle)
    {
        final long deadlineNs = System.nanoTime() + DRAIN_NS;
        while (!rings.tryEnd())
        {
            final long nowNs = System.nanoTime();
            if (nowNs - deadlineNs > 0)
            {
                rings.fail("it could not be ended in time");
            }
            idle.idle(work(nowNs));
        }
    }
}
