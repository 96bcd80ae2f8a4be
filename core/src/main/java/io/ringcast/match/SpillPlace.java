package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.lane.HeadArbiter;
import io.ringcast.lane.HeadKeys;
import io.ringcast.lane.LogIdentity;
import io.ringcast.session.PortableCursor;
import org.agrona.collections.LongArrayList;

import java.util.ArrayDeque;
import java.util.List;
import java.util.StringJoiner;

/**
 * Where a slow subscriber stands on the chain that is to be read on for from the upstreams, once what it has yet to get
 * is no longer kept; or that is to be told at least of the logs as removed that it had.
 * Confined to the pipeline thread that runs match.
 *
 * <p>It is noted with each answer that the subscriber gets, and as it begins to lag. From then on the chain may leave
 * blocks that the subscriber had items of. So each item that it has yet to get is looked at before the history lets go
 * of it: removed logs that it had are kept, since no upstream can tell them any more, and the lowest block that the
 * chain has put in the place of another one is where reading has to begin. Where nothing is let go of, nothing is done.
 * Heads are not told as removed; who wants whole blocks is told the hashes of those that were left, so these are noted.
 *
 * <pre>
 *   what it had ........ last | next, yet to get ...... looked at up to here | kept .............. published next
 *        ^ begins, if the chain has left last
 * </pre>
 */
final class SpillPlace
{
    /** Takes removed logs that the subscriber had. */
    interface Removals
    {
        /**
         * Takes one.
         *
         * @param sequence its number in the topic.
         * @param text     the log; it does not change any more.
         * @param readAtNs when it was read from the upstream.
         * @return false if there is no room for it now.
         */
        boolean tryTell(long sequence, byte[] text, long readAtNs);
    }

    /** No reorg is expected to leave more blocks. */
    private static final int KEPT_HASHES = HistoryReader.TAIL_BLOCKS;
    private static final int HASHES_BYTES = KEPT_HASHES * HexWords.WORDS * Long.BYTES;

    private final TopicGroup group;
    private final FeedHistory feed;
    private final KeptRemovals removals;
    private final boolean isOfHeads;
    private final boolean isOrdered;
    private final HeadArbiter heads;
    /** The hashes of the last blocks that it had, the newest first; null if none is to be told, or there is no room. */
    private long[] hashes;
    private int hashCount;
    private final long[] hash = new long[HexWords.WORDS];
    private final LogIdentity identity = new LogIdentity();
    private final HeadKeys keys = new HeadKeys();
    /** Removed logs that it had, in the order in which they were published. */
    private final ArrayDeque<byte[]> owed = new ArrayDeque<>();
    /** Their numbers in the topic, and when each was read. */
    private final LongArrayList owedSequences = new LongArrayList();
    private final LongArrayList owedReadAtNs = new LongArrayList();
    private PortableCursor last;
    private long next;
    private long seen;
    /** Whether the chain has left the last item, and if so, the lowest block that is to be read. */
    private boolean isLeft;
    private long firstNumber;
    /** The lowest block of which it was told that it was left. */
    private long toldNumber;
    /** Whether the item that was looked at last is a removal of one that it had. */
    private boolean isInRemovals;

    SpillPlace(final TopicState topic, final HeadArbiter heads, final KeptRemovals removals)
    {
        this.heads = heads;
        isOrdered = topic.ordered != null;
        group = topic.group;
        feed = topic.feed.history;
        this.removals = removals;
        isOfHeads = topic.feed.kind == Feed.Kind.HEADS;
    }

    /** It has all up to an item; the place of the one before is noted while that is kept. */
    void note(final long sequence)
    {
        forgetOwed();
        next = sequence;
        seen = sequence;
        isLeft = false;
        isInRemovals = false;
        firstNumber = Long.MAX_VALUE;
        toldNumber = Long.MAX_VALUE;
        final long position = sequence <= group.history.oldest() ? -1 : group.history.position(sequence - 1);
        last = position < 0 ? null : feed.place(position);
        if (last != null && feed.isRemoved(position))
        {
            // What it had of the block is being taken back.
            isLeft = true;
            isInRemovals = true;
            firstNumber = last.blockNumber();
        }
        noteHashes(position);
    }

    private void noteHashes(final long position)
    {
        hashCount = 0;
        if (last == null || !isOrdered || !isOfHeads)
        {
            return;
        }
        if (hashes == null && removals.tryTakeFor(this, HASHES_BYTES))
        {
            hashes = new long[KEPT_HASHES * HexWords.WORDS];
        }
        if (hashes != null && keys.tryRead(feed.bytes(position), feed.offset(position), feed.length(position)))
        {
            addHash(keys.hash);
            noteParents();
        }
    }

