package io.ringcast.transport.journal;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import io.aeron.ExclusivePublication;
import io.aeron.RethrowingErrorHandler;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.client.ArchiveException;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.Configuration;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.driver.status.SystemCounterDescriptor;
import io.aeron.exceptions.AeronException;
import org.agrona.CloseHelper;
import org.agrona.concurrent.NoOpLock;
import org.agrona.concurrent.status.CountersReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An Aeron Archive with its media driver and a client, all driven by the thread that calls {@link #invoke()}.
 * Confined to one thread at a time.
 *
 * <p>One thread, because nothing here is urgent: the ring absorbs what is not recorded yet, and on few cores each
 * further thread would take its time from the I/O loops. Since the driver, the archive and the client stop together
 * when that thread stops, none may take another's silence for its death: the timeouts are an hour.
 */
final class EmbeddedArchive implements JournalSpace.Recordings, AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedArchive.class);
    /** The default ids 10 and 20 are best left alone: a stream of one's own on them mixes with control messages. */
    private static final int CONTROL_REQUEST_STREAM = 2_001;
    private static final int CONTROL_RESPONSE_STREAM = 2_002;
    /** Three of them stand in memory for each network. The driver's default is 64 MiB. */
    private static final int TERM_BYTES = 1 << 20;
    private static final int CONTROL_TERM_BYTES = 1 << 16;
    private static final int MTU_BYTES = 32 * 1024;
    private static final long PATIENCE_NS = TimeUnit.HOURS.toNanos(1);
    private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int MAX_PURGE_TURNS = 100;
    private static final int PAGE_BYTES = 4096;
    private static final String OWNER = "unix:uid";
    /** What the buffers take, with some to spare: less than that in memory, and they stand on the disk. */
    private static final long DRIVER_BYTES = 48L << 20;

    private final MediaDriver driver;
    private final Archive archive;
    private final Aeron aeron;
    private final AeronArchive client;
    private final int segmentBytes;

    /**
     * Starts it.
     *
     * @param archiveDir   where recordings and catalogue stand; on a real disk.
     * @param driverDir    where the buffers stand, in memory; emptied.
     * @param segmentBytes how long a file of a new recording is, a power of two.
     */
    EmbeddedArchive(final Path archiveDir, final Path driverDir, final int segmentBytes)
    {
        MediaDriver newDriver = null;
        Archive newArchive = null;
        Aeron newAeron = null;
        AeronArchive newClient = null;
        try
        {
            newDriver = MediaDriver.launch(driverContext(driverDir));
            newAeron = Aeron.connect(aeronContext(driverDir, newDriver));
            newArchive = Archive.launch(archiveContext(archiveDir, newAeron, segmentBytes, newDriver));
            writeWhole(archiveDir.resolve(Catalogue.FILE));
            newClient = AeronArchive.connect(new AeronArchive.Context()
                .aeron(newAeron)
                .ownsAeronClient(false)
                .agentInvoker(newArchive.invoker())
                .controlRequestChannel("aeron:ipc")
                .controlRequestStreamId(CONTROL_REQUEST_STREAM)
                .controlResponseChannel("aeron:ipc")
                .controlResponseStreamId(CONTROL_RESPONSE_STREAM)
                .controlTermBufferLength(CONTROL_TERM_BYTES)
                .messageTimeoutNs(ANSWER_NS)
                .errorHandler(this::onError));
        }
        catch (final RuntimeException | Error e)
        {
            CloseHelper.quietCloseAll(newClient, newArchive, newAeron, newDriver);
            throw e;
        }
        driver = newDriver;
        archive = newArchive;
        aeron = newAeron;
        client = newClient;
        this.segmentBytes = segmentBytes;
    }

    private MediaDriver.Context driverContext(final Path driverDir)
    {
        return new MediaDriver.Context()
            .aeronDirectoryName(driverDir.toString())
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .warnIfDirectoryExists(false)
            .threadingMode(ThreadingMode.INVOKER)
            // All of a buffer is there from its start: one that gets its memory later can find none, and that is a
            // fault of the machine and not an exception. So they are as small as the driver lets them be.
            .termBufferSparseFile(false)
            .counterValuesBufferLength(Configuration.COUNTERS_VALUES_BUFFER_LENGTH_MIN)
            .ipcTermBufferLength(TERM_BYTES)
            .ipcMtuLength(MTU_BYTES)
            .clientLivenessTimeoutNs(PATIENCE_NS)
            .publicationUnblockTimeoutNs(2 * PATIENCE_NS)
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NS))
            .errorHandler(this::onError);
    }

    /** The archive has the same client as this class: one conductor less. */
    private Aeron.Context aeronContext(final Path driverDir, final MediaDriver mediaDriver)
    {
        final Aeron.Context context = new Aeron.Context()
            .aeronDirectoryName(driverDir.toString())
            .useConductorAgentInvoker(true)
            .driverAgentInvoker(mediaDriver.sharedAgentInvoker())
            .clientLock(NoOpLock.INSTANCE)
            .subscriberErrorHandler(RethrowingErrorHandler.INSTANCE)
            .errorHandler(this::onError);
        context.driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NS));
        return context;
    }

    private Archive.Context archiveContext(
        final Path archiveDir, final Aeron client, final int segmentBytes, final MediaDriver mediaDriver)
    {
        return new Archive.Context()
            .aeron(client)
            .ownsAeronClient(false)
            .errorCounter(mediaDriver.context().systemCounters().get(SystemCounterDescriptor.ERRORS))
            .archiveDir(archiveDir.toFile())
            // It is written to when the disk is full, by way of memory that then is not there.
            .markFileDir(new File(client.context().aeronDirectoryName()))
            .threadingMode(ArchiveThreadingMode.INVOKER)
            .mediaDriverAgentInvoker(mediaDriver.sharedAgentInvoker())
            .controlChannelEnabled(false)
            .archiveClientContext(new AeronArchive.Context().controlResponseChannel("aeron:ipc"))
            .localControlChannel("aeron:ipc")
            .localControlStreamId(CONTROL_REQUEST_STREAM)
            .controlTermBufferLength(CONTROL_TERM_BYTES)
            .recordingEventsEnabled(false)
            .replicationChannel("aeron:udp?endpoint=127.0.0.1:0")
            .segmentFileLength(segmentBytes)
            // What is written is safe from the death of the process; FileSync forces it to the disk.
            .fileSyncLevel(0)
            .catalogFileSyncLevel(0)
            // By it is found what was torn or damaged when it is read.
            .recordChecksum(new FragmentChecksum())
            .lowStorageSpaceThreshold(segmentBytes)
            .errorHandler(this::onError);
    }

    /**
     * Has the disk keep a place for all of a file that is written to by way of memory: what finds none later is no
     * exception but a fault of the machine.
     */
    private static void writeWhole(final Path file)
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES);
            for (long at = 0; at < channel.size(); at += page.limit())
            {
                page.clear().limit((int)Math.min(PAGE_BYTES, channel.size() - at));
                readFully(channel, page, at);
                page.flip();
                channel.write(page, at);
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private static void readFully(final FileChannel channel, final ByteBuffer page, final long at) throws IOException
    {
        while (page.hasRemaining())
        {
            if (channel.read(page, at + page.position()) < 0)
            {
                throw new EOFException("the file became shorter");
            }
        }
    }

    /** Lets each part do its next bit of work. */
    int invoke()
    {
        return driver.sharedAgentInvoker().invoke() + archive.invoker().invoke() +
            aeron.conductorAgentInvoker().invoke();
    }

    /**
     * Begins a recording.
     *
     * @param name     how it is found again.
     * @param streamId a stream of its own.
     * @return what writes to it.
     */
    OpenRecording record(final String name, final int streamId)
    {
        final ExclusivePublication publication = client.addRecordedExclusivePublication(
            "aeron:ipc?alias=" + name + "|term-length=" + TERM_BYTES + "|mtu=" + MTU_BYTES, streamId);
        final CountersReader counters = aeron.countersReader();
        final long deadlineNs = System.nanoTime() + ANSWER_NS;
        int counterId = CountersReader.NULL_COUNTER_ID;
        while (counterId == CountersReader.NULL_COUNTER_ID || !publication.isConnected())
        {
            invoke();
            counterId = RecordingPos.findCounterIdBySession(
                counters, publication.sessionId(), client.archiveId());
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new IllegalStateException("the archive did not begin to record");
            }
        }
        return new OpenRecording(
            publication, RecordingPos.getRecordingId(counters, counterId), counters, counterId);
    }

    /** All recordings, oldest first. */
    List<StoredRecording> recordings()
    {
        final List<StoredRecording> found = new ArrayList<>();
        client.listRecordings(0, Integer.MAX_VALUE, (controlSessionId, correlationId, recordingId, startTimestamp,
            stopTimestamp, startPosition, stopPosition, initialTermId, segmentFileLength, termBufferLength, mtuLength,
            sessionId, streamId, strippedChannel, originalChannel, sourceIdentity) ->
            found.add(new StoredRecording(
                recordingId, ChannelUri.parse(originalChannel).get("alias", ""), startTimestamp, startPosition,
                stopPosition, termBufferLength, segmentFileLength, streamId)));
        return found;
    }

    /** A recording that is written to, as far as the archive has written it by now. */
    StoredRecording asStored(final OpenRecording recording, final String name, final long startPosition)
    {
        return new StoredRecording(recording.recordingId(), name, 0, startPosition, recording.recordedPosition(),
            TERM_BYTES, segmentBytes, recording.publication().streamId());
    }

    /** A checkpoint that was given up. */
    StoredRecording asFailed(final OpenRecording recording, final long writtenBytes)
    {
        return new StoredRecording(recording.recordingId(), "", 0, 0, writtenBytes, TERM_BYTES, segmentBytes,
            StoredRecording.CHECKPOINT_STREAM);
    }

    @Override
    public void purge(final long recordingId)
    {
        client.purgeRecording(recordingId);
    }

    @Override
    public void purgeBefore(final long recordingId, final long newStart)
    {
        // The archive looks for each file in a turn of its own, and refuses to be told more of a recording before.
        for (int turn = 0; turn < MAX_PURGE_TURNS; turn++)
        {
            try
            {
                client.purgeSegments(recordingId, newStart);
                return;
            }
            catch (final ArchiveException e)
            {
                LOGGER.debug("recording {} could not be purged yet", recordingId, e);
                invoke();
            }
        }
        client.purgeSegments(recordingId, newStart);
    }

    /**
     * Ends a recording; what was offered and is not written is not in it.
     *
     * @param recording one that is written to.
     */
    void end(final OpenRecording recording)
    {
        client.stopRecording(recording.publication());
        final long deadlineNs = System.nanoTime() + ANSWER_NS;
        while (recording.isActive())
        {
            invoke();
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new IllegalStateException("the archive did not end the recording");
            }
        }
        recording.publication().close();
    }

    /**
     * Ends a recording and deletes it.
     *
     * @param recording one that is written to.
     */
    void discard(final OpenRecording recording)
    {
        end(recording);
        client.purgeRecording(recording.recordingId());
    }

    private void onError(final Throwable error)
    {
        if (error instanceof AeronException event && event.category() == AeronException.Category.WARN)
        {
            LOGGER.debug("the journal's archive: {}", error.getMessage());
            return;
        }
        LOGGER.error("the journal's archive", error);
    }

    /** Whatever one part throws, the others are closed. */
    @Override
    public void close()
    {
        for (final AutoCloseable part : new AutoCloseable[]{client, archive, aeron, driver})
        {
            try
            {
                part.close();
            }
            catch (final Throwable e)
            {
                LOGGER.debug("the journal's archive could not be closed in order", e);
            }
        }
    }

    /**
     * Where buffers are: in memory if the system has such a place, with enough of it left and nobody else's files in
     * the way, else beside the archive.
     */
    static Path driverDir(final Path journalDir)
    {
        final Path memory = memoryDir(journalDir);
        return memory != null && memory.getParent().toFile().getUsableSpace() >= DRIVER_BYTES &&
            (isOwn(memory) || Files.notExists(memory, LinkOption.NOFOLLOW_LINKS)) ?
            memory : journalDir.resolve("driver");
    }

    /** A place of the journal's own in memory, which outlives the process, or null. */
    static Path memoryDir(final Path journalDir)
    {
        final Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ?
            memory.resolve("ringcast-journal-" + Integer.toHexString(journalDir.toString().hashCode())) : null;
    }

    /** Whether a file or directory in memory, where anybody may make some, belongs to the user of this process. */
    static boolean isOwn(final Path path)
    {
        try
        {
            return !Files.isSymbolicLink(path) && Files.getAttribute(path, OWNER, LinkOption.NOFOLLOW_LINKS)
                .equals(Files.getAttribute(Path.of("/proc/self"), OWNER));
        }
        catch (final IOException e)
        {
            return false;
        }
    }
}
