package io.ringcast.image;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;

/**
 * What {@link ImageOutput} has written; only from blocks that are as they were.
 * Confined to the thread that loads the image.
 */
final class ImageInput
{
    private static final int MAX_TEXT_CHARS = 1 << 28;

    private final InputStream in;
    private final byte[] block = new byte[ImageOutput.HEADER_BYTES + ImageOutput.BLOCK_BYTES];
    private final CRC32C crc = new CRC32C();
    private int position;
    private int limit;
    private int blocks;

    ImageInput(final InputStream in)
    {
        this.in = in;
    }

    int getByte() throws IOException
    {
        if (position == limit && readBlock() == 0)
        {
            throw new ImageFormatException("an image that ends too early");
        }
        return block[position++] & 0xFF;
    }

    long getLong() throws IOException
    {
        final long bits = getBits();
        return bits >>> 1 ^ -(bits & 1);
    }

    /** A number from 0 on, below a limit. */
    int getCount(final int limitExclusive) throws IOException
    {
        final long value = getBits();
        if (value < 0 || value >= limitExclusive)
        {
            throw new ImageFormatException("an image with the number " + value + " where " + limitExclusive +
                " is too many");
        }
        return (int)value;
    }

    void getBytes(final byte[] bytes) throws IOException
    {
        int done = 0;
        while (done < bytes.length)
        {
            if (position == limit && readBlock() == 0)
            {
                throw new ImageFormatException("an image that ends too early");
            }
            final int part = Math.min(bytes.length - done, limit - position);
            System.arraycopy(block, position, bytes, done, part);
            position += part;
            done += part;
        }
    }

    String getText() throws IOException
    {
        final int length = getCount(MAX_TEXT_CHARS);
        final StringBuilder text = new StringBuilder(Math.min(length, ImageOutput.BLOCK_BYTES));
        for (int i = 0; i < length; i++)
        {
            text.append((char)getCount(Character.MAX_VALUE + 1));
        }
        return text.toString();
    }

    /** Refuses an image that goes on. */
    void end() throws IOException
    {
        if (position < limit || readBlock() != 0)
        {
            throw new ImageFormatException("an image that goes on behind its end");
        }
    }

    private long getBits() throws IOException
    {
        long bits = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7)
        {
            final int next = getByte();
            bits |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return bits;
            }
        }
        throw new ImageFormatException("an image with a number that does not end");
    }

    private int readBlock() throws IOException
    {
        fill(0, ImageOutput.HEADER_BYTES);
        final int length = getInt(0);
        if (length < 0 || length > ImageOutput.BLOCK_BYTES)
        {
            throw new ImageFormatException("an image that is damaged");
        }
        fill(ImageOutput.HEADER_BYTES, length);
        crc.reset();
        crc.update(block, ImageOutput.HEADER_BYTES, length);
        if (getInt(4) != ((int)crc.getValue() ^ blocks++))
        {
            throw new ImageFormatException("an image that is damaged");
        }
        position = ImageOutput.HEADER_BYTES;
        limit = position + length;
        return length;
    }

    private void fill(final int offset, final int length) throws IOException
    {
        if (in.readNBytes(block, offset, length) < length)
        {
            throw new ImageFormatException("an image that ends too early");
        }
    }

    private int getInt(final int at)
    {
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++)
        {
            value = value << 8 | block[at + i] & 0xFF;
        }
        return value;
    }
}
