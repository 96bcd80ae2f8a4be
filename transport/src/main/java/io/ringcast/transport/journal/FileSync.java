package io.ringcast.transport.journal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Forces what was recorded to the disk, at intervals.
 * A thread of its own: a disk may take its time, and the recorder must not.
 */
final class FileSync implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(FileSync.class);

    /** A recording that grows. */
    private static final class Growing
    {
        final long recordingId;
        final LongSupplier recordedPosition;
        long syncedPosition;

        Growing(final long recordingId, final LongSupplier recordedPosition)
        {
            this.recordingId = recordingId;
            this.recordedPosition = recordedPosition;
        }
    }

    private final Path archiveDir;
    private final int segmentBytes;
    private final long intervalMs;
    private final List<Growing> recordings = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "ringcast-journal-sync");
    private volatile boolean hasFailed;

    FileSync(final Path archiveDir, final int segmentBytes, final long intervalMs)
    {
        this.archiveDir = archiveDir;
        this.segmentBytes = segmentBytes;
        this.intervalMs = intervalMs;
    }

    /** Adds a recording; before the start. */
    void add(final OpenRecording recording)
    {
        recordings.add(new Growing(recording.recordingId(), recording::recordedPosition));
    }

    void start()
    {
        thread.setDaemon(true);
        thread.start();
    }

    /** True once the disk has refused; what was written before may not be on it. */
    boolean hasFailed()
    {
        return hasFailed;
    }

    @Override
    public void close()
    {
        stop.countDown();
        try
        {
            thread.join();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void run()
    {
        try
        {
            boolean isStopping = false;
            while (!isStopping)
            {
                isStopping = stop.await(intervalMs, TimeUnit.MILLISECONDS);
                sync();
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        catch (final IOException | RuntimeException e)
        {
            hasFailed = true;
            LOGGER.error("the journal could not be forced to the disk", e);
        }
    }

    private void sync() throws IOException
    {
        for (final Growing recording : recordings)
        {
            final long position = recording.recordedPosition.getAsLong();
            if (position > recording.syncedPosition)
            {
                final long first = recording.syncedPosition / segmentBytes * segmentBytes;
                for (long start = first; start < position; start += segmentBytes)
                {
                    force(archiveDir.resolve(recording.recordingId + "-" + start + ".rec"));
                }
                recording.syncedPosition = position;
            }
        }
        force(archiveDir.resolve("archive.catalog"));
    }

    /** Forces all that was written to the file, by whichever descriptor; one that was purged meanwhile is no matter. */
    private static void force(final Path file) throws IOException
    {
        if (Files.exists(file))
        {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
            {
                channel.force(false);
            }
        }
    }
}
