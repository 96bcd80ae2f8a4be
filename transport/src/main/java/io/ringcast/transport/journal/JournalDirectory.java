package io.ringcast.transport.journal;

import io.ringcast.config.ConfigException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The journal's directory, held by one process at a time: the system gives it free however that process ends.
 * Confined to the thread that opens and closes the journal.
 *
 * <pre>
 *   lock       held while the journal is in use
 *   archive/   catalogue and recordings
 *   whole      there unless a journal was broken: then what is recorded is not all there was
 * </pre>
 */
final class JournalDirectory implements AutoCloseable
{
    private final Path dir;
    private final FileChannel lock;

    private JournalDirectory(final Path dir, final FileChannel lock)
    {
        this.dir = dir;
        this.lock = lock;
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
                // Left by a process that was killed; the archive would wait for it to be ten seconds old.
                Files.deleteIfExists(dir.resolve("archive").resolve("archive-mark.dat"));
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
        return EmbeddedArchive.driverDir(dir);
    }

    /** Whether all that there was has been recorded, as far as it reached the journal before the process ended. */
    boolean isWhole()
    {
        return Files.exists(dir.resolve("whole"));
    }

    /** What follows is recorded as a whole. */
    void setWhole() throws IOException
    {
        Files.deleteIfExists(dir.resolve("whole"));
        Files.createFile(dir.resolve("whole"));
    }

    /** A file can be deleted on a disk that is full. */
    void setBroken()
    {
        try
        {
            Files.deleteIfExists(dir.resolve("whole"));
        }
        catch (final IOException e)
        {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close()
    {
        close(lock);
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
