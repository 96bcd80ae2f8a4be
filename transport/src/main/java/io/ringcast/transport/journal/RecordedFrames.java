package io.ringcast.transport.journal;

import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads what the archive has written from its files, up to the first frame that is not as it was written: torn,
 * damaged, or not there. A replay by the archive ends at a damage, too, but does not say where, and what it has sent of
 * the last megabyte is gone with it.
 * Confined to the thread that reads.
 */
final class RecordedFrames
{
    private static final Logger LOGGER = LoggerFactory.getLogger(RecordedFrames.class);
    private static final int FIRST = FrameDescriptor.BEGIN_FRAG_FLAG & 0xFF;
    /** More than the longest record takes with its headers. */
    private static final long FIRST_BYTES = 128 * 1024;
    private static final int LAST = FrameDescriptor.END_FRAG_FLAG & 0xFF;

    /** Takes records. Confined to the thread that reads. */
    @FunctionalInterface
    interface Handler
    {
        /**
         * Takes one.
         *
         * @param buffer      holds it, for this call.
         * @param offset      where it begins.
         * @param lengthBytes how long it is.
         */
        void onRecord(DirectBuffer buffer, int offset, int lengthBytes);
    }

    private final Path archiveDir;
    private final CRC32C crc = new CRC32C();
    private byte[] term = {};
    private final UnsafeBuffer termBuffer = new UnsafeBuffer(term);
    /** What there is of a record in several frames. */
    private byte[] parts = new byte[1 << 16];
    private final UnsafeBuffer partsBuffer = new UnsafeBuffer(parts);
    private int partsBytes;
    private boolean isOpen;
    private long termPosition;
    private long recordPosition;

    RecordedFrames(final Path archiveDir)
    {
        this.archiveDir = archiveDir;
    }

    /**
     * Reads frames.
     *
     * @param recording    which; only its number and its lengths are looked at.
     * @param fromPosition where a frame begins, the first of a record.
     * @param endPosition  no frame that begins there or behind is read.
     * @param handler      takes the records that are whole.
     * @return where the first frame begins that is not whole, or that is not there.
     */
    long read(
        final StoredRecording recording, final long fromPosition, final long endPosition, final Handler handler)
    {
        if (term.length < recording.termBytes())
        {
            term = new byte[recording.termBytes()];
            termBuffer.wrap(term);
        }
        isOpen = false;
        int offset = (int)(fromPosition & (recording.termBytes() - 1));
        termPosition = fromPosition - offset;
        while (termPosition + offset < endPosition)
        {
            final int termBytes = readTerm(recording, termPosition);
            final int endOffset = readFrames(recording, offset, termBytes, endPosition - termPosition, handler);
            if (endOffset < recording.termBytes())
            {
                return termPosition + endOffset;
            }
            termPosition += endOffset;
            offset = 0;
        }
        return termPosition + offset;
    }

    /**
     * Reads the beginning of a recording, at least its first record.
     *
     * @param recording which.
     * @param handler   takes each record.
     * @return true if that was all of it, and none of it is damaged.
     */
    boolean readFirst(final StoredRecording recording, final Handler handler)
    {
        final long endPosition = Math.min(recording.stopPosition(), recording.startPosition() + FIRST_BYTES);
        return read(recording, recording.startPosition(), endPosition, handler) >= recording.stopPosition();
    }

    /** Where the record begins that the handler is given; or, behind a reading that ended inside one, that one. */
    long recordPosition()
    {
        return recordPosition;
    }

    /** Whether the last reading ended inside a record. */
    boolean isInRecord()
    {
        return isOpen;
    }

    /** Whether anything was written behind a position: to its term, or to the file of a later one. */
    boolean hasMore(final StoredRecording recording, final long position)
    {
        if (term.length < recording.termBytes())
        {
            return false;
        }
        final int offset = (int)(position & (recording.termBytes() - 1));
        final int termBytes = readTerm(recording, position - offset);
        for (int i = offset; i < termBytes; i++)
        {
            if (term[i] != 0)
            {
                return true;
            }
        }
        return readTerm(recording, position - offset + recording.termBytes()) > 0 &&
            termBuffer.getInt(0) != 0;
    }

