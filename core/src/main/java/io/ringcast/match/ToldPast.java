package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.lane.HeadArbiter;
import io.ringcast.lane.LogIdentity;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.PortableCursor;

import org.agrona.collections.LongArrayList;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * What a client with a session was told of its past, and may have, as far as the chain may leave it: should the client
 * come back to have the past read anew, that is taken back first.
 * Confined to the pipeline thread that runs match.
 *
 * <p>It is the logs of the blocks near the chain's end that its reader has told, also of those that it has told as
 * removed, since the client may not have got that; and what was published to it behind them, of blocks there and of
 * those that the chain has left ({@link UnsettledItems}). All of it is taken back, not only what the chain has left by
 * then: it may leave more before that is told anew.
 */
final class ToldPast
{
    static final long NOTHING = Long.MAX_VALUE;

    /** The logs of one block, by their indexes. */
    private static final class Logs
    {
        private final long number;
        private final long[] hash;
        private final TreeMap<Integer, byte[]> texts = new TreeMap<>();

        Logs(final long number, final long[] hash)
        {
            this.number = number;
            this.hash = hash.clone();
        }
    }

    private final HistoryBudget budget;
    private final KeptRemovals removals;
    private final CounterSet counters;
    private final List<TailBlock> blocks = new ArrayList<>();
    private final LogIdentity identity = new LogIdentity();
    private final long[] chainHash = new long[HexWords.WORDS];
    /** The numbers of the topic's items that were published to it behind its past. */
    private long from = NOTHING;
    private long to;
    /** The same of those before. */
    private final LongArrayList sequences = new LongArrayList();
    /** The block of which the reader had sent so many logs when it ended; null if there is none. */
    private TailBlock partial;
    private int partSent;
    /** Read on behind it, amid what was published; null if it has not. */
    private PortableCursor before;
    private boolean isForgotten;

    ToldPast(final HistoryBudget budget, final KeptRemovals removals, final CounterSet counters)
    {
        this.budget = budget;
        this.removals = removals;
        this.counters = counters;
    }

    /**
     * A block was told; its logs are kept here from now on, if there is room for them.
     *
     * @param block which.
     * @param sent  how many of its logs were told, if that may not be all.
     */
    void add(final TailBlock block, final int sent)
    {
        keep(block.page, removals);
        blocks.add(block);
        if (sent < block.page.count)
        {
            partial = block;
            partSent = sent;
        }
    }

    private static void keep(final HistoryPage page, final KeptRemovals keeper)
    {
        if (page.keptBy == null && !keeper.tryKeep(page))
        {
            page.dropBytes();
        }
    }

    /** What follows is read behind this item, and of what was before nothing is known but that it led there. */
    void onReadOn(final PortableCursor last)
    {
        before = last;
    }

    /** What follows is published to it; unless that has begun before. */
    void onPublished(final long sequence)
    {
        from = Math.min(from, sequence);
    }

    /** An item was told to it as a part of a whole block, before it is one of many. */
    void onTold(final long sequence)
    {
        sequences.addLong(sequence);
    }

    /** The same of those of which so many items of a page are. */
    void onSettled(final HistoryPage page, final int sent)
    {
        for (int i = blocks.size() - 1; i >= 0; i--)
        {
            if (holds(page, sent, blocks.get(i)))
            {
                release(blocks.remove(i));
            }
        }
    }

    private boolean holds(final HistoryPage page, final int sent, final TailBlock block)
    {
        for (int i = 0; page.bytes != null && i < Math.min(sent, page.count); i++)
        {
            if (page.numbers[i] == block.number && identity.tryRead(page.bytes, page.offsets[i], page.lengths[i]))
            {
                return HexWords.equal(identity.blockHash, 0, block.hash, 0);
            }
        }
        return false;
    }

    /** The chain won't leave a block any more, also if it has left it before. */
    void onSettled(final TailBlock block)
    {
        for (int i = blocks.size() - 1; i >= 0; i--)
        {
            if (HexWords.equal(blocks.get(i).hash, 0, block.hash, 0))
            {
                release(blocks.remove(i));
            }
        }
    }

    /** Its connection has ended: nothing was published to it from this number on. */
    void onEnd(final long sequence)
    {
        to = sequence;
    }

    /**
     * Forgets the logs of blocks once these are so old that the chain won't leave them: whoever has not proved by then
     * to have read them may have had some that are not on the chain.
     *
     * @param settledNumber the newest block that the chain won't leave.
     * @return true if that is done.
     */
    boolean tryForget(final long settledNumber)
    {
        for (int i = 0; i < blocks.size(); i++)
        {
            if (blocks.get(i).number > settledNumber)
            {
                return false;
            }
        }
        isForgotten |= !blocks.isEmpty();
        release();
        return true;
    }

    /** Keeps the logs of blocks no longer. */
    void release()
    {
        blocks.forEach(ToldPast::release);
        blocks.clear();
    }

