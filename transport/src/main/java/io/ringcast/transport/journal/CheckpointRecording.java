package io.ringcast.transport.journal;

import io.aeron.Publication;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The recording of a checkpoint that is made: the thread that makes it puts records in, the journal's thread hands a
 * few at a time on to the archive, so that what the ring brings is not pushed back; and none into a file that there is
 * no room for yet.
 */
final class CheckpointRecording implements CheckpointOutput.Records
{
    /** What waits for the journal's thread: about a MiB. */
    private static final int WAITING_RECORDS = 32;
    /** About 60 MiB a second. */
    private static final long PACE_NS = TimeUnit.MICROSECONDS.toNanos(500);
    /** More than the longest record takes with its headers. */
    private static final long RECORD_BYTES = 2L * CheckpointLayout.MAX_RECORD_BYTES;

    private final OpenRecording recording;
    private final BlockingQueue<UnsafeBuffer> records = new ArrayBlockingQueue<>(WAITING_RECORDS);
    private volatile long offeredPosition;
    private volatile String fault;
    /** On the journal's thread, as the next ones: behind its end, when the archive's counter may be another's. */
    private boolean hasEnded;
    private long nextNs;
    private long allowedBytes;

    CheckpointRecording(final OpenRecording recording, final long nowNs)
    {
        this.recording = recording;
        nextNs = nowNs;
    }

    OpenRecording recording()
    {
        return recording;
    }

    /** How much was handed on. Any thread. */
    long offeredBytes()
    {
        return offeredPosition;
    }

    /** How much it may take of the disk; on the journal's thread. */
    long allowedBytes()
    {
        return allowedBytes;
    }

    /** Whether a record waits for more to be allowed; on the journal's thread. */
    boolean isToBeAllowed()
    {
        return fault == null && !records.isEmpty() && offeredPosition + RECORD_BYTES > allowedBytes;
    }

    /** There is room for one more file; on the journal's thread. */
    void allow(final long fileBytes)
    {
        allowedBytes += fileBytes;
    }

    /** The archive is about to end it; on the journal's thread. */
    void onEnd()
    {
        hasEnded = true;
    }

    /** Whether the archive has yet to end it; on the journal's thread. */
    boolean isOpen()
    {
        return !hasEnded && recording.isActive();
    }

    /** Has the checkpoint given up. Any thread; the first reason counts. */
    void fail(final String why)
    {
        if (fault == null)
        {
            fault = why;
        }
    }

    /** Why the checkpoint is given up, or null. Any thread. */
    String fault()
    {
        return fault;
    }

    @Override
    public void put(final UnsafeBuffer record) throws IOException
    {
        try
        {
            boolean isTaken = false;
            while (!isTaken)
            {
                checkFault();
                isTaken = records.offer(record, 1, TimeUnit.MILLISECONDS);
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** Waits until all that was put in is written to the archive's files; on the thread that makes the checkpoint. */
    void awaitWritten() throws IOException
    {
        try
        {
            while (!records.isEmpty() || recording.recordedPosition() < offeredPosition)
            {
                checkFault();
                Thread.sleep(1);
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** Goes on unless the checkpoint is given up; on the thread that makes it. */
    void checkFault() throws IOException
    {
        if (fault != null)
        {
            throw new IOException(fault);
        }
    }

    /**
     * Hands the next record on if its time has come; on the journal's thread.
     *
     * @param nowNs the time.
     * @return how many were handed on.
     */
    int poll(final long nowNs)
    {
        if (fault == null && !hasEnded && !recording.isActive())
        {
            // Also when none waits: else who waits until the last one is written would do so for good.
            fail("its recording has ended");
        }
        final UnsafeBuffer next =
            nowNs - nextNs < 0 || fault != null || isToBeAllowed() ? null : records.peek();
        if (next == null)
        {
            return 0;
        }
        final long position = recording.publication().offer(next, 0, next.capacity());
        if (position > 0)
        {
            // First, so that who finds none waiting knows of it.
            offeredPosition = position;
            records.remove();
            nextNs = nowNs + PACE_NS;
            return 1;
        }
        if (position != Publication.BACK_PRESSURED && position != Publication.ADMIN_ACTION)
        {
            fail("its recording has ended");
        }
        return 0;
    }
}
