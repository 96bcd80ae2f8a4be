package io.ringcast.transport.journal;

import io.ringcast.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/**
 * The journal's directory, held by one process at a time: the system gives it free however that process ends.
 * Any thread, except opening and closing it.
 *
 * <pre>
 *   lock       held while the journal is in use
 *   archive/   catalogue and recordings
 *   whole-7    there unless the journal was broken in run 7: then what is recorded of it is not all there was.
 *              Holds up to where the disk has the run for certain, twice, the second time with all bits turned.
 *              Of a checkpoint it is made last, and holds where that ends: without it, it is none
 * </pre>
 *
 * <p>That a run is broken is said by what is not there, because a file can be deleted on a disk that is full. A disk
 * that takes nothing at all keeps the file; for that there is a note in memory, which outlives the process. Anybody may
 * make files there: only what belongs to the user of this process is a note.
 */
final class JournalDirectory implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(JournalDirectory.class);
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final int MARK_BYTES = 2 * Long.BYTES;

    private final Path dir;
    private final FileChannel lock;
    private final Path driverDir;
    /** Where there is a file for each run whose break the disk has not taken, and how their names begin; or null. */
    private final Path notes;

    private JournalDirectory(final Path dir, final FileChannel lock)
    {
        this.dir = dir;
        this.lock = lock;
        driverDir = EmbeddedArchive.driverDir(dir);
        final Path memory = EmbeddedArchive.memoryDir(dir);
        notes = memory == null ? null : memory.resolveSibling(memory.getFileName() + "-broken-");
    }

    /**
     * Takes the directory.
     *
     * @param dir      the directory.
     * @param isToMake whether it is made if it is not there.
     * @return the directory, held.
     * @throws ConfigException if it can't be used.
     */
    static JournalDirectory open(final Path dir, final boolean isToMake)
    {
        if (!isToMake && !Files.isDirectory(dir.resolve("archive")))
        {
            throw refusal(dir, "holds no journal");
        }
        FileChannel lock = null;
        try
        {
            Files.createDirectories(dir.resolve("archive"));
            lock = FileChannel.open(dir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock.tryLock() != null)
            {
                return new JournalDirectory(dir, lock);
            }
        }
        catch (final OverlappingFileLockException e)
        {
            // Another relay of this process: the same refusal.
        }
        catch (final IOException e)
        {
            throw refusal(dir, "can't be written to");
        }
        close(lock);
        throw refusal(dir, "in use by another process");
    }

    Path archive()
    {
        return dir.resolve("archive");
    }

    Path driver()
    {
        return driverDir;
    }

    /** Whether all that there was of a run has been recorded, as far as it reached the journal before its end. */
    boolean isWhole(final long recordingId)
    {
        return Files.exists(mark(recordingId)) && !isNoted(recordingId);
    }

    /** What follows in a run is recorded as a whole. On the disk when it returns. */
    void setWhole(final long recordingId) throws IOException
    {
        setWhole(recordingId, 0);
    }

    /**
     * Has the disk know that a recording is whole.
     *
     * @param recordingId    the run's, of which more follows, or a checkpoint's.
     * @param syncedPosition up to where the disk has it for certain: of a checkpoint all of it, since what has not all
     *                       that its mark says is none.
     */
    void setWhole(final long recordingId, final long syncedPosition) throws IOException
    {
        final Path mark = mark(recordingId);
        Files.deleteIfExists(mark);
        if (isNoted(recordingId))
        {
            // Of another journal that was here.
            Files.delete(note(recordingId));
        }
        try (FileChannel channel = FileChannel.open(mark, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
        {
            writeMark(channel, syncedPosition);
        }
        forceEntries();
    }

    /**
     * Has the disk know up to where it has a run for certain. Nothing if it is broken.
     *
     * @param recordingId the run's.
     * @param position    up to where it was forced to the disk.
     */
    void setSynced(final long recordingId, final long position) throws IOException
    {
        // In place: that takes no space, and one sector is written whole or not at all.
        try (FileChannel channel = FileChannel.open(mark(recordingId), StandardOpenOption.WRITE))
        {
            writeMark(channel, position);
        }
        catch (final NoSuchFileException e)
        {
            LOGGER.debug("run {} is broken", recordingId);
        }
    }

    /**
     * Up to where the disk had a run for certain: what is not there up to it is lost.
     *
     * @param recordingId the run's.
     * @return the position; the highest there is if nobody knows it, since the run is broken or the mark is damaged.
     */
    long syncedPosition(final long recordingId)
    {
        final ByteBuffer mark = ByteBuffer.allocate(MARK_BYTES);
        try (FileChannel channel = FileChannel.open(mark(recordingId), StandardOpenOption.READ))
        {
            while (mark.hasRemaining() && channel.read(mark) >= 0)
            {
                // The rest of it follows.
            }
        }
        catch (final IOException e)
        {
            return Long.MAX_VALUE;
        }
        if (mark.position() == 0)
        {
            // No record was written before it was filled.
            return 0;
        }
        return mark.getLong(0) == ~mark.getLong(Long.BYTES) ? mark.getLong(0) : Long.MAX_VALUE;
    }

    private static void writeMark(final FileChannel channel, final long position) throws IOException
    {
        final ByteBuffer mark = ByteBuffer.allocate(MARK_BYTES).putLong(position).putLong(~position).flip();
        while (mark.hasRemaining())
        {
            channel.write(mark, mark.position());
        }
        channel.force(true);
    }

    /** Notes in memory that a run is broken. Does not wait for the disk, and never throws. */
    void noteBroken(final long recordingId)
    {
        if (notes != null)
        {
            try
            {
                Files.newByteChannel(note(recordingId), StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS).close();
                if (!isNoted(recordingId))
                {
                    throw new IOException("a file of another user is in its place");
                }
            }
            catch (final IOException | RuntimeException e)
            {
                LOGGER.error("that run {} is broken could not be noted in {}", recordingId, note(recordingId), e);
            }
        }
    }

    /** Has the disk know that a run is broken, or is no more. */
    void setBroken(final long recordingId) throws IOException
    {
        if (Files.deleteIfExists(mark(recordingId)))
        {
            forceEntries();
        }
        if (isNoted(recordingId))
        {
            Files.delete(note(recordingId));
        }
    }

    /** Has the disk know what it could not be told when it happened. */
    void writeNotes() throws IOException
    {
        if (notes != null)
        {
            final String prefix = notes.getFileName().toString();
            try (DirectoryStream<Path> found = Files.newDirectoryStream(notes.getParent(), prefix + "*"))
            {
                for (final Path note : found)
                {
                    final String number = note.getFileName().toString().substring(prefix.length());
                    if (NUMBER.matcher(number).matches() && EmbeddedArchive.isOwn(note))
                    {
                        setBroken(Long.parseLong(number));
                    }
                    else
                    {
                        LOGGER.warn("{} is no note of this journal and is left alone", note);
                    }
                }
            }
        }
    }

    @Override
    public void close()
    {
        close(lock);
    }

    private Path mark(final long recordingId)
    {
        return dir.resolve("whole-" + recordingId);
    }

    private boolean isNoted(final long recordingId)
    {
        return notes != null && EmbeddedArchive.isOwn(note(recordingId));
    }

    private Path note(final long recordingId)
    {
        return notes.resolveSibling(notes.getFileName().toString() + recordingId);
    }

    /** What was forced to the disk is of no use without its name. */
    void forceArchiveEntries() throws IOException
    {
        forceEntries(archive());
    }

    /** A file may be made or gone in the directory and come back with the machine's failure. */
    private void forceEntries() throws IOException
    {
        forceEntries(dir);
    }

    private static void forceEntries(final Path directory) throws IOException
    {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ))
        {
            entries.force(true);
        }
    }

    private static ConfigException refusal(final Path dir, final String why)
    {
        return new ConfigException("journal.dir", dir, why, "a directory of its own on a real disk");
    }

    private static void close(final FileChannel channel)
    {
        try
        {
            if (channel != null)
            {
                channel.close();
            }
        }
        catch (final IOException e)
        {
            throw new IllegalStateException(e);
        }
    }
}