    private static void release(final TailBlock block)
    {
        block.page.release();
        block.page.dropBytes();
    }

    /**
     * Gives all of it, to be taken back. Nothing is kept then.
     *
     * @param topic      what was subscribed to.
     * @param fromNumber the first block that was wanted.
     * @param heads      know the chain.
     * @param reader     tells what is found.
     * @param out        takes the blocks, the newest first.
     * @return false if some can't be told, since it is no longer kept.
     */
    boolean take(
        final TopicState topic, final long fromNumber, final HeadArbiter heads, final HistoryReader reader,
        final List<TailBlock> out)
    {
        boolean isAll = !isForgotten &&
            (before == null || isOnChain(heads, before.blockNumber(), before.hashStart()));
        final List<Logs> told = new ArrayList<>();
        for (final TailBlock block : blocks)
        {
            isAll &= tryCollect(block, told);
        }
        release();
        isAll &= tryCollectAllPublished(topic, settledNumber(topic, heads), told);
        // The topic's items of older blocks were not for it.
        told.removeIf(logs -> logs.number < fromNumber);
        told.sort(Comparator.comparingLong((Logs logs) -> logs.number).reversed());
        for (final Logs logs : told)
        {
            final TailBlock block = block(reader, logs);
            out.add(block);
            isAll &= block.page.bytes != null || block.page.count == 0;
        }
        counters.add(RelayCounter.SESSION_GAPS, isAll ? 0 : 1);
        return isAll;
    }

    /** The newest block that the chain won't leave, and all of whose logs are published. */
    private static long settledNumber(final TopicState topic, final HeadArbiter heads)
    {
        return Math.min(heads.tipNumber() - HistoryReader.TAIL_BLOCKS, topic.feed.logs.wholeNumber());
    }

    private boolean isOnChain(final HeadArbiter heads, final long number, final long hashStart)
    {
        return heads.tryCopyHash(number, chainHash) && chainHash[0] == hashStart;
    }

    private boolean tryCollect(final TailBlock block, final List<Logs> left)
    {
        final HistoryPage page = block.page;
        if (page.isAnswered && page.count == 0)
        {
            logs(block.number, block.hash, left);
            return true;
        }
        final int count = block == partial ? partSent : page.count;
        for (int i = 0; page.bytes != null && i < count; i++)
        {
            collect(page.bytes, page.offsets[i], page.lengths[i], left);
        }
        return page.bytes != null;
    }

    private static Logs logs(final long number, final long[] hash, final List<Logs> left)
    {
        for (int i = left.size() - 1; i >= 0; i--)
        {
            if (HexWords.equal(left.get(i).hash, 0, hash, 0))
            {
                return left.get(i);
            }
        }
        final Logs logs = new Logs(number, hash);
        left.add(logs);
        return logs;
    }

    private boolean tryCollectAllPublished(final TopicState topic, final long settledNumber, final List<Logs> told)
    {
        boolean isAll = true;
        for (int i = 0; i < sequences.size(); i++)
        {
            isAll &= tryCollectPublished(topic, sequences.getLong(i), told);
        }
        final LongArrayList unsettled = UnsettledItems.between(topic, from, to, settledNumber);
        for (int i = 0; i < unsettled.size(); i++)
        {
            tryCollectPublished(topic, unsettled.getLong(i), told);
        }
        return isAll && (from >= to || from >= topic.group.history.oldest());
    }

    private boolean tryCollectPublished(final TopicState topic, final long sequence, final List<Logs> told)
    {
        final TopicHistory history = topic.group.history;
        final FeedHistory feed = topic.feed.history;
        if (sequence < history.oldest())
        {
            return false;
        }
        final long position = history.position(sequence);
        if (feed.hasPlace(position) && !feed.isRemoved(position))
        {
            collect(feed.bytes(position), feed.offset(position), feed.length(position), told);
        }
        return true;
    }

    private void collect(final byte[] bytes, final int offset, final int length, final List<Logs> left)
    {
        if (!identity.tryRead(bytes, offset, length))
        {
            return;
        }
        logs(identity.blockNumber, identity.blockHash, left).texts.put(
            identity.logIndex, Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /** As if it had been read and sent. */
    private TailBlock block(final HistoryReader reader, final Logs logs)
    {
        final TailBlock block = new TailBlock(logs.number, logs.hash);
        block.isSent = true;
        block.page = new HistoryPage(
            HistoryPage.Kind.BLOCK, reader, null, logs.number, logs.number, block.hash);
        block.page.isAsked = true;
        block.page.isAnswered = true;
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        logs.texts.forEach((index, text) ->
        {
            block.page.add(bytes.size(), text.length, index, logs.number);
            bytes.writeBytes(text);
        });
        block.page.bytes = logs.texts.isEmpty() ? null : bytes.toByteArray();
        keep(block.page, reader.subscriber().removals(budget));
        return block;
    }
}
