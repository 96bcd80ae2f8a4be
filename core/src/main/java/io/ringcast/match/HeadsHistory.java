package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.lane.Head;
import io.ringcast.lane.HeadArbiter;
import io.ringcast.lane.HeadKeys;
import io.ringcast.session.PortableCursor;

/**
 * The past of the heads: one call for each block.
 * Confined to the pipeline thread that runs match.
 */
final class HeadsHistory implements HistoryKind
{
    private static final int LIMIT_CALLS = 16;

    private final TopicState topic;
    private final HeadArbiter heads;
    private final HeadKeys keys = new HeadKeys();

    HeadsHistory(final TopicState topic, final HeadArbiter heads)
    {
        this.topic = topic;
        this.heads = heads;
    }

    @Override
    public String rangeCall(final long firstNumber, final long lastNumber)
    {
        return "\"method\":\"eth_getBlockByNumber\",\"params\":[\"0x" + Long.toHexString(firstNumber) + "\",false]";
    }

    @Override
    public int limitBlocks()
    {
        return 1;
    }

    @Override
    public int limitCalls()
    {
        return LIMIT_CALLS;
    }

    @Override
    public String blockCall(final long[] hash)
    {
        return "\"method\":\"eth_getBlockByHash\",\"params\":[\"" + HexWords.toText(hash, 0) + "\",false]";
    }

    @Override
    public boolean tryRead(final HistoryPage page, final byte[] bytes, final int offset, final int length)
    {
        final byte[] text = heads.headerText(bytes, offset, length);
        if (text == null || !keys.tryRead(text, 0, text.length) || keys.number != page.firstNumber ||
            page.hash != null && !HexWords.equal(page.hash, 0, keys.hash, 0))
        {
            return false;
        }
        page.bytes = text;
        page.add(0, text.length, 0, keys.number);
        return true;
    }

    @Override
    public boolean isUpTo(final HistoryPage page, final int item, final PortableCursor place)
    {
        return page.firstNumber == place.blockNumber() &&
            keys.tryRead(page.bytes, page.offsets[item], page.lengths[item]) && keys.hash[0] == place.hashStart();
    }

    @Override
    public boolean tellsRemovals()
    {
        return false;
    }

    @Override
    public byte[] removal(final HistoryPage page, final int item)
    {
        throw new IllegalStateException("a head is not told as removed");
    }

    @Override
    public boolean tryFindSeam(final HistorySeam seam)
    {
        seam.number = heads.tipNumber();
        seam.position = topic.feed.history.next();
        return heads.hasHead() && heads.tryCopyHash(seam.number, seam.hash);
    }

    @Override
    public long wholeNumber()
    {
        return Long.MAX_VALUE;
    }

    @Override
    public long nextPosition()
    {
        return topic.feed.history.next();
    }

    @Override
    public RunPlace placeOfNext()
    {
        return placeAt(0);
    }

    @Override
    public RunPlace placeBefore(final Head head)
    {
        return placeAt(-1);
    }

    private RunPlace placeAt(final int distance)
    {
        final RunPlace place = new RunPlace(topic.feed.history);
        place.onKnown(distance);
        return place;
    }

    @Override
    public boolean isTold(final HistoryPage page)
    {
        return true;
    }
}
