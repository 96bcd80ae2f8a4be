package io.ringcast.match;

import io.ringcast.session.PortableCursor;

import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * The last items of one feed, each copied once, whatever topics it went to.
 * Confined to the pipeline thread that runs match; encode reads the bytes of what it was handed until its slot is done.
 *
 * <p>Items have a <em>position</em>, which goes up by one with each. Their bytes lie behind one another in segments;
 * when the bound of items or of bytes is reached, or another feed of the network that has less wants room
 * ({@link FairShare}), the oldest go. In a steady state the oldest segment is written anew, and nothing is allocated.
 *
 * <pre>
 *   position   oldest ................................ next - 1
 *   entries    [i] [i] [i] [i] [i] [i] [i] [i] [i] [i]           a ring, a power of two long
 *   segments   [ 1 KiB ] [ 2 KiB ] [ longer, if one item is ] [ 4 KiB, being filled ]
 * </pre>
 *
 * <p>A segment is an eighth at most of what the feed has, so a feed of few short items takes little, and one that has
 * to give up its oldest keeps most.
 */
final class FeedHistory extends FairShare.Member
{
    static final int SEGMENT_BYTES = 64 * 1024;
    static final int FIRST_SEGMENT_BYTES = 1024;
    private static final int SEGMENTS = 8;
    private static final int FIRST_ENTRIES = 16;
    /** What an entry takes beside its bytes. */
    private static final int ENTRY_BYTES = 48 + PlaceIndex.ENTRY_BYTES;

    /** Bytes of consecutive items. */
    private static final class Segment
    {
        private final byte[] bytes;
        private int used;
        private long lastPosition;
        /** The slot in which encode was last given some of it. */
        private long readInSlot = Long.MIN_VALUE;

        Segment(final int capacity)
        {
            bytes = new byte[capacity];
        }
    }

    private final long limitBytes;
    private final int limitItems;
    private final LongSupplier slot;
    private final int ringSlots;
    private final ArrayDeque<Segment> filled = new ArrayDeque<>();
    /** Who has to look at items before they go. */
    final SpillPlaces spilling = new SpillPlaces();
    private Segment spare;
    private long oldest;
    private long next;
    private int mask = -1;
    private Segment[] segments = new Segment[0];
    private int[] offsets = new int[0];
    private int[] lengths = new int[0];
    /** When the text that let the item go had been read: never less than that of the item before. */
    private long[] receivedAtNs = new long[0];
    /** When the beginning of that text was read. */
    private long[] readAtNs = new long[0];
    private long[] blockNumbers = new long[0];
    private long[] hashStarts = new long[0];
    /** The item's index in its block, shifted; bit 0 says that it was removed; -1 if it has no place on a chain. */
    private long[] places = new long[0];
    private PlaceIndex index = new PlaceIndex(0, 0);

    /**
     * Creates it without items.
     *
     * @param shared        what this feed and others may take together.
     * @param limitBytes    what this one may take at most.
     * @param limitItems    how many items are kept at most, a power of two.
     * @param slot          gives the sequence of the slot in work.
     * @param ringSlots     how many slots there are: what was handed on so many slots ago is no longer read.
     * @param firstPosition of the first item.
     */
    FeedHistory(
        final FairShare shared, final long limitBytes, final int limitItems, final LongSupplier slot,
        final int ringSlots, final long firstPosition)
    {
        super(shared);
        this.limitBytes = limitBytes;
        this.limitItems = limitItems;
        this.slot = slot;
        this.ringSlots = ringSlots;
        oldest = firstPosition;
        next = firstPosition;
    }

    /** The position of the oldest item that is kept; {@link #next()} if none is. */
    long oldest()
    {
        return oldest;
    }

    /** The position that the next item gets. */
    long next()
    {
        return next;
    }

    /** Keeps an item, whose place on the chain is not known. */
    void append(final byte[] bytes, final int offset, final int length, final long nowNs)
    {
        append(bytes, offset, length, nowNs, nowNs, 0, 0, -1);
    }

