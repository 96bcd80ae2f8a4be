package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;
import io.ringcast.lane.Head;
import io.ringcast.lane.HeadArbiter;
import io.ringcast.lane.LogArbiter;
import io.ringcast.lane.LogIdentity;
import io.ringcast.session.PortableCursor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The past of one topic of logs.
 * Confined to the pipeline thread that runs match.
 */
final class LogsHistory implements HistoryKind
{
    private static final int LIMIT_CALLS = 8;

    private final TopicState topic;
    private final HeadArbiter heads;
    private final JsonCursor cursor = new JsonCursor();
    private final LogIdentity identity = new LogIdentity();
    private final LogKeys keys = new LogKeys();

    LogsHistory(final TopicState topic, final HeadArbiter heads)
    {
        this.topic = topic;
        this.heads = heads;
    }

    /** The members address and topics, with a comma before them; empty for all logs. */
    private String filter()
    {
        final String object = topic.group.filters == null ?
            LogsFilterText.of(topic.feed.key.substring(Feed.HEADS_METHOD.length())) : filterOf(topic.group.filters);
        return object.length() <= 2 ? "" : ',' + object.substring(1, object.length() - 1);
    }

    /** One filter as it is; of several the addresses of all, since an upstream takes no list of filters. */
    private static String filterOf(final IndexedFilter[] filters)
    {
        if (filters.length == 1)
        {
            return filters[0].filter.canonicalJson();
        }
        final List<String> addresses = new ArrayList<>();
        for (final IndexedFilter filter : filters)
        {
            if (filter.filter.addresses().isEmpty())
            {
                return "{}";
            }
            addresses.addAll(filter.filter.addresses());
        }
        return new LogFilter(addresses, List.of()).canonicalJson();
    }

    @Override
    public String rangeCall(final long firstNumber, final long lastNumber)
    {
        return "\"method\":\"eth_getLogs\",\"params\":[{\"fromBlock\":\"0x" + Long.toHexString(firstNumber) +
            "\",\"toBlock\":\"0x" + Long.toHexString(lastNumber) + '"' + filter() + "}]";
    }

    @Override
    public int limitBlocks()
    {
        return PageRange.LIMIT_BLOCKS;
    }

    @Override
    public int limitCalls()
    {
        return LIMIT_CALLS;
    }

    @Override
    public String blockCall(final long[] hash)
    {
        return "\"method\":\"eth_getLogs\",\"params\":[{\"blockHash\":\"" + HexWords.toText(hash, 0) + '"' + filter() +
            "}]";
    }

    @Override
    public boolean tryRead(final HistoryPage page, final byte[] bytes, final int offset, final int length)
    {
        page.count = 0;
        if (!cursor.tryBegin(bytes, offset, length) || cursor.isObject())
        {
            return false;
        }
        long lastNumber = page.firstNumber;
        int lastIndex = -1;
        while (cursor.next())
        {
            if (!identity.tryRead(bytes, cursor.valueOffset, cursor.valueLength) || identity.isRemoved ||
                identity.blockNumber < lastNumber || identity.blockNumber > page.lastNumber ||
                identity.blockNumber == lastNumber && identity.logIndex <= lastIndex ||
                page.hash != null && !HexWords.equal(page.hash, 0, identity.blockHash, 0))
            {
                return false;
            }
            lastNumber = identity.blockNumber;
            lastIndex = identity.logIndex;
            if (isWanted(bytes, cursor.valueOffset, cursor.valueLength))
            {
                page.add(cursor.valueOffset - offset, cursor.valueLength, lastIndex, lastNumber);
            }
        }
        page.bytes = page.count == 0 ? null : Arrays.copyOfRange(bytes, offset, offset + length);
        return true;
    }

    @Override
    public boolean isUpTo(final HistoryPage page, final int item, final PortableCursor place)
    {
        return page.firstNumber <= place.blockNumber() && page.lastNumber >= place.blockNumber() &&
            identity.tryRead(page.bytes, page.offsets[item], page.lengths[item]) &&
            identity.blockNumber == place.blockNumber() && identity.blockHash[0] == place.hashStart() &&
            identity.logIndex <= place.itemIndex();
    }

    @Override
    public boolean tellsRemovals()
    {
        return true;
    }

    @Override
    public byte[] removal(final HistoryPage page, final int item)
    {
        return identity.asRemoved(page.bytes, page.offsets[item], page.lengths[item]);
    }

    @Override
    public boolean tryFindSeam(final HistorySeam seam)
    {
        final LogArbiter logs = topic.feed.logs;
        if (!logs.isSettled())
        {
            return false;
        }
        // Who wants whole blocks is given the newest one as soon as it is whole; others go on amid it.
        seam.number = topic.ordered == null ? logs.seamNumber() : Math.max(logs.seamNumber(), logs.wholeNumber());
        seam.position = topic.feed.history.next() - logs.publishedBehind(seam.number);
        return seam.position >= topic.feed.history.oldest() && heads.tryCopyHash(seam.number, seam.hash);
    }

    @Override
    public long wholeNumber()
    {
        return topic.feed.logs.wholeNumber();
    }

    @Override
    public long nextPosition()
    {
        return topic.feed.history.next() + topic.feed.logs.pendingRemovals();
    }

    @Override
    public RunPlace placeOfNext()
    {
        final RunPlace place = new RunPlace(topic.feed.history);
        topic.feed.logs.mark(place);
        return place;
    }

    @Override
    public RunPlace placeBefore(final Head head)
    {
        return placeOfNext();
    }

    @Override
    public boolean isTold(final HistoryPage page)
    {
        return topic.feed.logs.isTold(page.firstNumber, page.hash, this::isWanted, page.indexes, page.count);
    }

    private boolean isWanted(final byte[] bytes, final int offset, final int length)
    {
        return topic.group.filters == null ||
            keys.tryRead(bytes, offset, length) && topic.group.matching(keys) != 0;
    }
}
