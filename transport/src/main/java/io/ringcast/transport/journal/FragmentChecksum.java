package io.ringcast.transport.journal;

import io.aeron.archive.checksum.Checksum;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.zip.CRC32C;

/**
 * The CRC-32C of each recorded fragment.
 * Confined to the archive's thread.
 *
 * <p>Aeron's own reaches into {@code java.util.zip} by reflection, for which every program that embeds the relay would
 * need one more flag. This one copies the fragment first.
 */
final class FragmentChecksum implements Checksum
{
    private final CRC32C crc = new CRC32C();
    private final UnsafeBuffer fragment = new UnsafeBuffer(0, 0);
    private byte[] copy = new byte[64 * 1024];

    @Override
    public int compute(final long address, final int offset, final int length)
    {
        if (copy.length < length)
        {
            copy = new byte[length];
        }
        fragment.wrap(address + offset, length);
        fragment.getBytes(0, copy, 0, length);
        crc.reset();
        crc.update(copy, 0, length);
        return (int)crc.getValue();
    }
}
