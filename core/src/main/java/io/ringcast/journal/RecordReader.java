package io.ringcast.journal;

import io.ringcast.session.OptionsParser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/**
 * Puts records together again: a slot is handed on once all of it is there, and never unless it follows the last one.
 * Confined to the thread that reads a journal.
 */
public final class RecordReader
{
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /** Takes what was read. Confined to the thread that reads a journal. */
    public interface Listener
    {
        /**
         * A run begins.
         *
         * @param start with what.
         */
        void onRun(RunStart start);

        /**
         * A slot follows.
         *
         * @param slot the slot; reused for the next one.
         */
        void onSlot(SlotRecord slot);

        /**
         * The run was ended in order.
         *
         * @param slots how many slots it had.
         */
        void onEnd(long slots);
    }

    private final Listener listener;
    private final SlotRecord slot = new SlotRecord();
    private final OptionsParser options = new OptionsParser();
    private boolean hasRun;
    private boolean hasEnded;
    private boolean isOpen;
    private int payloadBytes;
    private int optionsBytes;
    private int verdictsBytes;
    private int readingsBytes;
    private int readBytes;
    private long nextSequence;

    /**
     * Creates a reader.
     *
     * @param listener takes what was read.
     */
    public RecordReader(final Listener listener)
    {
        this.listener = listener;
    }

    /**
     * Creates a reader that begins in the middle of a run, where a slot begins.
     *
     * @param listener  takes what was read; it is told of no beginning.
     * @param firstSlot the sequence of the first slot that it is given.
     */
    public RecordReader(final Listener listener, final long firstSlot)
    {
        this.listener = listener;
        hasRun = true;
        nextSequence = firstSlot;
    }

    /**
     * Tells whether more records of the last slot have to follow.
     *
     * @return true inside a slot; false where one ends and the next begins.
     */
    public boolean isInSlot()
    {
        return isOpen;
    }

    /**
     * Tells which slot comes next.
     *
     * @return the sequence of the first that was not handed on.
     */
    public long nextSlot()
    {
        return nextSequence;
    }

    /**
     * Takes one record.
     *
     * @param buffer      holds it.
     * @param offset      where it begins.
     * @param lengthBytes how long it is.
     * @throws JournalFormatException if it is not what a journal may hold here.
     */
    public void onRecord(final DirectBuffer buffer, final int offset, final int lengthBytes)
    {
        check(lengthBytes >= RecordLayout.RUN_TEXT, "a record of " + lengthBytes + " bytes");
        final byte version = buffer.getByte(offset + RecordLayout.RECORD_VERSION);
        check(version == RecordLayout.VERSION,
            "records of version " + version + "; this relay reads version " + RecordLayout.VERSION);
        check(!hasEnded, "a record behind the end of the run");
        switch (buffer.getByte(offset + RecordLayout.TYPE))
        {
            case RecordLayout.RUN -> onRun(buffer, offset, lengthBytes);
            case RecordLayout.SLOT -> onSlot(buffer, offset, lengthBytes);
            case RecordLayout.MORE -> onMore(buffer, offset, lengthBytes);
            case RecordLayout.END -> onEnd(buffer, offset, lengthBytes);
            default -> throw new JournalFormatException(
                "a record of an unknown type " + buffer.getByte(offset + RecordLayout.TYPE));
        }
    }

    private void onRun(final DirectBuffer buffer, final int offset, final int lengthBytes)
    {
        check(!hasRun, "a second beginning");
        hasRun = true;
        final byte[] text = new byte[lengthBytes - RecordLayout.RUN_TEXT];
        buffer.getBytes(offset + RecordLayout.RUN_TEXT, text);
        final RunStart start = RunStart.parse(new String(text, StandardCharsets.UTF_8));
        nextSequence = start.firstSlot();
        listener.onRun(start);
    }