    /**
     * Keeps an item. If there is no room even without all others, it is not kept, and neither are those before it.
     *
     * @param bytes       holds the item; copied.
     * @param offset      where it starts.
     * @param length      its length in bytes.
     * @param nowNs       when it was received.
     * @param beganAtNs   when the beginning of the text was read that let it go.
     * @param blockNumber the number of its block.
     * @param hashStart   the first 8 bytes of its block's hash.
     * @param place       its index in the block, and whether it is a removal; see {@link #place}; -1 for none.
     */
    void append(
        final byte[] bytes, final int offset, final int length, final long nowNs, final long beganAtNs,
        final long blockNumber, final long hashStart, final long place)
    {
        if (!hasEntry() || !hasBytes(length))
        {
            clear();
            next++;
            oldest = next;
            return;
        }
        final Segment segment = filled.peekLast();
        System.arraycopy(bytes, offset, segment.bytes, segment.used, length);
        final int entry = (int)next & mask;
        segments[entry] = segment;
        offsets[entry] = segment.used;
        lengths[entry] = length;
        receivedAtNs[entry] = nowNs;
        readAtNs[entry] = beganAtNs;
        blockNumbers[entry] = blockNumber;
        hashStarts[entry] = hashStart;
        places[entry] = place;
        if (place >= 0)
        {
            index.add(next, blockNumber, hashStart, (int)(place >> 1));
        }
        segment.used += length;
        segment.lastPosition = next++;
    }

    /** Spells a place in a block. */
    static long place(final int index, final boolean isRemoved)
    {
        return (long)index << 1 | (isRemoved ? 1 : 0);
    }

    /** Whether such a place is that of a removal. */
    static boolean isRemoval(final long place)
    {
        return place >= 0 && (place & 1) == 1;
    }

    /** Gives an item's bytes to encode, which may read them until the slot in work is done. */
    byte[] handOn(final long position)
    {
        final Segment segment = segments[entry(position)];
        segment.readInSlot = slot.getAsLong();
        return segment.bytes;
    }

    /** An item's bytes, to be looked at during this call. */
    byte[] bytes(final long position)
    {
        return segments[entry(position)].bytes;
    }

    int offset(final long position)
    {
        return offsets[entry(position)];
    }

    int length(final long position)
    {
        return lengths[entry(position)];
    }

    long receivedAtNs(final long position)
    {
        return receivedAtNs[entry(position)];
    }

    long readAtNs(final long position)
    {
        return readAtNs[entry(position)];
    }

    boolean hasPlace(final long position)
    {
        return places[entry(position)] >= 0;
    }

    long blockNumber(final long position)
    {
        return blockNumbers[entry(position)];
    }

    long hashStart(final long position)
    {
        return hashStarts[entry(position)];
    }

    int indexInBlock(final long position)
    {
        return (int)(places[entry(position)] >> 1);
    }

    /** Where an item stands on its chain; null if it has no place there. */
    PortableCursor place(final long position)
    {
        return hasPlace(position) ?
            new PortableCursor(blockNumber(position), hashStart(position), indexInBlock(position)) : null;
    }

    boolean isRemoved(final long position)
    {
        return isRemoval(places[entry(position)]);
    }

    /** Whether an item is the one that another removes. */
    boolean isOriginal(final long position, final long removal)
    {
        final int original = entry(position);
        final int removed = entry(removal);
        return places[original] == (places[removed] & ~1L) && blockNumbers[original] == blockNumbers[removed] &&
            hashStarts[original] == hashStarts[removed];
    }

    /**
     * Finds the item that a removal removes, or the same one told before: the newest before a position.
     *
     * @param position the removal's position, or that of an item that was found so.
     * @param removal  the removal's position.
     * @return the item's position, or -1 if none is kept.
     */
    long originalBefore(final long position, final long removal)
    {
        for (long found = index.earlier(position); found >= oldest; found = index.earlier(found))
        {
            if (isOriginal(found, removal))
            {
                return found;
            }
        }
        return -1;
    }

    /**
     * Finds the first item at a place, other than a removal.
     *
     * @return its position, or -1 if none is kept.
     */
    long find(final long blockNumber, final long hashStart, final int indexInBlock)
    {
        final long place = place(indexInBlock, false);
        long first = -1;
        for (long found = index.newestBefore(next, blockNumber, hashStart, indexInBlock); found >= oldest;
            found = index.earlier(found))
        {
            final int entry = entry(found);
            if (blockNumbers[entry] == blockNumber && hashStarts[entry] == hashStart && places[entry] == place)
            {
                first = found;
            }
        }
        return first;
    }

    /** Drops everything; what it took of the budget goes back. */
    void clear()
    {
        filled.clear();
        spare = null;
        give(takenBytes());
        oldest = next;
        mask = -1;
        segments = new Segment[0];
        index = new PlaceIndex(0, 0);
    }

    @Override
    void giveUp()
    {
        if (spare != null)
        {
            dropSpare();
        }
        else if (filled.size() <= 1)
        {
            dropThrough(next - 1);
            clear();
        }
        else
        {
            dropThrough(filled.peekFirst().lastPosition);
            dropSpare();
            if (segments.length > FIRST_ENTRIES && next - oldest <= segments.length / 2)
            {
                final int fewer = segments.length / 2;
                resize(fewer);
                give((long)fewer * ENTRY_BYTES);
            }
        }
    }

