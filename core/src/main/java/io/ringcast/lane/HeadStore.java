package io.ringcast.lane;

/**
 * The heads that were published, fetched, held or set aside lately, by hash.
 * Confined to the thread that runs match.
 *
 * <p>Bounded in count and bytes; the oldest that no queue holds make room, and are fetched again should they be needed.
 * A kept head costs no allocation once its place has been used.
 */
final class HeadStore
{
    static final int CAPACITY = 2_048;
    static final int LONGEST_HEAD_BYTES = 65_536;
    static final int LIMIT_BYTES = 16 * 1024 * 1024;
    private static final int SHORTEST_PLACE_BYTES = 1_024;
    private static final int USUAL_BYTES = 4_096;

    private final Head[] ring = new Head[CAPACITY];
    private final BlocksByHash<Head> byHash = new BlocksByHash<>();
    private int next;
    /** What all texts take together, {@link #LIMIT_BYTES} at most. */
    private int heldBytes;

    /**
     * How many bytes of heads each lane's queue may hold, so that all of them together leave half of the room to what
     * is on its way to be published.
     */
    static int queueBytes(final int laneCount)
    {
        return LIMIT_BYTES / 2 / laneCount;
    }

    /** Finds a head by its hash; null if it is not kept. */
    Head find(final long[] hash)
    {
        return byHash.find(hash);
    }

    /**
     * Keeps a copy of a head, unless it is kept already.
     *
     * @return the kept one, or null if it is too long, be it kept or not, or if there is no room beside what queues
     *         hold.
     */
    Head put(final HeadKeys keys, final byte[] bytes, final int offset, final int length)
    {
        if (length > LONGEST_HEAD_BYTES)
        {
            return null;
        }
        final Head known = byHash.find(keys.hash);
        if (known != null)
        {
            return known;
        }
        final int place = findPlace();
        final Head head = takeOut(place);
        if (!trySetText(head, bytes, offset, length))
        {
            heldBytes -= head.bytes.length;
            return null;
        }
        ring[place] = head;
        head.setKeys(keys);
        head.isFetched = false;
        head.isPushed = false;
        head.isLateTold = false;
        head.saidMask = 0;
        head.toldMask = 0;
        head.rival = null;
        byHash.add(head);
        return head;
    }

    /**
     * Puts another version of a head, with the same hash, in the place of what is kept. Who tells it is not changed.
     *
     * @param length its length in bytes, {@link #LONGEST_HEAD_BYTES} at most.
     * @return false if there is no room beside what queues hold: nothing is changed then.
     */
    boolean tryReplace(final Head head, final HeadKeys keys, final byte[] bytes, final int offset, final int length)
    {
        head.pins++;
        final boolean hasRoom = trySetText(head, bytes, offset, length);
        head.pins--;
        if (hasRoom)
        {
            head.setKeys(keys);
        }
        return hasRoom;
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

    private boolean trySetText(final Head head, final byte[] bytes, final int offset, final int length)
    {
        if (head.bytes.length < length)
        {
            final int newBytes = Math.max(length, SHORTEST_PLACE_BYTES);
            if (!tryMakeRoom(newBytes - head.bytes.length))
            {
                return false;
            }
            heldBytes += newBytes - head.bytes.length;
            head.bytes = new byte[newBytes];
        }
        System.arraycopy(bytes, offset, head.bytes, 0, length);
        head.length = length;
        return true;
    }

    /** Lets the oldest go until there is room for so many bytes more; false if queues hold what is left. */
    private boolean tryMakeRoom(final int bytes)
    {
        for (int i = 0; i < CAPACITY && heldBytes + bytes > LIMIT_BYTES; i++)
        {
            final int place = next + i & CAPACITY - 1;
            final Head head = ring[place];
            if (head != null && head.pins == 0)
            {
                heldBytes -= head.bytes.length;
                byHash.remove(head);
                ring[place] = null;
            }
        }
        return heldBytes + bytes <= LIMIT_BYTES;
    }

    /** Finds the oldest place whose head no queue holds. */
    private int findPlace()
    {
        // Queues together pin fewer heads than there are places, so this ends.
        while (ring[next] != null && ring[next].pins > 0)
        {
            next = next + 1 & CAPACITY - 1;
        }
        final int place = next;
        next = next + 1 & CAPACITY - 1;
        return place;
    }

    /** Empties a place; gives its head, to be filled again, or a new one if its text was unusually long. */
    private Head takeOut(final int place)
    {
        final Head oldest = ring[place];
        ring[place] = null;
        if (oldest == null)
        {
            return new Head();
        }
        byHash.remove(oldest);
        if (oldest.bytes.length > USUAL_BYTES)
        {
            heldBytes -= oldest.bytes.length;
            return new Head();
        }
        return oldest;
    }
}
