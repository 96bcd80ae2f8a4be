package io.ringcast.transport.journal;

import io.ringcast.config.ConfigException;
import io.ringcast.journal.JournalFormatException;
import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;

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
     * @param isWhole     whether its beginning is there, and those of the runs that it continues: without them it can't
     *                    be replayed.
     */
    public record Run(long number, String networkName, long startedAtMs, long bytes, boolean isWhole)
    {
    }

    private final JournalDirectory directory;
    private final EmbeddedArchive archive;
    private final List<StoredRecording> recordings;

    private JournalReader(final JournalDirectory directory, final EmbeddedArchive archive)
    {
        this.directory = directory;
        this.archive = archive;
        recordings = archive.recordings();
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
            return new JournalReader(
                directory, new EmbeddedArchive(directory.archive(), directory.driver(), ANY_SEGMENT_BYTES));
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
                RunChain.find(archive, recordings, recording.recordingId()) != null));
        }
        return runs;
    }

    /**
     * Reads a run to its end, behind those that it continues.
     *
     * @param run      one of {@link #runs()} that is whole.
     * @param first    told first of all, with what the first of these runs began.
     * @param before   takes the slots of the runs before it.
     * @param listener takes what was recorded of the run.
     */
    public void read(
        final Run run, final Consumer<RunStart> first, final Consumer<SlotRecord> before,
        final RecordReader.Listener listener)
    {
        final RunChain chain = RunChain.find(archive, recordings, run.number());
        if (chain == null)
        {
            throw new JournalFormatException("no beginning of run " + run.number());
        }
        first.accept(chain.first());
        chain.read(archive, before, listener);
    }

    @Override
    public void close()
    {
        archive.close();
        directory.close();
    }
}