    /** Most are on the published chain; what that has left already is looked up among what is kept. */
    private void noteParents()
    {
        while (hashCount < KEPT_HASHES && !isOnChain(keys.parentHash))
        {
            addHash(keys.parentHash);
            final long position = feed.find(last.blockNumber() - hashCount + 1, keys.parentHash[0], 0);
            if (position < 0 || !keys.tryRead(feed.bytes(position), feed.offset(position), feed.length(position)))
            {
                return;
            }
        }
        while (hashCount < KEPT_HASHES && heads.tryCopyHash(last.blockNumber() - hashCount, hash))
        {
            addHash(hash);
        }
    }

    private boolean isOnChain(final long[] wanted)
    {
        return heads.tryCopyHash(last.blockNumber() - hashCount, hash) && HexWords.equal(hash, 0, wanted, 0);
    }

    private void addHash(final long[] words)
    {
        System.arraycopy(words, 0, hashes, hashCount++ * HexWords.WORDS, HexWords.WORDS);
    }

    /** It is up to date, or gone, or read for: nothing is looked at for it any more. */
    void forget()
    {
        last = null;
        forgetOwed();
        if (hashes != null)
        {
            hashes = null;
            removals.give(HASHES_BYTES);
        }
    }

    private void forgetOwed()
    {
        owed.forEach(removal -> removals.give(HistoryPage.heldBytes(removal)));
        owed.clear();
        owedSequences.clear();
        owedReadAtNs.clear();
    }

    /** Whether it is known where it stands, if it asks for an item. */
    boolean isAt(final long sequence)
    {
        return last != null && next == sequence;
    }

    /** The place of the last item that it had. */
    PortableCursor last()
    {
        return last;
    }

    /** Whether the chain has left that item. */
    boolean isLeft()
    {
        return isLeft;
    }

    /** The block that reading begins with. */
    long firstNumber()
    {
        return isLeft ? firstNumber : last.blockNumber();
    }

    /** Whether it can tell all that is to be told of the blocks that it had, and that the chain has left. */
    boolean canTellLeft()
    {
        return !isLeft || !isOrdered || !isOfHeads || knowsHash(firstNumber);
    }

    /** Whether the hash of a block that it had is noted. */
    boolean knowsHash(final long number)
    {
        return last != null && number <= last.blockNumber() && last.blockNumber() - number < hashCount;
    }

    /** Whether it had a block, as far as hashes are noted. */
    boolean hasHad(final long number, final long hashStart)
    {
        return knowsHash(number) && hashes[hashIndex(number)] == hashStart;
    }

    /** Spells the hashes of the blocks that it had, from one on. */
    void addHashes(final long fromNumber, final StringJoiner out)
    {
        for (long number = fromNumber; number <= last.blockNumber(); number++)
        {
            out.add(HexWords.toText(hashes, hashIndex(number)));
        }
    }

    private int hashIndex(final long number)
    {
        return (int)(last.blockNumber() - number) * HexWords.WORDS;
    }

    /** Whether nothing is known of it any more: something could not be kept that it would have to be told. */
    boolean isForgotten()
    {
        return last == null;
    }

    /** Whether the chain has left more of what it had since {@link #takeLeft}. */
    boolean hasLeft()
    {
        return isLeft && (firstNumber < toldNumber || !owed.isEmpty());
    }

    /**
     * Gives the blocks that it had, and that the chain has left since it was asked last, with those of their logs that
     * it had. Whoever takes them answers for the room that they take.
     *
     * @param reader      reads on for it.
     * @param readNumber the block that it has been given again by the reader, which answers for that; -1 for none.
     * @param out         takes them, the newest first.
     */
    void takeLeft(final HistoryReader reader, final long readNumber, final List<TailBlock> out)
    {
        if (!isLeft)
        {
            return;
        }
        if (isOfHeads)
        {
            takeLeftHeads(readNumber, out);
        }
        while (!owed.isEmpty())
        {
            takeLeftLogs(reader, readNumber, out);
        }
        owedSequences.clear();
        owedReadAtNs.clear();
        toldNumber = Math.min(toldNumber, firstNumber);
    }

    private void takeLeftHeads(final long readNumber, final List<TailBlock> out)
    {
        final long newest = Math.min(last.blockNumber(), toldNumber - 1);
        for (long number = newest; isOrdered && number >= firstNumber; number--)
        {
            if (number != readNumber)
            {
                System.arraycopy(hashes, hashIndex(number), hash, 0, HexWords.WORDS);
                out.add(new TailBlock(number, hash));
            }
        }
    }

