package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.lane.HeadKeys;

import java.util.function.LongConsumer;

/**
 * The call of a reader that asks for no items but for where to read: which block to begin with, the newest head, or a
 * block's parent. One at a time.
 * Confined to the pipeline thread that runs match.
 */
final class WayCall
{
    private static final String BY_NUMBER = "\"method\":\"eth_getBlockByNumber\",\"params\":[\"";
    private static final String BY_HASH = "\"method\":\"eth_getBlockByHash\",\"params\":[\"";
    private static final String END = "\",false]";

    private final HistoryReader reader;
    private final HistoryCalls calls;
    private final HeadKeys keys = new HeadKeys();
    /** Null if none is under way. */
    private HistoryPage page;

    WayCall(final HistoryReader reader, final HistoryCalls calls)
    {
        this.reader = reader;
        this.calls = calls;
    }

    boolean isAsked()
    {
        return page != null;
    }

    void askStart(final String tag)
    {
        ask(HistoryPage.Kind.START, BY_NUMBER + tag + END, null);
    }

    void askLatest()
    {
        ask(HistoryPage.Kind.LATEST, BY_NUMBER + "latest" + END, null);
    }

    void askParent(final TailBlock block)
    {
        ask(HistoryPage.Kind.PARENT, BY_HASH + HexWords.toText(block.hash, 0) + END, block);
    }

    private void ask(final HistoryPage.Kind kind, final String call, final TailBlock block)
    {
        if (page == null)
        {
            page = new HistoryPage(
                kind, reader, call, block == null ? 0 : block.number, block == null ? 0 : block.number,
                block == null ? null : block.hash);
            calls.start(page);
        }
    }

    private void end()
    {
        page = null;
    }

    /** Nobody wants to know any more. */
    void cancel()
    {
        if (page != null)
        {
            page.isCancelled = true;
            page = null;
        }
    }

    /** Takes the answer that tells a block's parent; false if it can't be true, as below. */
    boolean tryTakeParent(
        final HistoryPage asked, final byte[] bytes, final int offset, final int length, final HistoryTail tail)
    {
        if (!keys.tryRead(bytes, offset, length) || !HexWords.equal(asked.hash, 0, keys.hash, 0))
        {
            return false;
        }
        end();
        tail.onParent(keys.parentHash);
        return true;
    }

    /** Takes the answer that tells an upstream's newest block. */
    boolean tryTakeLatest(final byte[] bytes, final int offset, final int length, final HistorySeam latest)
    {
        if (!keys.tryRead(bytes, offset, length))
        {
            return false;
        }
        end();
        latest.number = keys.number;
        System.arraycopy(keys.hash, 0, latest.hash, 0, HexWords.WORDS);
        return true;
    }

    /** Takes the answer that tells which block to begin with. */
    boolean tryTakeStart(final byte[] bytes, final int offset, final int length, final LongConsumer start)
    {
        if (!keys.tryRead(bytes, offset, length))
        {
            return false;
        }
        end();
        start.accept(keys.number);
        return true;
    }
}
