package io.ringcast.transport.journal;

import io.ringcast.config.ConfigException;
import io.ringcast.config.JournalConfig;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Records what goes into the rings of all networks, until it is closed.
 * Its own thread {@code ringcast-journal}; the public methods: the thread that starts and stops the relay, which waits
 * until the journal's thread has done what they ask. The archive wants to be driven by one thread from first to last.
 *
 * <p>Each start makes a recording for each network. What is more than {@code maxBytes} is given up from the oldest end,
 * whole recordings first.
 */
public final class Journal implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(Journal.class);
    private static final int FIRST_STREAM = 1_001;
    private static final int MIN_SEGMENT_BYTES = 1 << 20;
    private static final int MAX_SEGMENT_BYTES = 1 << 27;
    private static final int SEGMENTS = 32;
    private static final long PURGE_CHECK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** What is recorded of one network. */
    private static final class Entry
    {
        final RecordingSink sink;
        final OpenRecording recording;
        JournalPoller poller;
        CounterSet counters;
        long startPosition;

        Entry(final RecordingSink sink, final OpenRecording recording)
        {
            this.sink = sink;
            this.recording = recording;
        }
    }

    private final JournalConfig config;
    private final JournalDirectory directory;
    private final int segmentBytes;
    private final FileSync fileSync;
    private final List<Entry> entries = new ArrayList<>();
    private final BlockingQueue<FutureTask<?>> tasks = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "ringcast-journal");
    private EmbeddedArchive archive;
    private List<StoredRecording> older = List.of();
    private boolean wasWhole;
    private long purgeCheckedNs;
    private boolean isRecording;
    private volatile boolean isStopping;

    private Journal(final JournalConfig config, final JournalDirectory directory)
    {
        this.config = config;
        this.directory = directory;
        segmentBytes = (int)Math.max(
            MIN_SEGMENT_BYTES, Math.min(MAX_SEGMENT_BYTES, Long.highestOneBit(config.maxBytes() / SEGMENTS)));
        fileSync = new FileSync(directory.archive(), segmentBytes, config.syncIntervalMs());
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
        final JournalDirectory directory = JournalDirectory.open(config.dir(), true);
        final Journal journal = new Journal(config, directory);
        journal.thread.setDaemon(true);
        journal.thread.start();
        try
        {
            journal.call(journal::openArchive);
            return journal;
        }
        catch (final RuntimeException e)
        {
            journal.close();
            throw new ConfigException("journal.dir", config.dir(), "the archive does not start: " + e.getMessage(),
                "a directory of its own on a real disk");
        }
    }

    private Void openArchive() throws IOException
    {
        archive = new EmbeddedArchive(directory.archive(), directory.driver(), segmentBytes);
        older = archive.recordings();
        older.sort(Comparator.comparingLong(StoredRecording::recordingId));
        wasWhole = directory.isWhole();
        directory.setWhole();
        return null;
    }

    /**
     * Begins the recording of a network.
     *
     * @param networkName the network.
     * @return what takes its records; {@link #add} before the start.
     */
    public JournalSink begin(final String networkName)
    {
        return call(() ->
        {
            final RecordingSink sink = new RecordingSink(directory::setBroken);
            final Entry entry = new Entry(sink, archive.record(networkName, FIRST_STREAM + entries.size()));
            entries.add(entry);
            fileSync.add(entry.recording);
            return sink;
        });
    }

    /**
     * Finds the last run of a network, if the run that begins can go on with it: it was recorded as a whole, from its
     * beginning on, under the same settings.
     *
     * @param networkName the network.
     * @param settings    what the stages depend on.
     * @param loops       how many I/O loops there are.
     * @return the run, or null.
     */
    public PastRun past(final String networkName, final String settings, final int loops)
    {
        return call(() ->
        {
            final List<StoredRecording> ofNetwork =
                older.stream().filter(recording -> recording.name().equals(networkName)).toList();
            if (!wasWhole || ofNetwork.isEmpty())
            {
                return null;
            }
            final RunChain chain =
                RunChain.find(archive, ofNetwork, ofNetwork.get(ofNetwork.size() - 1).recordingId());
            final boolean isSame = chain != null && chain.last().loops() == loops &&
                chain.last().settings().equals(settings);
            if (!isSame)
            {
                LOGGER.warn("network {}: begins anew: {}", networkName, chain == null ?
                    "the beginning of what was recorded is gone" : "other settings, or another number of I/O loops");
                return null;
            }
            return new PastRun(chain, System.currentTimeMillis(), System.nanoTime());
        });
    }

    /**
     * Lets a pipeline do what was done in a past run.
     *
     * @param past        the run.
     * @param networkName the network.
     * @param restore     of the pipeline.
     * @return false if it did not go as it did then: the pipeline is of no use.
     */
    public boolean tryRestore(final PastRun past, final String networkName, final PipelineRestore restore)
    {
        final long startNs = System.nanoTime();
        try
        {
            call(() ->
            {
                past.restore(archive, restore);
                return null;
            });
        }
        catch (final RuntimeException e)
        {
            LOGGER.error("network {}: begins anew: run {} can't be read", networkName, past.number(), e);
            return false;
        }
        if (restore.differences() > 0)
        {
            LOGGER.warn("network {}: begins anew: this relay does otherwise in {} of {} slots than the one that " +
                "recorded them", networkName, restore.differences(), restore.nextSlot());
            return false;
        }
        LOGGER.info("network {}: goes on behind run {}: {} slots in {} ms", networkName, past.number(),
            restore.nextSlot(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
        return true;
    }

    /**
     * Adds what polls the ring of a network.
     *
     * @param poller   offers to a sink that {@link #begin} gave.
     * @param sink     that sink.
     * @param counters the counters of the journal's thread.
     * @param start    with what the run begins.
     * @param restore  if it goes on with a past run, else null.
     */
    public void add(
        final JournalPoller poller, final JournalSink sink, final CounterSet counters, final RunStart start,
        final PipelineRestore restore)
    {
        call(() ->
        {
            final Entry entry = entries.stream().filter(candidate -> candidate.sink == sink).findFirst().orElseThrow();
            entry.sink.open(entry.recording, counters);
            entry.poller = poller;
            entry.counters = counters;
            while (!poller.tryBegin(start))
            {
                archive.invoke();
            }
            if (restore != null)
            {
                restore.disconnectAll(start.startedAtNs(), () -> record(poller));
            }
            return null;
        });
    }

    private void record(final JournalPoller poller)
    {
        while (poller.isBehind())
        {
            archive.invoke();
            poller.poll(System.nanoTime());
        }
    }

    /** Starts to record. */
    public void start()
    {
        call(() ->
        {
            fileSync.start();
            isRecording = true;
            return null;
        });
        LOGGER.info("the journal is in {}, at most {} bytes", config.dir(), config.maxBytes());
    }

    /** Records what is in the rings and ends the recordings in order; after the stages have stopped. */
    @Override
    public void close()
    {
        isStopping = true;
        try
        {
            thread.join();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    private <T> T call(final Callable<T> task)
    {
        final FutureTask<T> future = new FutureTask<>(task);
        tasks.add(future);
        try
        {
            return future.get();
        }
        catch (final ExecutionException e)
        {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void run()
    {
        final IdleStrategy idle = new BackoffIdleStrategy(0, 0, MIN_PARK_NS, MAX_PARK_NS);
        try
        {
            while (!isStopping)
            {
                final FutureTask<?> task = tasks.poll();
                if (task != null)
                {
                    task.run();
                }
                idle.idle(isRecording ? work(System.nanoTime()) : 0);
            }
            if (isRecording)
            {
                drain(idle);
                purge();
            }
        }
        finally
        {
            end();
        }
    }

    private void end()
    {
        if (isRecording)
        {
            fileSync.close();
        }
        if (archive != null)
        {
            archive.close();
        }
        directory.close();
    }

    /** The ring must go on whatever becomes of the archive. */
    private int work(final long nowNs)
    {
        int work = 0;
        try
        {
            work += archive.invoke();
            if (nowNs - purgeCheckedNs > PURGE_CHECK_NS)
            {
                purgeCheckedNs = nowNs;
                purge();
                breakIf(fileSync.hasFailed(), "the disk has failed");
            }
        }
        catch (final RuntimeException e)
        {
            LOGGER.error("the journal's archive has failed", e);
            breakIf(true, "its archive has failed");
        }
        for (int i = 0; i < entries.size(); i++)
        {
            work += entries.get(i).poller.poll(nowNs);
        }
        return work;
    }

    private void breakIf(final boolean isBroken, final String why)
    {
        if (isBroken)
        {
            entries.forEach(entry -> entry.poller.giveUp(why));
        }
    }

    private void drain(final IdleStrategy idle)
    {
        final long deadlineNs = System.nanoTime() + DRAIN_NS;
        boolean isDone = false;
        final boolean[] hasEnd = new boolean[entries.size()];
        while (!isDone)
        {
            final long nowNs = System.nanoTime();
            breakIf(nowNs - deadlineNs > 0, "it could not be ended in time");
            final int work = work(nowNs);
            isDone = true;
            for (int i = 0; i < hasEnd.length; i++)
            {
                final Entry entry = entries.get(i);
                hasEnd[i] = hasEnd[i] || !entry.poller.isBehind() && entry.poller.tryEnd();
                isDone &= hasEnd[i] && (entry.poller.isBroken() || isWritten(entry));
            }
            idle.idle(work);
        }
    }

    private static boolean isWritten(final Entry entry)
    {
        return entry.recording.recordedPosition() >= entry.recording.publication().position();
    }

    /** Whole recordings of earlier runs go first, then the oldest files of this one. */
    private void purge()
    {
        long bytes = 0;
        for (final StoredRecording recording : older)
        {
            bytes += onDisk(recording.stopPosition() - recording.startPosition());
        }
        for (final Entry entry : entries)
        {
            bytes += onDisk(entry.recording.recordedPosition() - entry.startPosition);
        }
        final long limitBytes = config.maxBytes() - segmentBytes;
        while (bytes > limitBytes && !older.isEmpty())
        {
            final long purged = onDisk(archive.purge(older.remove(0)));
            bytes -= purged;
            entries.get(0).counters.add(RelayCounter.JOURNAL_PURGED_BYTES, purged);
        }
        for (int i = 0; i < entries.size() && bytes > limitBytes; i++)
        {
            bytes -= purgeOldest(entries.get(i), bytes - limitBytes);
        }
    }

    /** Keeps at least the file that is written to and the one before. */
    private long purgeOldest(final Entry entry, final long excessBytes)
    {
        final long writing = entry.recording.recordedPosition() / segmentBytes * segmentBytes;
        final long wanted = entry.startPosition + onDisk(excessBytes);
        final long newStart = Math.min(wanted, writing - segmentBytes);
        final long purged = newStart - entry.startPosition;
        if (purged <= 0)
        {
            return 0;
        }
        if (entry.startPosition == 0)
        {
            LOGGER.warn("recording {}: its beginning is given up to stay within maxBytes; this run can't be " +
                "replayed any more", entry.recording.recordingId());
        }
        archive.purgeBefore(entry.recording.recordingId(), newStart);
        entry.startPosition = newStart;
        entry.counters.add(RelayCounter.JOURNAL_PURGED_BYTES, purged);
        return purged;
    }

    private long onDisk(final long bytes)
    {
        return (bytes + segmentBytes - 1) / segmentBytes * segmentBytes;
    }
}
