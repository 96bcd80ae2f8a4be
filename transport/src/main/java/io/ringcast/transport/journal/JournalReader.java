package io.ringcast.transport.journal;

import io.ringcast.config.ConfigException;
import io.ringcast.journal.JournalFormatException;
import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads a journal that no relay writes to.
 * Confined to the thread that opens it.
 */
public final class JournalReader implements AutoCloseable
{
    private static final int ANY_SEGMENT_BYTES = 1 << 20;

    /**
     * What was recorded of a network from one start of the relay on.
     * Immutable.
     *
     * @param number      counts the recordings of a journal; later ones are higher.
     * @param networkName the network.
     * @param startedAtMs when it began, in milliseconds since 1970.
     * @param bytes       how much there is.
     * @param fault       why it can't be replayed, such as that the beginning of a run that it continues is gone; null
     *                    if it can.
     */
    public record Run(long number, String networkName, long startedAtMs, long bytes, String fault)
    {
        /** Whether it can be replayed. */
        public boolean isWhole()
        {
            return fault == null;
        }
    }

    private final JournalDirectory directory;
    private final EmbeddedArchive archive;
    private final List<StoredRecording> recordings;
    private final RunStarts starts;

    private JournalReader(final JournalDirectory directory, final EmbeddedArchive archive)
    {
        this.directory = directory;
        this.archive = archive;
        recordings = archive.recordings();
        starts = new RunStarts(archive);
    }

    /**
     * Opens a journal.
     *
     * @param dir its directory.
     * @return the journal.
     * @throws ConfigException if there is none, or a relay is writing to it.
     */
    public static JournalReader open(final Path dir)
    {
        final JournalDirectory directory = JournalDirectory.open(dir, false);
        try
        {
            Catalogue.endAll(directory);
            return new JournalReader(
                directory, new EmbeddedArchive(directory.archive(), directory.driver(), ANY_SEGMENT_BYTES));
        }
        catch (final IOException e)
        {
            directory.close();
            throw new UncheckedIOException(e);
        }
        catch (final RuntimeException e)
        {
            directory.close();
            throw e;
        }
    }

    /**
     * Lists what there is.
     *
     * @return the runs, oldest first.
     */
    public List<Run> runs()
    {
        final List<Run> runs = new ArrayList<>();
        for (final StoredRecording recording : recordings)
        {
            runs.add(new Run(recording.recordingId(), recording.name(), recording.startedAtMs(),
                recording.stopPosition() - recording.startPosition(),
                fault(recording)));
        }
        return runs;
    }

    private String fault(final StoredRecording recording)
    {
        try
        {
            RunChain.find(starts, recordings, recording.recordingId());
            return null;
        }
        catch (final JournalFormatException e)
        {
            return e.getMessage();
        }
    }

    /**
     * Reads a run to its end, behind those that it continues.
     *
     * @param run      one of {@link #runs()} that is whole.
     * @param first    told first of all, with what the first of these runs began.
     * @param before   takes the slots of the runs before it.
     * @param listener takes what was recorded of the run.
     * @return -1, or up to which byte of the run it could be read, since the rest is damaged or gone that the disk had
     *         for certain.
     * @throws JournalFormatException if it can't be read; says why.
     */
    public long read(
        final Run run, final Consumer<RunStart> first, final Consumer<SlotRecord> before,
        final RecordReader.Listener listener)
    {
        final RunChain chain = RunChain.find(starts, recordings, run.number());
        first.accept(chain.first());
        final long endPosition = chain.read(archive, before, listener);
        return endPosition < Math.max(chain.lastRecording().stopPosition(), knownPosition(run.number())) ?
            endPosition : -1;
    }

    /** What the disk had for certain of a run; 0 if that is not known. */
    private long knownPosition(final long number)
    {
        final long syncedPosition = directory.syncedPosition(number);
        return syncedPosition == Long.MAX_VALUE ? 0 : syncedPosition;
    }

    @Override
    public void close()
    {
        archive.close();
        directory.close();
    }
}