    private int entry(final long position)
    {
        assert position >= oldest && position < next : position + " not in " + oldest + ".." + next;
        return (int)position & mask;
    }

    private boolean hasEntry()
    {
        final int capacity = segments.length;
        if (next - oldest < capacity)
        {
            return true;
        }
        if (capacity < limitItems && tryGrow(Math.max(FIRST_ENTRIES, capacity * 2)))
        {
            return true;
        }
        if (capacity == 0)
        {
            return false;
        }
        dropOldest();
        return true;
    }

    private boolean tryGrow(final int wanted)
    {
        final int capacity = Math.min(wanted, limitItems);
        if (!hasTaken((long)(capacity - segments.length) * ENTRY_BYTES))
        {
            return false;
        }
        resize(capacity);
        return true;
    }

    private boolean hasTaken(final long bytes)
    {
        return takenBytes() + bytes <= limitBytes && tryTake(bytes);
    }

    private void resize(final int capacity)
    {
        final Segment[] oldSegments = segments;
        final int oldMask = mask;
        final int[] oldOffsets = offsets;
        final int[] oldLengths = lengths;
        final long[] oldReceived = receivedAtNs;
        final long[] oldRead = readAtNs;
        final long[] oldNumbers = blockNumbers;
        final long[] oldHashes = hashStarts;
        final long[] oldPlaces = places;
        mask = capacity - 1;
        segments = new Segment[capacity];
        offsets = new int[capacity];
        lengths = new int[capacity];
        receivedAtNs = new long[capacity];
        readAtNs = new long[capacity];
        blockNumbers = new long[capacity];
        hashStarts = new long[capacity];
        places = new long[capacity];
        index = new PlaceIndex(capacity, oldest);
        for (long position = oldest; position < next; position++)
        {
            final int from = (int)position & oldMask;
            final int to = (int)position & mask;
            segments[to] = oldSegments[from];
            offsets[to] = oldOffsets[from];
            lengths[to] = oldLengths[from];
            receivedAtNs[to] = oldReceived[from];
            readAtNs[to] = oldRead[from];
            blockNumbers[to] = oldNumbers[from];
            hashStarts[to] = oldHashes[from];
            places[to] = oldPlaces[from];
            if (places[to] >= 0)
            {
                index.add(position, blockNumbers[to], hashStarts[to], (int)(places[to] >> 1));
            }
        }
    }

    /** Makes room for so many bytes at the end of the last segment. */
    private boolean hasBytes(final int length)
    {
        final Segment last = filled.peekLast();
        if (last != null && last.bytes.length - last.used >= length)
        {
            return true;
        }
        final int wanted = Math.max(segmentBytes(), length);
        if (spare != null && spare.bytes.length >= wanted && isUnread(spare))
        {
            spare.used = 0;
            filled.addLast(spare);
            spare = null;
            return true;
        }
        dropSpare();
        while (!hasTaken(wanted))
        {
            if (filled.isEmpty())
            {
                return false;
            }
            final Segment first = filled.peekFirst();
            dropThrough(first.lastPosition);
            if (spare != null && spare.bytes.length >= wanted && isUnread(spare))
            {
                return hasBytes(length);
            }
            dropSpare();
        }
        final Segment added = new Segment(wanted);
        added.lastPosition = next;
        filled.addLast(added);
        return true;
    }

    private int segmentBytes()
    {
        final long part = Math.max(FIRST_SEGMENT_BYTES, takenBytes() / SEGMENTS);
        return (int)Math.min(SEGMENT_BYTES, Long.highestOneBit(part));
    }

    /** Encode may be a ring's length behind. */
    private boolean isUnread(final Segment segment)
    {
        return segment.readInSlot == Long.MIN_VALUE || slot.getAsLong() - segment.readInSlot >= ringSlots;
    }

    private void dropThrough(final long position)
    {
        while (oldest <= position && oldest < next)
        {
            dropOldest();
        }
        final Segment first = filled.peekFirst();
        if (first != null && first.lastPosition <= position)
        {
            retire(filled.pollFirst());
        }
    }

    private void dropOldest()
    {
        spilling.onDropping(oldest);
        final int entry = (int)oldest & mask;
        final Segment segment = segments[entry];
        segments[entry] = null;
        if (segment.lastPosition == oldest++ && filled.size() > 1)
        {
            retire(filled.pollFirst());
        }
    }

    private void retire(final Segment segment)
    {
        dropSpare();
        spare = segment;
    }

    private void dropSpare()
    {
        if (spare != null)
        {
            give(spare.bytes.length);
            spare = null;
        }
    }

    @Override
    public String toString()
    {
        return oldest + ".." + next + " in " + takenBytes() + " bytes";
    }
}
