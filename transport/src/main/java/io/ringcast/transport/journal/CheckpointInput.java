package io.ringcast.transport.journal;

import io.ringcast.journal.CheckpointStart;
import io.ringcast.journal.JournalFormatException;
import org.agrona.DirectBuffer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Gives the image of a checkpoint back, a term of its recording at a time.
 * Confined to the thread that reads.
 *
 * <p>Whether all of it was there is known at its end only: what was made of it is of no use before.
 */
final class CheckpointInput extends InputStream
{
    private static final int BUFFER_BYTES = 64 * 1024;

    /** Takes the state of a checkpoint. Confined to the thread that reads. */
    @FunctionalInterface
    interface Taker
    {
        /**
         * Takes it over.
         *
         * @param image the state.
         * @throws IOException            if it can't be read.
         * @throws JournalFormatException if it is of no use here.
         */
        void take(InputStream image) throws IOException;
    }

    private final RecordedFrames frames;
    private final StoredRecording recording;
    private final CRC32C crc = new CRC32C();
    private long position;
    /** What was read and not taken yet. */
    private byte[] bytes = {};
    private int takenBytes;
    private int endBytes;
    private long imageBytes;
    private boolean hasEnd;

    private CheckpointInput(final RecordedFrames frames, final StoredRecording recording)
    {
        this.frames = frames;
        this.recording = recording;
        position = recording.startPosition();
    }

    /**
     * Reads all of an image.
     *
     * @param frames    reads the recording.
     * @param recording one of a checkpoint.
     * @param taker     takes it; what it has made of it is of no use if this throws.
     * @return its length in bytes.
     * @throws IOException            if it can't be read.
     * @throws JournalFormatException if it is damaged, or not all of it was taken.
     */
    static long read(final RecordedFrames frames, final StoredRecording recording, final Taker taker)
        throws IOException
    {
        final CheckpointInput image = new CheckpointInput(frames, recording);
        taker.take(new BufferedInputStream(image, BUFFER_BYTES));
        return image.finish();
    }

    @Override
    public int read()
    {
        return isAtEnd() ? -1 : bytes[takenBytes++] & 0xFF;
    }

    @Override
    public int read(final byte[] target, final int offset, final int length)
    {
        if (length == 0)
        {
            return 0;
        }
        if (isAtEnd())
        {
            return -1;
        }
        final int taken = Math.min(length, endBytes - takenBytes);
        System.arraycopy(bytes, takenBytes, target, offset, taken);
        takenBytes += taken;
        return taken;
    }

    /**
     * Sees that all of the image has been there, and all of it was taken.
     *
     * @return its length in bytes.
     * @throws JournalFormatException if not.
     */
    private long finish()
    {
        if (!isAtEnd())
        {
            throw new JournalFormatException("checkpoint " + recording.recordingId() + " with more than its state");
        }
        return imageBytes;
    }

    private boolean isAtEnd()
    {
        while (takenBytes == endBytes && !hasEnd)
        {
            takenBytes = 0;
            endBytes = 0;
            final long endPosition = Math.min(recording.stopPosition(), position + recording.termBytes());
            final long readPosition = frames.read(recording, position, endPosition, this::onRecord);
            if (readPosition < endPosition || readPosition == recording.stopPosition() && !hasEnd)
            {
                throw new JournalFormatException("checkpoint " + recording.recordingId() +
                    ", damaged behind its first " + readPosition + " bytes");
            }
            position = readPosition;
        }
        return takenBytes == endBytes;
    }

    private void onRecord(final DirectBuffer buffer, final int offset, final int lengthBytes)
    {
        final long number = recording.recordingId();
        checkVersion(number, buffer, offset, lengthBytes);
        switch (buffer.getByte(offset + CheckpointLayout.TYPE))
        {
            case CheckpointLayout.START -> check(number, imageBytes == 0 && !hasEnd);
            case CheckpointLayout.PART -> onPart(buffer, offset, lengthBytes);
            case CheckpointLayout.END ->
            {
                check(number, !hasEnd && lengthBytes == CheckpointLayout.END_BYTES &&
                    imageBytes == buffer.getLong(offset + CheckpointLayout.IMAGE_BYTES, CheckpointLayout.ORDER) &&
                    (int)crc.getValue() == buffer.getInt(offset + CheckpointLayout.CRC, CheckpointLayout.ORDER));
                hasEnd = true;
            }
            default -> check(number, false);
        }
    }

    private void onPart(final DirectBuffer buffer, final int offset, final int lengthBytes)
    {
        final int partBytes = lengthBytes - CheckpointLayout.PAYLOAD;
        check(recording.recordingId(), !hasEnd && partBytes > 0 &&
            imageBytes == buffer.getLong(offset + CheckpointLayout.IMAGE_BYTES, CheckpointLayout.ORDER));
        if (bytes.length < endBytes + partBytes)
        {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, endBytes + partBytes));
        }
        buffer.getBytes(offset + CheckpointLayout.PAYLOAD, bytes, endBytes, partBytes);
        crc.update(bytes, endBytes, partBytes);
        endBytes += partBytes;
        imageBytes += partBytes;
    }

    static void checkVersion(final long number, final DirectBuffer buffer, final int offset, final int lengthBytes)
    {
        check(number, lengthBytes >= CheckpointLayout.START_TEXT);
        final byte version = buffer.getByte(offset + CheckpointLayout.RECORD_VERSION);
        if (version != CheckpointLayout.VERSION)
        {
            throw new JournalFormatException("checkpoint " + number + " of version " + version +
                "; this relay reads version " + CheckpointLayout.VERSION);
        }
    }

    static CheckpointStart start(
        final long number, final DirectBuffer buffer, final int offset, final int lengthBytes)
    {
        check(number, buffer.getByte(offset + CheckpointLayout.TYPE) == CheckpointLayout.START);
        final byte[] text = new byte[lengthBytes - CheckpointLayout.START_TEXT];
        buffer.getBytes(offset + CheckpointLayout.START_TEXT, text);
        return CheckpointStart.parse(new String(text, StandardCharsets.UTF_8));
    }

    private static void check(final long number, final boolean isGood)
    {
        if (!isGood)
        {
            throw new JournalFormatException("checkpoint " + number + " with a record out of place");
        }
    }
}
