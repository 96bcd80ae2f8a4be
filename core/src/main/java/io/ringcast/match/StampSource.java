package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;
import io.ringcast.lane.Head;
import io.ringcast.session.ItemStamp;
import io.ringcast.session.StageClock;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Finds out what is told beside an item, if somebody asked for it.
 * Confined to the pipeline thread that runs match; allocates nothing.
 *
 * <p>An item is read at its first topic that wants to know; plain topics cost nothing.
 */
final class StampSource
{
    private static final byte[] NUMBER = ascii("number");
    private static final byte[] HASH = ascii("hash");
    private static final byte[] TIMESTAMP = ascii("timestamp");
    private static final byte[] BLOCK_NUMBER = ascii("blockNumber");
    private static final byte[] BLOCK_HASH = ascii("blockHash");
    private static final byte[] BLOCK_TIMESTAMP = ascii("blockTimestamp");
    private static final byte[] LOG_INDEX = ascii("logIndex");

    private final StageClock clock;
    private final JsonCursor cursor = new JsonCursor();
    private final long[] hash = new long[HexWords.WORDS];
    private int eventLane;
    private long eventReadAtNs;
    private boolean isFetchAnswer;
    private long receivedAtNs;
    private int laneIndex;
    private int seenCount;
    private boolean isRepaired;
    private boolean isRead;
    private boolean isKept;
    private long publishedAtNs;
    private long blockNumber;
    private long itemIndex;
    private long timestamp;

    StampSource(final StageClock clock)
    {
        this.clock = clock;
    }

    /** Something came in that may let items go; when its beginning was read. */
    void beginEvent(final int fromLane, final long readAtNs, final boolean isAnswer)
    {
        eventLane = fromLane;
        eventReadAtNs = readAtNs;
        isFetchAnswer = isAnswer;
    }

    /** A head is published. */
    void beginHead(final Head head)
    {
        isRead = false;
        isKept = false;
        receivedAtNs = eventReadAtNs;
        seenCount = head.seenCount();
        isRepaired = head.isFetched();
        laneIndex = isRepaired || head.isSeenAt(eventLane) ? eventLane : head.firstSeenAt();
    }

    /** An item of the relay's own, or of a client, is published. */
    void beginOwn(final long nowNs)
    {
        isRead = false;
        isKept = false;
        receivedAtNs = nowNs;
        seenCount = 0;
        isRepaired = false;
        laneIndex = ItemStamp.NO_LANE;
    }

    /** Any other item is published. */
    void beginItem()
    {
        isRead = false;
        isKept = false;
        receivedAtNs = eventReadAtNs;
        seenCount = 0;
        isRepaired = isFetchAnswer;
        laneIndex = eventLane;
    }

    /** An item that was published before, or that only one subscriber gets, is sent. */
    void beginKept(final long itemReceivedAtNs)
    {
        isRead = false;
        isKept = true;
        receivedAtNs = itemReceivedAtNs;
        seenCount = 0;
        isRepaired = false;
        laneIndex = ItemStamp.NO_LANE;
    }

    void fill(
        final Feed.Kind kind, final byte[] bytes, final int offset, final int length, final ItemStamp stamp)
    {
        if (!isRead)
        {
            isRead = true;
            publishedAtNs = isKept ? 0 : clock.nowNs();
            read(kind, bytes, offset, length);
        }
        stamp.receivedAtNs = receivedAtNs;
        stamp.publishedAtNs = publishedAtNs;
        stamp.isKept = isKept;
        stamp.sourceEpochNs = timestamp > 0 ? TimeUnit.SECONDS.toNanos(timestamp) : 0;
        stamp.blockNumber = blockNumber;
        stamp.hashStart = hash[0];
        stamp.itemIndex = (int)itemIndex;
        stamp.laneIndex = laneIndex;
        stamp.seenCount = seenCount;
        stamp.isRepaired = isRepaired;
    }

    /** What is missing or malformed is left out of the stamp; without number and hash there is no cursor. */
    private void read(final Feed.Kind kind, final byte[] bytes, final int offset, final int length)
    {
        blockNumber = ItemStamp.NO_BLOCK;
        timestamp = 0;
        itemIndex = kind == Feed.Kind.LOGS ? -1 : 0;
        final boolean isOnChain = kind == Feed.Kind.HEADS || kind == Feed.Kind.LOGS;
        if (!isOnChain || !cursor.tryBegin(bytes, offset, length) || !cursor.isObject())
        {
            return;
        }
        final boolean isLog = kind == Feed.Kind.LOGS;
        boolean hasHash = false;
        while (cursor.next())
        {
            if (cursor.isNamed(isLog ? BLOCK_NUMBER : NUMBER))
            {
                blockNumber = quantity(bytes);
            }
            else if (cursor.isNamed(isLog ? BLOCK_HASH : HASH))
            {
                hasHash = HexWords.tryRead(
                    bytes, cursor.valueOffset, cursor.valueLength, HexWords.TOPIC_DIGITS, hash, 0);
            }
            else if (cursor.isNamed(isLog ? BLOCK_TIMESTAMP : TIMESTAMP))
            {
                timestamp = quantity(bytes);
            }
            else if (isLog && cursor.isNamed(LOG_INDEX))
            {
                itemIndex = quantity(bytes);
            }
        }
        if (!hasHash || itemIndex < 0 || itemIndex > Integer.MAX_VALUE)
        {
            blockNumber = ItemStamp.NO_BLOCK;
        }
    }

    private long quantity(final byte[] bytes)
    {
        return HexWords.quantity(bytes, cursor.valueOffset, cursor.valueLength);
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
