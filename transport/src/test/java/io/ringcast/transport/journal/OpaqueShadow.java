package io.ringcast.transport.journal;

import io.ringcast.journal.JournalFormatException;
import io.ringcast.journal.SlotRecord;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Stages of which the state is what they were given, and as long as a test wants it. Confined to one thread. */
final class OpaqueShadow implements ShadowStages
{
    private final byte[] rest;
    private long nextSlot;
    private long state;

    OpaqueShadow(final int imageBytes)
    {
        rest = new byte[imageBytes - 2 * Long.BYTES];
    }

    long nextSlot()
    {
        return nextSlot;
    }

    long state()
    {
        return state;
    }

    @Override
    public void readImage(final InputStream image) throws IOException
    {
        final DataInputStream data = new DataInputStream(image);
        nextSlot = data.readLong();
        state = data.readLong();
        data.readFully(rest);
    }

    @Override
    public void onSlot(final SlotRecord slot)
    {
        if (slot.sequence != nextSlot)
        {
            throw new JournalFormatException("slot " + slot.sequence + " where " + nextSlot + " should be");
        }
        nextSlot++;
        final CRC32C crc = new CRC32C();
        crc.update(slot.text, 0, slot.textBytes);
        state = 31 * (31 * state + crc.getValue()) + slot.nowNs;
    }

    @Override
    public long differences()
    {
        return 0;
    }

    @Override
    public void writeImage(final OutputStream image) throws IOException
    {
        Arrays.fill(rest, (byte)state);
        final DataOutputStream data = new DataOutputStream(image);
        data.writeLong(nextSlot);
        data.writeLong(state);
        data.write(rest);
    }

    @Override
    public void close()
    {
        // Nothing to give back.
    }
}
