package io.ringcast.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Lays out records and offers them to a sink, a long text in several parts.
 * Confined to the journal's thread.
 *
 * <p>An offer that is refused is made again with the same record: what was taken of it is not offered twice.
 */
public final class RecordWriter
{
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private static final byte[] NO_BYTES = {};

    private final JournalSink sink;
    private final UnsafeBuffer buffer;
    /** How much of the slot's payload has been taken; -1 before the slot's first part. */
    private int takenBytes = -1;

    /**
     * Creates a writer.
     *
     * @param sink takes the records.
     */
    public RecordWriter(final JournalSink sink)
    {
        this.sink = sink;
        buffer = new UnsafeBuffer(new byte[sink.maxRecordBytes()]);
    }

    /**
     * Offers the record that begins a run.
     *
     * @param start with what the run begins.
     * @return what became of it.
     */
    public JournalSink.Result offer(final RunStart start)
    {
        final byte[] text = start.toText().getBytes(StandardCharsets.UTF_8);
        if (RecordLayout.RUN_TEXT + text.length > buffer.capacity())
        {
            throw new IllegalArgumentException("the settings take " + text.length + " bytes, too much for a record");
        }
        begin(RecordLayout.RUN);
        buffer.putBytes(RecordLayout.RUN_TEXT, text);
        return sink.offer(buffer, 0, RecordLayout.RUN_TEXT + text.length);
    }

    /**
     * Offers a slot.
     *
     * @param slot the slot; its text is borrowed for this call.
     * @return what became of it; when refused, the same slot is to be offered again.
     */
    public JournalSink.Result offer(final SlotRecord slot)
    {
        final byte[] options = slot.connectionOptions == null ? NO_BYTES :
            slot.connectionOptions.exactJson().getBytes(StandardCharsets.UTF_8);
        final int verdictsBytes = slot.verdicts.count() * Integer.BYTES;
        final int readingsBytes = slot.readings.count() * Long.BYTES;
        final int textOffset = options.length + verdictsBytes + readingsBytes;
        final byte[] payload = textOffset == 0 ? slot.text : joined(options, slot, textOffset);
        final int payloadBytes = textOffset + slot.textBytes;
        JournalSink.Result result = JournalSink.Result.TAKEN;
        if (takenBytes < 0)
        {
            final int first = Math.min(payloadBytes, buffer.capacity() - RecordLayout.PAYLOAD);
            begin(RecordLayout.SLOT);
            buffer.putShort(RecordLayout.KIND_CODE, (short)slot.kindCode, ORDER);
            buffer.putInt(RecordLayout.LANE_INDEX, slot.laneIndex, ORDER);
            buffer.putLong(RecordLayout.SEQUENCE, slot.sequence, ORDER);
            buffer.putLong(RecordLayout.NOW_NS, slot.nowNs, ORDER);
            buffer.putLong(RecordLayout.CONNECTION_ID, slot.connectionId, ORDER);
            buffer.putInt(RecordLayout.OUTPUT_CHECK, slot.outputCheck, ORDER);
            buffer.putInt(RecordLayout.PAYLOAD_BYTES, payloadBytes, ORDER);
            buffer.putInt(RecordLayout.OPTIONS_BYTES, options.length, ORDER);
            buffer.putInt(RecordLayout.VERDICTS_BYTES, verdictsBytes, ORDER);
            buffer.putInt(RecordLayout.READINGS_BYTES, readingsBytes, ORDER);
            buffer.putLong(RecordLayout.COMING_NS, slot.comingNs, ORDER);
            buffer.putBytes(RecordLayout.PAYLOAD, payload, 0, first);
            result = sink.offer(buffer, 0, RecordLayout.PAYLOAD + first);
            if (result == JournalSink.Result.TAKEN)
            {
                takenBytes = first;
            }
        }
        while (result == JournalSink.Result.TAKEN && takenBytes < payloadBytes)
        {
            result = offerMore(slot.sequence, payload, payloadBytes);
        }
        if (result == JournalSink.Result.TAKEN)
        {
            takenBytes = -1;
        }
        return result;
    }

    private JournalSink.Result offerMore(final long sequence, final byte[] payload, final int payloadBytes)
    {
        final int part = Math.min(payloadBytes - takenBytes, buffer.capacity() - RecordLayout.MORE_PAYLOAD);
        begin(RecordLayout.MORE);
        buffer.putInt(RecordLayout.PAYLOAD_OFFSET, takenBytes, ORDER);
        buffer.putLong(RecordLayout.SEQUENCE, sequence, ORDER);
        buffer.putBytes(RecordLayout.MORE_PAYLOAD, payload, takenBytes, part);
        final JournalSink.Result result = sink.offer(buffer, 0, RecordLayout.MORE_PAYLOAD + part);
        if (result == JournalSink.Result.TAKEN)
        {
            takenBytes += part;
        }
        return result;
    }

    private static byte[] joined(final byte[] options, final SlotRecord slot, final int textOffset)
    {
        final byte[] payload = Arrays.copyOf(options, textOffset + slot.textBytes);
        final ByteBuffer notes = ByteBuffer.wrap(payload).order(ORDER).position(options.length);
        for (int i = 0; i < slot.verdicts.count(); i++)
        {
            notes.putInt(slot.verdicts.get(i));
        }
        for (int i = 0; i < slot.readings.count(); i++)
        {
            notes.putLong(slot.readings.get(i));
        }
        System.arraycopy(slot.text, 0, payload, textOffset, slot.textBytes);
        return payload;
    }

    /**
     * Offers the record that says that a run was ended in order.
     *
     * @param slots how many slots it had.
     * @return what became of it.
     */
    public JournalSink.Result offerEnd(final long slots)
    {
        begin(RecordLayout.END);
        buffer.putLong(RecordLayout.SEQUENCE, slots, ORDER);
        return sink.offer(buffer, 0, RecordLayout.END_BYTES);
    }

    private void begin(final byte type)
    {
        buffer.putLong(0, 0);
        buffer.putByte(RecordLayout.TYPE, type);
        buffer.putByte(RecordLayout.RECORD_VERSION, RecordLayout.VERSION);
    }
}
