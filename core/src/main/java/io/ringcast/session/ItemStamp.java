package io.ringcast.session;

/**
 * What is known of an item beside its text, for those who asked for it.
 * Confined to the stage that holds the slot: written by match, read by encode.
 */
public final class ItemStamp
{
    /** No upstream can be named. */
    public static final int NO_LANE = -1;
    /** The item has no place on a chain. */
    public static final long NO_BLOCK = -1;

    /** The time of its block since 1970, in nanoseconds; 0 if it does not say. */
    public long sourceEpochNs;
    /** When the beginning of the text that let it go was read, by the relay's own clock. */
    public long receivedAtNs;
    /** When match published it, by the relay's own clock; not known if it {@link #isKept}. */
    public long publishedAtNs;
    /** True if it is sent from what is kept, or was read for one subscriber: nobody notes when those were published. */
    public boolean isKept;
    /** Its block, or {@link #NO_BLOCK}. */
    public long blockNumber;
    /** The first 8 bytes of its block's hash. */
    public long hashStart;
    /** Its index in the block. */
    public int itemIndex;
    /** Which upstream brought it, or {@link #NO_LANE}. */
    public int laneIndex;
    /** How many upstreams had said it by then; 0 if that is not counted. */
    public int seenCount;
    /** True if it was fetched, or waited for what was fetched. */
    public boolean isRepaired;
    /** True if it was read from an upstream for one subscriber: it has no number. */
    public boolean isPast;
    /** Which of several filters it matches: bit i for filter i; 0 if there is one filter, or none. */
    public long matchedFilters;
    /** Of which block it is told as a part, or {@link #NO_BLOCK}. */
    public long orderNumber;
    /** Its place among the subscription's items of that block. */
    public int orderIndex;
    /** How many those are. */
    public int orderCount;
    /** True if it stands for a block without an item. */
    public boolean isEmptyMark;
    /** What is said of blocks that the chain has left, as JSON; null if nothing is. */
    public byte[] reorg;
    /** True if it was delivered before, or may have been: told as {@code "r":1}. */
    public boolean isReplayed;
    /** How many items before it the subscriber did not get, from {@link #lostFrom} on; 0 for none. */
    public long lostCount;
    /** The number of the first of those. */
    public long lostFrom;
    /** Why, such as {@code age}: letters only. */
    public String lostWhy;
    /** How many items with the same key it stands for, beside itself. */
    public long mergedCount;

    /** Forgets all. */
    public void clear()
    {
        sourceEpochNs = 0;
        receivedAtNs = 0;
        publishedAtNs = 0;
        isKept = false;
        blockNumber = NO_BLOCK;
        hashStart = 0;
        itemIndex = 0;
        laneIndex = NO_LANE;
        seenCount = 0;
        isRepaired = false;
        isPast = false;
        matchedFilters = 0;
        orderNumber = NO_BLOCK;
        orderIndex = 0;
        orderCount = 0;
        isEmptyMark = false;
        reorg = null;
        isReplayed = false;
        lostCount = 0;
        lostFrom = 0;
        lostWhy = null;
        mergedCount = 0;
    }
}