    private void takeLeftLogs(final HistoryReader reader, final long readNumber, final List<TailBlock> out)
    {
        final ArrayDeque<byte[]> logs = new ArrayDeque<>();
        long takenBytes = 0;
        long number = 0;
        for (byte[] log = owed.peek(); log != null && identity.tryRead(log, 0, log.length); log = owed.peek())
        {
            if (logs.isEmpty())
            {
                number = identity.blockNumber;
                System.arraycopy(identity.blockHash, 0, hash, 0, HexWords.WORDS);
            }
            else if (identity.blockNumber != number || !HexWords.equal(identity.blockHash, 0, hash, 0))
            {
                break;
            }
            logs.addFirst(owed.poll());
            takenBytes += HistoryPage.heldBytes(log);
        }
        if (number == readNumber)
        {
            removals.give(takenBytes);
            return;
        }
        final TailBlock block = new TailBlock(number, hash);
        block.page = HistoryPage.ofLogs(reader, number, block.hash, logs);
        removals.add(block.page);
        out.add(block);
    }

    /** Whether all was looked at that the history has let go of. */
    boolean knowsAll()
    {
        return last != null && seen >= group.history.oldest();
    }

    /**
     * Tells of the removed logs that it had, and that are no longer kept, each once. They are held until the next
     * {@link #note}.
     *
     * @param taker takes them, in the order in which they were published.
     * @return false if there was no room for all.
     */
    boolean tryTellOwed(final Removals taker)
    {
        int place = 0;
        for (final byte[] text : owed)
        {
            final long sequence = owedSequences.getLong(place);
            if (sequence >= group.history.oldest())
            {
                break;
            }
            if (sequence >= next)
            {
                if (!taker.tryTell(sequence, text, owedReadAtNs.getLong(place)))
                {
                    return false;
                }
                next = sequence + 1;
            }
            place++;
        }
        return true;
    }

    /** The feed's history lets go of an item. */
    void onDropping(final long position)
    {
        while (last != null && seen < group.history.next() && isToLookAt(position))
        {
            look(seen++);
        }
    }

    /** The position of the first item that it has to look at before it is let go of. */
    long wantedPosition()
    {
        return last == null ? Long.MAX_VALUE :
            seen < group.history.oldest() || seen >= group.history.next() ? feed.next() : group.history.position(seen);
    }

    /** Looks at all that is kept. */
    void lookAtAll()
    {
        onDropping(feed.next());
    }

    private boolean isToLookAt(final long position)
    {
        if (seen < group.history.oldest())
        {
            // Something was let go of unseen.
            forget();
            return false;
        }
        return group.history.position(seen) <= position;
    }

    private void look(final long sequence)
    {
        final long position = group.history.position(sequence);
        if (!feed.hasPlace(position))
        {
            forget();
        }
        else if (isOfHeads)
        {
            if (feed.blockNumber(position) <= last.blockNumber())
            {
                isLeft = true;
                firstNumber = Math.min(firstNumber, feed.blockNumber(position));
            }
        }
        else if (feed.isRemoved(position))
        {
            lookAtRemoval(sequence, position);
        }
        else
        {
            lookAtLog(position);
        }
    }

    /** Logs are removed the newest first, and what it had lies below all that came since. */
    private void lookAtRemoval(final long sequence, final long position)
    {
        final long number = feed.blockNumber(position);
        final boolean isHad = isLeft ? number < firstNumber || isInRemovals && number == firstNumber :
            number == last.blockNumber() && feed.hashStart(position) == last.hashStart() &&
                feed.indexInBlock(position) == last.itemIndex();
        isInRemovals = isHad;
        if (isHad)
        {
            isLeft = true;
            firstNumber = number;
            owe(sequence, position);
        }
    }

    private void lookAtLog(final long position)
    {
        final long number = feed.blockNumber(position);
        isInRemovals = false;
        if (isLeft)
        {
            firstNumber = Math.min(firstNumber, number);
        }
        else if (number < last.blockNumber() || number == last.blockNumber() &&
            (feed.hashStart(position) != last.hashStart() || feed.indexInBlock(position) <= last.itemIndex()))
        {
            // A node has told it late: what is read from the last item on would not have it.
            forget();
        }
    }

    private void owe(final long sequence, final long position)
    {
        final byte[] removal = new byte[feed.length(position)];
        if (!removals.tryTakeFor(this, HistoryPage.heldBytes(removal)))
        {
            forget();
            return;
        }
        System.arraycopy(feed.bytes(position), feed.offset(position), removal, 0, removal.length);
        owed.add(removal);
        owedSequences.addLong(sequence);
        owedReadAtNs.addLong(feed.readAtNs(position));
    }
}