    static Path file(final Path archiveDir, final StoredRecording recording, final long position)
    {
        return archiveDir.resolve(recording.recordingId() + "-" +
            position / recording.segmentBytes() * recording.segmentBytes() + ".rec");
    }

    /** A disk that does not give it has lost it, as one that has no such file. */
    private int readTerm(final StoredRecording recording, final long position)
    {
        final Path file = file(archiveDir, recording, position);
        final ByteBuffer buffer = ByteBuffer.wrap(term, 0, recording.termBytes());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
        {
            long at = position % recording.segmentBytes();
            int bytes = 0;
            while (buffer.hasRemaining() && bytes >= 0)
            {
                bytes = channel.read(buffer, at);
                at += bytes;
            }
        }
        catch (final IOException e)
        {
            LOGGER.debug("{} can't be read", file, e);
        }
        return buffer.position();
    }

    /** Up to which byte the term is whole frames. */
    private int readFrames(
        final StoredRecording recording, final int firstOffset, final int termBytes, final long limitBytes,
        final Handler handler)
    {
        int offset = firstOffset;
        while (offset < limitBytes && offset + DataHeaderFlyweight.HEADER_LENGTH <= termBytes)
        {
            final int frameBytes =
                termBuffer.getInt(offset + DataHeaderFlyweight.FRAME_LENGTH_FIELD_OFFSET, ByteOrder.LITTLE_ENDIAN);
            if (frameBytes < DataHeaderFlyweight.HEADER_LENGTH || frameBytes > recording.termBytes() - offset ||
                offset != termBuffer.getInt(
                offset + DataHeaderFlyweight.TERM_OFFSET_FIELD_OFFSET, ByteOrder.LITTLE_ENDIAN))
            {
                return offset;
            }
            final int alignedBytes = BitUtil.align(frameBytes, FrameDescriptor.FRAME_ALIGNMENT);
            final int type = termBuffer.getShort(
                offset + DataHeaderFlyweight.TYPE_FIELD_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
            final boolean isTaken = type == DataHeaderFlyweight.HDR_TYPE_PAD ?
                offset + alignedBytes == recording.termBytes() :
                type == DataHeaderFlyweight.HDR_TYPE_DATA && offset + alignedBytes <= termBytes &&
                isAsWritten(offset, alignedBytes) && tryTake(offset, frameBytes, handler);
            if (!isTaken)
            {
                return offset;
            }
            offset += alignedBytes;
        }
        return offset;
    }

    /** The archive puts the checksum of a frame where the session's id was. */
    private boolean isAsWritten(final int offset, final int alignedBytes)
    {
        crc.reset();
        crc.update(term, offset + DataHeaderFlyweight.HEADER_LENGTH, alignedBytes - DataHeaderFlyweight.HEADER_LENGTH);
        return (int)crc.getValue() == termBuffer.getInt(
            offset + DataHeaderFlyweight.SESSION_ID_FIELD_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** False if the frame can't be the one behind the last. */
    private boolean tryTake(final int offset, final int frameBytes, final Handler handler)
    {
        final int flags = termBuffer.getByte(offset + DataHeaderFlyweight.FLAGS_FIELD_OFFSET) & 0xFF;
        final int payload = offset + DataHeaderFlyweight.HEADER_LENGTH;
        final int payloadBytes = frameBytes - DataHeaderFlyweight.HEADER_LENGTH;
        final boolean isFirst = (flags & FIRST) != 0;
        final boolean isLast = (flags & LAST) != 0;
        if (isFirst == isOpen)
        {
            return false;
        }
        if (isFirst)
        {
            recordPosition = termPosition + offset;
        }
        if (isFirst && isLast)
        {
            handler.onRecord(termBuffer, payload, payloadBytes);
            return true;
        }
        partsBytes = isFirst ? 0 : partsBytes;
        if (parts.length < partsBytes + payloadBytes)
        {
            parts = Arrays.copyOf(parts, Math.max(2 * parts.length, partsBytes + payloadBytes));
            partsBuffer.wrap(parts);
        }
        System.arraycopy(term, payload, parts, partsBytes, payloadBytes);
        partsBytes += payloadBytes;
        isOpen = !isLast;
        if (isLast)
        {
            handler.onRecord(partsBuffer, 0, partsBytes);
        }
        return true;
    }
}
