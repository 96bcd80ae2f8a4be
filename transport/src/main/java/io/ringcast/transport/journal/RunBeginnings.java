package io.ringcast.transport.journal;

import io.ringcast.journal.JournalSink;
import io.ringcast.journal.RunStart;
import io.ringcast.metrics.CounterSet;
import io.ringcast.pipeline.JournalPoller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Begins the recordings of runs, and takes back what was begun for a relay that did not start.
 * Confined to the journal's thread.
 *
 * <p>The order of the steps is the contract: a process may end behind each of them, and the next one finds either the
 * run before as the last, or a run with its beginning.
 */
final class RunBeginnings
{
    private static final Logger LOGGER = LoggerFactory.getLogger(RunBeginnings.class);
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

    private final EmbeddedArchive archive;
    private final IntSupplier invokeArchive;
    private final JournalDirectory directory;
    private final FileSync fileSync;

    /**
     * Creates it.
     *
     * @param archive       takes the recordings.
     * @param invokeArchive does the archive's work.
     * @param directory     where the archive is.
     * @param fileSync      keeps the recordings on the disk from then on.
     */
    RunBeginnings(
        final EmbeddedArchive archive, final IntSupplier invokeArchive, final JournalDirectory directory,
        final FileSync fileSync)
    {
        this.archive = archive;
        this.invokeArchive = invokeArchive;
        this.directory = directory;
        this.fileSync = fileSync;
    }

    /**
     * Begins the recording of a network with a run, of which the disk has the beginning when this returns.
     *
     * @param networkName the network.
     * @param streamId    a stream that no other recording has.
     * @param poller      offers to the sink.
     * @param sink        takes the records from here on.
     * @param counters    the counters of the journal's thread.
     * @param start       with what the run begins.
     * @return the recording.
     * @throws IOException           if a file can't be written.
     * @throws IllegalStateException if the archive does not take or write it in time.
     */
    OpenRecording begin(
        final String networkName, final int streamId, final JournalPoller poller, final RecordingSink sink,
        final CounterSet counters, final RunStart start) throws IOException
    {
        final OpenRecording recording = archive.record(networkName, streamId);
        // Before there is a run: one without the mark is broken, and one that the catalogue does not know leaves files
        // that are in the way of the next.
        FileSync.force(directory.archive().resolve(Catalogue.FILE));
        directory.forceArchiveEntries();
        directory.setWhole(recording.recordingId());
        fileSync.add(recording);
        sink.open(recording, counters);
        offer(poller, start);
        forceBeginning(recording);
        return recording;
    }

    private void offer(final JournalPoller poller, final RunStart start)
    {
        final long deadlineNs = System.nanoTime() + LIMIT_NS;
        JournalSink.Result result = poller.tryBegin(start);
        while (result != JournalSink.Result.TAKEN)
        {
            if (result == JournalSink.Result.BROKEN || System.nanoTime() - deadlineNs > 0)
            {
                throw new IllegalStateException("the archive takes no record");
            }
            invokeArchive.getAsInt();
            result = poller.tryBegin(start);
        }
    }

    /** What has no beginning on the disk has never started: the run before it is the last one, whatever is marked. */
    private void forceBeginning(final OpenRecording recording) throws IOException
    {
        final long deadlineNs = System.nanoTime() + LIMIT_NS;
        while (recording.recordedPosition() < recording.publication().position())
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new IllegalStateException("the archive writes no record");
            }
            invokeArchive.getAsInt();
        }
        FileSync.force(directory.archive().resolve(recording.recordingId() + "-0.rec"));
        directory.forceArchiveEntries();
    }

    /** Takes back what was begun for a relay that did not start; the run before it is the last one again. */
    void discard(final OpenRecording recording)
    {
        try
        {
            archive.discard(recording);
            directory.setBroken(recording.recordingId());
        }
        catch (final IOException | RuntimeException e)
        {
            LOGGER.warn("recording {} of a relay that did not start stays", recording.recordingId(), e);
        }
    }
}
