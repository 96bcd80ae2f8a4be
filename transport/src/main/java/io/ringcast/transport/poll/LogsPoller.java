package io.ringcast.transport.poll;

import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Says the logs of each head of an upstream that does not push, block by block, in the order of their index.
 * Confined to the upstream's I/O loop.
 *
 * <p>It asks by the block's hash, so it gets that block's logs or an error, never those of another block of the same
 * height. A block whose bloom is empty is not asked for.
 */
final class LogsPoller
{
    /** Heads wait for these before more are looked for. */
    static final int HIGH_MARK_BLOCKS = 64;

    private static final int MAX_BLOCKS = 1_024;
    private static final int MAX_TRIES = 5;

    /**
     * One feed.
     *
     * @param id      its subscription id.
     * @param members what is asked for beside the block's hash, as members of a JSON object.
     */
    private record Feed(String id, String members)
    {
    }

    private record Block(String hash, List<Feed> feeds)
    {
    }

    private final PollCalls calls;
    private final PollSink sink;
    private final PollPace pace;
    private final CounterSet counters;
    private final JsonCursor cursor = new JsonCursor();
    private final List<Feed> feeds = new ArrayList<>();
    private final ArrayDeque<Block> blocks = new ArrayDeque<>();
    private final PollTaker taker = new LogsTaker();
    /** Which feed of the first block is asked for. */
    private int feedIndex;
    private int tries;
    private boolean isAsking;
    private long triedAtNs;
    private long nowNs;

    LogsPoller(final PollCalls calls, final PollSink sink, final PollPace pace, final CounterSet counters)
    {
        this.calls = calls;
        this.sink = sink;
        this.pace = pace;
        this.counters = counters;
    }

    void add(final String id, final String members)
    {
        feeds.add(new Feed(id, members));
    }

    boolean remove(final String id)
    {
        return feeds.removeIf(feed -> feed.id.equals(id));
    }

    int feedCount()
    {
        return feeds.size();
    }

    /** How many blocks wait. */
    int waitingBlocks()
    {
        return blocks.size();
    }

    void onHead(final PolledHead head)
    {
        if (!head.hasLogs() || feeds.isEmpty())
        {
            return;
        }
        if (blocks.size() >= MAX_BLOCKS)
        {
            counters.increment(RelayCounter.POLL_GAPS);
            return;
        }
        blocks.add(new Block(HexWords.toText(head.hash(), 0), List.copyOf(feeds)));
        if (blocks.size() == 1)
        {
            ask();
        }
    }

    /** Tries again what has failed, when it is time. */
    void onTime(final long newNowNs)
    {
        nowNs = newNowNs;
        if (!isAsking && !blocks.isEmpty() && nowNs - triedAtNs >= pace.intervalNs())
        {
            ask();
        }
    }

    private void ask()
    {
        while (!blocks.isEmpty())
        {
            final Block block = blocks.peekFirst();
            while (feedIndex < block.feeds.size() && !feeds.contains(block.feeds.get(feedIndex)))
            {
                feedIndex++;
            }
            if (feedIndex < block.feeds.size())
            {
                isAsking = true;
                triedAtNs = nowNs;
                final String members = block.feeds.get(feedIndex).members;
                calls.call("eth_getLogs", "[{\"blockHash\":\"" + block.hash + "\"" + members + "}]", taker);
                return;
            }
            blocks.pollFirst();
            feedIndex = 0;
        }
    }

    private void goOn()
    {
        tries = 0;
        feedIndex++;
        ask();
    }

    private final class LogsTaker implements PollTaker
    {
        @Override
        public void onResult(final byte[] bytes, final int offset, final int length)
        {
            if (!cursor.tryBegin(bytes, offset, length) || cursor.isObject())
            {
                onFailure(0, "eth_getLogs is no array");
                return;
            }
            isAsking = false;
            final String id = blocks.peekFirst().feeds.get(feedIndex).id;
            while (cursor.next())
            {
                sink.onItem(id, bytes, cursor.valueOffset, cursor.valueLength);
            }
            goOn();
        }

        @Override
        public void onFailure(final int code, final String message)
        {
            isAsking = false;
            counters.increment(RelayCounter.POLL_FAILURES);
            if (++tries >= MAX_TRIES)
            {
                counters.increment(RelayCounter.POLL_GAPS);
                goOn();
            }
        }
    }
}