    private void onSlot(final DirectBuffer buffer, final int offset, final int lengthBytes)
    {
        check(hasRun, "a slot before the beginning of its run");
        check(!isOpen, "a slot inside another");
        check(lengthBytes >= RecordLayout.PAYLOAD, "a slot of " + lengthBytes + " bytes");
        slot.sequence = buffer.getLong(offset + RecordLayout.SEQUENCE, ORDER);
        check(slot.sequence == nextSequence, "slot " + slot.sequence + " where " + nextSequence + " should be");
        slot.kindCode = buffer.getShort(offset + RecordLayout.KIND_CODE, ORDER) & 0xFFFF;
        slot.laneIndex = buffer.getInt(offset + RecordLayout.LANE_INDEX, ORDER);
        slot.nowNs = buffer.getLong(offset + RecordLayout.NOW_NS, ORDER);
        slot.connectionId = buffer.getLong(offset + RecordLayout.CONNECTION_ID, ORDER);
        slot.outputCheck = buffer.getInt(offset + RecordLayout.OUTPUT_CHECK, ORDER);
        payloadBytes = buffer.getInt(offset + RecordLayout.PAYLOAD_BYTES, ORDER);
        optionsBytes = buffer.getInt(offset + RecordLayout.OPTIONS_BYTES, ORDER);
        verdictsBytes = buffer.getInt(offset + RecordLayout.VERDICTS_BYTES, ORDER);
        readingsBytes = buffer.getInt(offset + RecordLayout.READINGS_BYTES, ORDER);
        slot.comingNs = buffer.getLong(offset + RecordLayout.COMING_NS, ORDER);
        readBytes = lengthBytes - RecordLayout.PAYLOAD;
        check(payloadBytes >= readBytes, "a slot with more text than it says");
        check(optionsBytes >= 0 && verdictsBytes >= 0 && verdictsBytes % Integer.BYTES == 0 &&
            readingsBytes >= 0 && readingsBytes % Long.BYTES == 0 &&
            (long)optionsBytes + verdictsBytes + readingsBytes <= payloadBytes, "a slot with more options than text");
        slot.ensureText(payloadBytes);
        buffer.getBytes(offset + RecordLayout.PAYLOAD, slot.text, 0, readBytes);
        isOpen = true;
        handOn();
    }

    private void onMore(final DirectBuffer buffer, final int offset, final int lengthBytes)
    {
        final int part = lengthBytes - RecordLayout.MORE_PAYLOAD;
        check(isOpen && part > 0 && part <= payloadBytes - readBytes &&
            buffer.getLong(offset + RecordLayout.SEQUENCE, ORDER) == slot.sequence &&
            buffer.getInt(offset + RecordLayout.PAYLOAD_OFFSET, ORDER) == readBytes, "a part that does not fit");
        buffer.getBytes(offset + RecordLayout.MORE_PAYLOAD, slot.text, readBytes, part);
        readBytes += part;
        handOn();
    }

    private void onEnd(final DirectBuffer buffer, final int offset, final int lengthBytes)
    {
        check(hasRun && !isOpen && lengthBytes == RecordLayout.END_BYTES, "an end out of place");
        final long slots = buffer.getLong(offset + RecordLayout.SEQUENCE, ORDER);
        check(slots == nextSequence, "an end behind " + nextSequence + " slots that names " + slots);
        hasEnded = true;
        listener.onEnd(slots);
    }

    private void handOn()
    {
        if (readBytes == payloadBytes)
        {
            isOpen = false;
            takeOptions();
            nextSequence++;
            listener.onSlot(slot);
        }
    }

    private void takeOptions()
    {
        slot.connectionOptions = null;
        slot.verdicts.clear();
        slot.readings.clear();
        final int readingsOffset = optionsBytes + verdictsBytes;
        final int textOffset = readingsOffset + readingsBytes;
        slot.textBytes = payloadBytes - textOffset;
        final ByteBuffer notes = ByteBuffer.wrap(slot.text).order(ORDER);
        for (int at = optionsBytes; at < readingsOffset; at += Integer.BYTES)
        {
            slot.verdicts.addNote(notes.getInt(at));
        }
        for (int at = readingsOffset; at < textOffset; at += Long.BYTES)
        {
            slot.readings.add(notes.getLong(at));
        }
        if (optionsBytes > 0)
        {
            final OptionsParser.Parsed parsed =
                options.readJson(new String(slot.text, 0, optionsBytes, StandardCharsets.UTF_8));
            check(parsed.fault() == null, "options that this relay does not know: " + parsed.fault());
            slot.connectionOptions = parsed.options();
        }
        if (textOffset > 0)
        {
            System.arraycopy(slot.text, textOffset, slot.text, 0, slot.textBytes);
        }
    }

    private static void check(final boolean isGood, final String complaint)
    {
        if (!isGood)
        {
            throw new JournalFormatException(complaint);
        }
    }
}
