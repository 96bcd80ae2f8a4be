package io.ringcast.transport.journal;

import io.ringcast.journal.CheckpointStart;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Makes records of an image as it is written.
 * Confined to the thread that makes the checkpoint.
 */
final class CheckpointOutput extends OutputStream
{
    /** Takes records. Confined to the thread that makes the checkpoint. */
    interface Records
    {
        /**
         * Takes one; waits until it can.
         *
         * @param record the record, of all of its capacity; the taker's from now on.
         * @throws IOException if none can be taken any more.
         */
        void put(UnsafeBuffer record) throws IOException;
    }

    private final Records records;
    private final CRC32C crc = new CRC32C();
    private final byte[] part = new byte[CheckpointLayout.MAX_PART_BYTES];
    private int partBytes;
    private long imageBytes;

    /**
     * Begins a checkpoint.
     *
     * @param start   with what.
     * @param records takes its records.
     * @throws IOException if none can be taken.
     */
    CheckpointOutput(final CheckpointStart start, final Records records) throws IOException
    {
        this.records = records;
        final byte[] text = start.toText().getBytes(StandardCharsets.UTF_8);
        if (CheckpointLayout.START_TEXT + text.length > CheckpointLayout.MAX_RECORD_BYTES)
        {
            throw new IOException("the settings take " + text.length + " bytes, too much for a record");
        }
        final UnsafeBuffer record = newRecord(CheckpointLayout.START, CheckpointLayout.START_TEXT + text.length);
        record.putBytes(CheckpointLayout.START_TEXT, text);
        records.put(record);
    }

    @Override
    public void write(final int value) throws IOException
    {
        part[partBytes++] = (byte)value;
        if (partBytes == part.length)
        {
            putPart();
        }
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length) throws IOException
    {
        int done = 0;
        while (done < length)
        {
            final int next = Math.min(length - done, part.length - partBytes);
            System.arraycopy(bytes, offset + done, part, partBytes, next);
            partBytes += next;
            done += next;
            if (partBytes == part.length)
            {
                putPart();
            }
        }
    }

    /**
     * Ends the checkpoint: what was written is its image.
     *
     * @throws IOException if the rest can't be taken.
     */
    void end() throws IOException
    {
        if (partBytes > 0)
        {
            putPart();
        }
        final UnsafeBuffer record = newRecord(CheckpointLayout.END, CheckpointLayout.END_BYTES);
        record.putLong(CheckpointLayout.IMAGE_BYTES, imageBytes, CheckpointLayout.ORDER);
        record.putInt(CheckpointLayout.CRC, (int)crc.getValue(), CheckpointLayout.ORDER);
        records.put(record);
    }

    private void putPart() throws IOException
    {
        crc.update(part, 0, partBytes);
        final UnsafeBuffer record = newRecord(CheckpointLayout.PART, CheckpointLayout.PAYLOAD + partBytes);
        record.putLong(CheckpointLayout.IMAGE_BYTES, imageBytes, CheckpointLayout.ORDER);
        record.putBytes(CheckpointLayout.PAYLOAD, part, 0, partBytes);
        imageBytes += partBytes;
        partBytes = 0;
        records.put(record);
    }

    private static UnsafeBuffer newRecord(final byte type, final int lengthBytes)
    {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[lengthBytes]);
        record.putByte(CheckpointLayout.TYPE, type);
        record.putByte(CheckpointLayout.RECORD_VERSION, CheckpointLayout.VERSION);
        return record;
    }
}
