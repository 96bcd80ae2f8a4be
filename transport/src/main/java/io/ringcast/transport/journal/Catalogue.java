package io.ringcast.transport.journal;

import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.codecs.CatalogHeaderDecoder;
import io.aeron.archive.codecs.RecordingDescriptorDecoder;
import io.aeron.archive.codecs.RecordingDescriptorHeaderDecoder;
import io.aeron.archive.codecs.RecordingState;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The archive's catalogue, while no archive runs on it: tells it where the recordings of a process end that was killed.
 * Confined to the thread that opens the journal.
 *
 * <p>The archive would look for that itself, but refuses to start over a frame of which a page is missing, as after a
 * power cut; and it looks at no checksum but the last one's, so that it may take the garbage behind such a page for
 * frames. Here the end is where the first frame begins that is not whole. What is behind it stays in the file, and
 * nobody reads it.
 */
final class Catalogue
{
    /** The name of its file in the archive's directory. */
    static final String FILE = "archive.catalog";
    private static final Logger LOGGER = LoggerFactory.getLogger(Catalogue.class);
    private static final int HEADER_BYTES = CatalogHeaderDecoder.BLOCK_LENGTH;
    private static final int ENTRY_HEADER_BYTES = RecordingDescriptorHeaderDecoder.BLOCK_LENGTH;

    private final JournalDirectory directory;
    private final RecordedFrames frames;

    private Catalogue(final JournalDirectory directory)
    {
        this.directory = directory;
        frames = new RecordedFrames(directory.archive());
    }

    /**
     * Ends the recordings that have no end.
     *
     * @param directory the journal's.
     * @throws IOException if the catalogue can't be read or written.
     */
    static void endAll(final JournalDirectory directory) throws IOException
    {
        final Path file = directory.archive().resolve(FILE);
        if (Files.exists(file))
        {
            try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
            {
                new Catalogue(directory).endAll(channel);
            }
        }
    }

    private void endAll(final FileChannel channel) throws IOException
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[(int)channel.size()]);
        final ByteBuffer bytes = ByteBuffer.wrap(buffer.byteArray());
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0)
        {
            // More of it may follow.
        }
        if (buffer.capacity() < HEADER_BYTES)
        {
            return;
        }
        final int alignment = new CatalogHeaderDecoder().wrap(
            buffer, 0, CatalogHeaderDecoder.BLOCK_LENGTH, CatalogHeaderDecoder.SCHEMA_VERSION).alignment();
        final RecordingDescriptorHeaderDecoder header = new RecordingDescriptorHeaderDecoder();
        int offset = HEADER_BYTES;
        while (Integer.bitCount(alignment) == 1 && offset + ENTRY_HEADER_BYTES <= buffer.capacity())
        {
            header.wrap(buffer, offset, ENTRY_HEADER_BYTES, RecordingDescriptorHeaderDecoder.SCHEMA_VERSION);
            final int lengthBytes = header.length();
            if (lengthBytes < RecordingDescriptorDecoder.BLOCK_LENGTH ||
                lengthBytes > buffer.capacity() - offset - ENTRY_HEADER_BYTES)
            {
                break;
            }
            if (header.state() == RecordingState.VALID)
            {
                end(channel, buffer, offset + ENTRY_HEADER_BYTES);
            }
            offset += BitUtil.align(lengthBytes + ENTRY_HEADER_BYTES, alignment);
        }
        channel.force(false);
    }

    private void end(final FileChannel channel, final UnsafeBuffer buffer, final int offset) throws IOException
    {
        final RecordingDescriptorDecoder entry = new RecordingDescriptorDecoder().wrap(buffer, offset,
            RecordingDescriptorDecoder.BLOCK_LENGTH, RecordingDescriptorDecoder.SCHEMA_VERSION);
        if (entry.stopPosition() != AeronArchive.NULL_POSITION)
        {
            return;
        }
        final StoredRecording recording = new StoredRecording(entry.recordingId(), "", entry.startTimestamp(),
            entry.startPosition(), entry.stopPosition(), entry.termBufferLength(), entry.segmentFileLength(),
            entry.streamId());
        if (recording.termBytes() <= 0 || recording.segmentBytes() < recording.termBytes())
        {
            return;
        }
        final long end = findEnd(recording);
        put(channel, offset + RecordingDescriptorDecoder.stopPositionEncodingOffset(), end);
        put(channel, offset + RecordingDescriptorDecoder.stopTimestampEncodingOffset(), System.currentTimeMillis());
    }

    /** What the disk had for certain is looked at when it is read; here from the last file of it on. */
    private long findEnd(final StoredRecording recording) throws IOException
    {
        final NavigableSet<Long> files = files(recording);
        final long syncedPosition = directory.syncedPosition(recording.recordingId());
        // The first of them may be behind the mark: it is older than the checkpoint for which files were deleted, and
        // the archive was not told before the process ended.
        final long from = Math.max(files.first(),
            Math.min(files.last(), syncedPosition / recording.segmentBytes() * recording.segmentBytes()));
        final long end = frames.read(recording, from, Long.MAX_VALUE, (buffer, at, lengthBytes) ->
        {
            // Only the frames are looked at.
        });
        // Else the run is damaged or broken, and whoever looks for it says so.
        if (end >= syncedPosition && frames.hasMore(recording, end))
        {
            LOGGER.warn("the end of run {} is torn, as a process or a machine leaves it that fails: what was written " +
                "behind its first {} bytes and had not been forced to the disk is left out", recording.recordingId(),
                end);
        }
        return end;
    }

    /** Where the files begin that there are, from the recording's start on; that alone if there are none. */
    private NavigableSet<Long> files(final StoredRecording recording) throws IOException
    {
        final NavigableSet<Long> found = new TreeSet<>();
        final String prefix = recording.recordingId() + "-";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.archive(), prefix + "*.rec"))
        {
            for (final Path file : files)
            {
                final String name = file.getFileName().toString();
                final String position = name.substring(prefix.length(), name.length() - ".rec".length());
                if (position.matches("\\d{1,18}") && Long.parseLong(position) >= recording.startPosition())
                {
                    found.add(Long.parseLong(position));
                }
            }
        }
        if (found.isEmpty())
        {
            found.add(recording.startPosition());
        }
        return found;
    }

    private static void put(final FileChannel channel, final int offset, final long value) throws IOException
    {
        final ByteBuffer bytes =
            ByteBuffer.allocate(Long.BYTES).order(RecordingDescriptorDecoder.BYTE_ORDER).putLong(0, value);
        while (bytes.hasRemaining())
        {
            channel.write(bytes, offset + bytes.position());
        }
    }
}
