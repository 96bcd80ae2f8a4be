package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;

import java.util.Arrays;

/**
 * Ranges of chunks that one connection gets in one batch; a range that continues the last one is joined to it.
 * Confined to its I/O loop. Borrows the chunks until {@link #clear()}.
 */
final class RangeList
{
    private ByteBuf[] chunks = new ByteBuf[1];
    private int[] offsets = new int[1];
    private int[] lengths = new int[1];
    private int[] items = new int[1];
    private long[] receivedAtNs = new long[1];
    private int count;

    void add(
        final ByteBuf chunk, final int offset, final int length, final long itemReceivedAtNs, final int itemCount)
    {
        final int last = count - 1;
        if (last >= 0 && chunks[last] == chunk && offsets[last] + lengths[last] == offset)
        {
            lengths[last] += length;
            receivedAtNs[last] = items[last] == 0 ? itemReceivedAtNs : receivedAtNs[last];
            items[last] += itemCount;
            return;
        }
        if (count == chunks.length)
        {
            grow();
        }
        if (chunks[count] != chunk)
        {
            // A store of a reference costs a barrier of the collector; mostly the same chunk serves again.
            chunks[count] = chunk;
        }
        offsets[count] = offset;
        lengths[count] = length;
        items[count] = itemCount;
        receivedAtNs[count] = itemReceivedAtNs;
        count++;
    }

    int count()
    {
        return count;
    }

    ByteBuf chunk(final int index)
    {
        return chunks[index];
    }

    int offset(final int index)
    {
        return offsets[index];
    }

    int length(final int index)
    {
        return lengths[index];
    }

    int items(final int index)
    {
        return items[index];
    }

    long receivedAtNs(final int index)
    {
        return receivedAtNs[index];
    }

    void clear()
    {
        count = 0;
    }

    private void grow()
    {
        final int capacity = count * 2;
        chunks = Arrays.copyOf(chunks, capacity);
        offsets = Arrays.copyOf(offsets, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        items = Arrays.copyOf(items, capacity);
        receivedAtNs = Arrays.copyOf(receivedAtNs, capacity);
    }
}
