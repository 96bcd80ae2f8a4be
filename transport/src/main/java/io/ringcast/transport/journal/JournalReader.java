package io.ringcast.transport.journal;

import io.ringcast.config.ConfigException;
import io.ringcast.journal.JournalFormatException;
import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;

import java.io.IOException;
import java.io.InputStream;
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
     * @param checkpoint  the checkpoint that a replay begins with since what was before is gone; null if it begins from
     *                    nothing.
     */
    public record Run(
        long number, String networkName, long startedAtMs, long bytes, String fault, Checkpoint checkpoint)
    {
        /** Whether it can be replayed. */
        public boolean isWhole()
        {
            return fault == null;
        }
    }

    /**
     * The state of the stages somewhere in a run.
     * Immutable.
     *
     * @param number   counts the recordings of a journal.
     * @param run      the number of the run.
     * @param nextSlot the sequence of the first slot that is not in the state.
     */
    public record Checkpoint(long number, long run, long nextSlot)
    {
    }

    /** Takes that with which a replay begins. Confined to the thread that reads. */
    @FunctionalInterface
    public interface Beginning
    {
        /**
         * The replay begins; perhaps once more, since a checkpoint could not be used.
         *
         * @param first with what the first run began that is read.
         * @param image the state that it is read behind, or null: from nothing.
         * @throws IOException            if the disk does not give the state.
         * @throws JournalFormatException if this relay can't read it.
         */
        void begin(RunStart first, InputStream image) throws IOException;
    }

    private final JournalDirectory directory;
    private final EmbeddedArchive archive;
    private final RecordedFrames frames;
    private final List<StoredRecording> recordings;
    private final RunChains chains;

    private JournalReader(final JournalDirectory directory, final EmbeddedArchive archive)
    {
        this.directory = directory;
        this.archive = archive;
        recordings = archive.recordings();
        frames = new RecordedFrames(directory.archive());
        chains = new RunChains(
            new RunStarts(frames), recordings, Checkpoints.of(frames, directory, recordings).found());
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
        EmbeddedArchive archive = null;
        try
        {
            Catalogue.endAll(directory);
            archive = new EmbeddedArchive(directory.archive(), directory.driver(), ANY_SEGMENT_BYTES);
            return new JournalReader(directory, archive);
        }
        catch (final IOException e)
        {
            directory.close();
            throw new UncheckedIOException(e);
        }
        catch (final RuntimeException | Error e)
        {
            if (archive != null)
            {
                archive.close();
            }
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
            if (!recording.isCheckpoint())
            {
                runs.add(run(recording));
            }
        }
        return runs;
    }

    private Run run(final StoredRecording recording)
    {
        String fault = null;
        Checkpoint checkpoint = null;
        try
        {
            final StoredCheckpoint found = chains.to(recording.recordingId()).get(0).checkpoint();
            checkpoint = found == null ? null :
                new Checkpoint(found.number(), found.start().run(), found.start().nextSlot());
        }
        catch (final JournalFormatException e)
        {
            fault = e.getMessage();
        }
        return new Run(recording.recordingId(), recording.name(), recording.startedAtMs(),
            recording.stopPosition() - recording.startPosition(), fault, checkpoint);
    }

    /**
     * Reads a run to its end, behind those that it continues: from nothing, or if that is gone, from the oldest
     * checkpoint on.
     *
     * @param run       one of {@link #runs()} that is whole.
     * @param beginning told first of all with what the replay begins.
     * @param before    takes the slots of the runs before it.
     * @param listener  takes what was recorded of the run.
     * @return -1, or up to which byte of the run it could be read, since the rest is damaged or gone that the disk had
     *         for certain.
     * @throws JournalFormatException if it can't be read; says why.
     */
    public long read(
        final Run run, final Beginning beginning, final Consumer<SlotRecord> before,
        final RecordReader.Listener listener)
    {
        final RunChain way = begin(chains.to(run.number()), beginning);
        final long endPosition = way.read(frames, before, listener).endPosition();
        return endPosition < Math.max(way.lastRecording().stopPosition(), knownPosition(run.number())) ?
            endPosition : -1;
    }

    /** With the longest way of which the checkpoint can be used. */
    private RunChain begin(final List<RunChain> ways, final Beginning beginning)
    {
        JournalFormatException fault = null;
        for (final RunChain way : ways)
        {
            try
            {
                begin(way, beginning);
                return way;
            }
            catch (final JournalFormatException e)
            {
                fault = e;
            }
            catch (final IOException e)
            {
                throw new UncheckedIOException(e);
            }
        }
        throw fault;
    }

    private void begin(final RunChain way, final Beginning beginning) throws IOException
    {
        if (way.checkpoint() == null)
        {
            beginning.begin(way.first(), null);
            return;
        }
        CheckpointInput.read(
            frames, way.checkpoint().recording(), image -> beginning.begin(way.first(), image));
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
