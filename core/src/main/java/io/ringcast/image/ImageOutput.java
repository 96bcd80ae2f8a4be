package io.ringcast.image;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/**
 * Numbers and bytes on their way into an image, in blocks that each have a checksum: what is damaged is found before
 * anybody acts upon it.
 * Confined to the thread that makes the image.
 *
 * <pre>
 *   block   length, 4 bytes; CRC-32C of what follows and of the block's number, 4 bytes; content
 *   end     a block of length 0
 * </pre>
 */
final class ImageOutput
{
    static final int BLOCK_BYTES = 64 * 1024;
    static final int HEADER_BYTES = 8;

    private final OutputStream out;
    private final byte[] block = new byte[HEADER_BYTES + BLOCK_BYTES];
    private final CRC32C crc = new CRC32C();
    private int position = HEADER_BYTES;
    private int blocks;

    ImageOutput(final OutputStream out)
    {
        this.out = out;
    }

    void putByte(final int value) throws IOException
    {
        if (position == block.length)
        {
            writeBlock();
        }
        block[position++] = (byte)value;
    }

    /** Small numbers, of either sign, take few bytes. */
    void putLong(final long value) throws IOException
    {
        putBits(value << 1 ^ value >> 63);
    }

    /** 0 or more. */
    void putCount(final long value) throws IOException
    {
        putBits(value);
    }

    void putBytes(final byte[] bytes) throws IOException
    {
        int done = 0;
        while (done < bytes.length)
        {
            if (position == block.length)
            {
                writeBlock();
            }
            final int part = Math.min(bytes.length - done, block.length - position);
            System.arraycopy(bytes, done, block, position, part);
            position += part;
            done += part;
        }
    }

    void putText(final String text) throws IOException
    {
        putCount(text.length());
        for (int i = 0; i < text.length(); i++)
        {
            putCount(text.charAt(i));
        }
    }

    /** After the last. */
    void end() throws IOException
    {
        if (position > HEADER_BYTES)
        {
            writeBlock();
        }
        writeBlock();
        out.flush();
    }

    private void putBits(final long bits) throws IOException
    {
        long left = bits;
        while ((left & ~0x7FL) != 0)
        {
            putByte((int)left & 0x7F | 0x80);
            left >>>= 7;
        }
        putByte((int)left);
    }

    private void writeBlock() throws IOException
    {
        final int length = position - HEADER_BYTES;
        crc.reset();
        crc.update(block, HEADER_BYTES, length);
        putInt(0, length);
        putInt(4, (int)crc.getValue() ^ blocks++);
        out.write(block, 0, position);
        position = HEADER_BYTES;
    }

    private void putInt(final int at, final int value)
    {
        for (int i = 0; i < Integer.BYTES; i++)
        {
            block[at + i] = (byte)(value >>> 24 - 8 * i);
        }
    }
}
