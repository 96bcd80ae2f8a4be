package io.ringcast.lane;

import io.ringcast.frame.HexWords;

import java.util.Arrays;

/**
 * The heads that were published, fetched, held or set aside lately, by hash.
 * Confined to the thread that runs match.
 *
 * <p>Bounded in count and bytes; the oldest is overwritten, and fetched again should it be needed. A kept head costs no
 * allocation once its place has been used.
 */
final class HeadStore
{
    static final int CAPACITY = 2_048;
    static final int LONGEST_HEAD_BYTES = 65_536;
    private static final long LIMIT_BYTES = 16L * 1024 * 1024;
    private static final int USUAL_BYTES = 4_096;

    private final Head[] ring = new Head[CAPACITY];
    private final BlocksByHash<Head> byHash = new BlocksByHash<>();
    private int next;
    private long heldBytes;

    /** Finds a head by its hash; null if it is not kept. */
    Head find(final long[] hash)
    {
        return byHash.find(hash);
    }

    /**
     * Keeps a copy of a head, unless it is kept already.
     *
     * @return the kept one, or null if it is too long.
     */
    Head put(final HeadKeys keys, final byte[] bytes, final int offset, final int length)
    {
        final Head known = byHash.find(keys.hash);
        if (known != null || length > LONGEST_HEAD_BYTES)
        {
            return known;
        }
        final Head head = takePlace();
        head.setKeys(keys);
        head.isFetched = false;
        head.isPushed = false;
        head.isLateTold = false;
        head.saidMask = 0;
        head.toldMask = 0;
        head.rival = null;
        setText(head, bytes, offset, length);
        byHash.add(head);
        return head;
    }

    private void setText(final Head head, final byte[] bytes, final int offset, final int length)
    {
        if (head.bytes.length < length)
        {
            heldBytes += Math.max(length, 1_024) - head.bytes.length;
            head.bytes = new byte[Math.max(length, 1_024)];
        }
        System.arraycopy(bytes, offset, head.bytes, 0, length);
        head.length = length;
    }

    /** Makes a version of a head that is not kept here; there is at most one for each lane. */
    static Head copyOf(final HeadKeys keys, final byte[] bytes, final int offset, final int length)
    {
        final Head version = new Head();
        version.setKeys(keys);
        version.bytes = Arrays.copyOfRange(bytes, offset, offset + length);
        version.length = length;
        return version;
    }

    /** Puts another version of a head, with the same hash, in the place of what is kept. */
    void replace(final Head head, final Head version)
    {
        head.number = version.number;
        System.arraycopy(version.parentHash, 0, head.parentHash, 0, HexWords.WORDS);
        head.isBloomZero = version.isBloomZero;
        head.hasBloom = version.hasBloom;
        head.bloomOffset = version.bloomOffset;
        head.bloomLength = version.bloomLength;
        head.toldMask = version.toldMask;
        setText(head, version.bytes, 0, version.length);
    }

    /** What was pushed before counts as old from now on. */
    void forgetPushes()
    {
        for (final Head head : ring)
        {
            if (head != null)
            {
                head.isPushed = false;
            }
        }
    }

    private Head takePlace()
    {
        Head head = ring[next];
        // Queues together pin fewer heads than there are places, so this ends.
        while (head != null && head.pins > 0)
        {
            next = next + 1 & CAPACITY - 1;
            head = ring[next];
        }
        if (head == null)
        {
            head = new Head();
            ring[next] = head;
        }
        else
        {
            byHash.remove(head);
            if (head.bytes.length > USUAL_BYTES || heldBytes > LIMIT_BYTES)
            {
                heldBytes -= head.bytes.length;
                head.bytes = new byte[0];
            }
        }
        next = next + 1 & CAPACITY - 1;
        return head;
    }
}
