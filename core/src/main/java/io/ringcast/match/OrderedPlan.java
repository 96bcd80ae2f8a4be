package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.lane.HeadKeys;
import io.ringcast.lane.LogIdentity;
import org.agrona.collections.LongArrayList;

import java.util.StringJoiner;

/**
 * What a subscriber to whole blocks is to be told behind an item, out of its topic's history: what of it the chain
 * has taken back, and what has come to it, without the visits to branches that came to nothing.
 * Confined to the pipeline thread that runs match; filled again for each question.
 *
 * <p>The history is the chain's log: an item that comes is put on a stack, one that is removed comes off. What comes
 * off an empty stack is the subscriber's.
 */
final class OrderedPlan
{
    /** The numbers of the items that tell what is taken back, the newest log first; empty for heads. */
    final LongArrayList takenBack = new LongArrayList();
    /** The numbers of the items that have come, in the chain's order. */
    final LongArrayList come = new LongArrayList();

    private final LogIdentity identity = new LogIdentity();
    private final HeadKeys keys = new HeadKeys();
    private TopicHistory history;
    private FeedHistory feed;
    private boolean isOfHeads;
    private long first;
    /** What is noted of what a subscriber to heads had, of which not all may be kept; null if nothing is. */
    private SpillPlace place;

    /**
     * Looks through a topic's history.
     *
     * @param subscriber whose topic; where it stands may be noted.
     * @param sequence   the number of the first item that the subscriber has not had; it is kept, or the next one.
     * @param fromNumber items that have come of blocks before this one are left out.
     * @param tipNumber  the same of blocks behind this one.
     */
    void read(
        final PatientSubscriber subscriber, final long sequence, final long fromNumber, final long tipNumber)
    {
        final TopicState topic = subscriber.topic;
        place = subscriber.spill != null && subscriber.spill.isAt(sequence) ? subscriber.spill : null;
        history = topic.group.history;
        feed = topic.feed.history;
        isOfHeads = topic.feed.logs == null;
        first = sequence;
        takenBack.clear();
        come.clear();
        for (long next = sequence; next < history.next(); next++)
        {
            if (feed.hasPlace(history.position(next)))
            {
                take(next);
            }
        }
        while (!come.isEmpty() && blockNumber(come.getLong(come.size() - 1)) > tipNumber)
        {
            come.removeAt(come.size() - 1);
        }
        forgetComeBelow(fromNumber);
    }

    /** All at once: item by item, 65,536 of them took 0.4 s. */
    private void forgetComeBelow(final long number)
    {
        int early = 0;
        while (early < come.size() && blockNumber(come.getLong(early)) < number)
        {
            early++;
        }
        for (int i = early; early > 0 && i < come.size(); i++)
        {
            come.setLong(i - early, come.getLong(i));
        }
        for (; early > 0; early--)
        {
            come.removeAt(come.size() - 1);
        }
    }

    /** What is taken back of blocks before one was never told. */
    void forgetTakenBackBelow(final long number)
    {
        while (!takenBack.isEmpty() && blockNumber(takenBack.getLong(takenBack.size() - 1)) < number)
        {
            takenBack.removeAt(takenBack.size() - 1);
        }
    }

    long blockNumber(final long sequence)
    {
        return feed.blockNumber(history.position(sequence));
    }

    boolean isSameBlock(final long sequence, final long other)
    {
        return blockNumber(sequence) == blockNumber(other) &&
            feed.hashStart(history.position(sequence)) == feed.hashStart(history.position(other));
    }

    /** The last block that the subscriber had items of, or has had taken back behind; -1 if that is no longer kept. */
    long hadNumber()
    {
        if (first - 1 < history.oldest() || !feed.hasPlace(history.position(first - 1)))
        {
            return -1;
        }
        return feed.isRemoved(history.position(first - 1)) ? blockNumber(first - 1) - 1 : blockNumber(first - 1);
    }

    /** How many items of the block of an item the subscriber had. */
    int hadOfBlock(final long sequence)
    {
        int had = 0;
        for (long before = first - 1; takenBack.isEmpty() && before >= history.oldest() &&
            isSameBlock(before, sequence) && !feed.isRemoved(history.position(before)); before--)
        {
            had++;
        }
        return had;
    }

    /** Of heads: how many of those that the subscriber had, the newest first, the chain has left for what has come. */
    int leftHeads()
    {
        if (!isOfHeads || come.isEmpty())
        {
            return 0;
        }
        final long from = blockNumber(come.getLong(0));
        if (place != null && place.knowsHash(from))
        {
            return (int)(place.last().blockNumber() - from + 1);
        }
        int left = 0;
        long lowest = Long.MAX_VALUE;
        for (long before = first - 1; before >= history.oldest() && lowest > from; before--)
        {
            final long number = blockNumber(before);
            if (number < lowest && number >= from)
            {
                left++;
            }
            lowest = Math.min(lowest, number);
        }
        return left;
    }

    /** The hashes of the blocks that the subscriber had and that the chain has left, in ascending order. */
    StringJoiner dropped()
    {
        final StringJoiner hashes = new StringJoiner("\",\"", "\"", "\"");
        if (isOfHeads && place != null && place.knowsHash(blockNumber(come.getLong(0))))
        {
            place.addHashes(blockNumber(come.getLong(0)), hashes);
            return hashes;
        }
        final LongArrayList blocks = new LongArrayList();
        if (isOfHeads)
        {
            final int left = leftHeads();
            for (long before = first - 1; blocks.size() < left; before--)
            {
                if (blocks.isEmpty() || blockNumber(before) < blockNumber(blocks.getLong(blocks.size() - 1)))
                {
                    blocks.addLong(before);
                }
            }
        }
        else
        {
            for (int i = 0; i < takenBack.size(); i++)
            {
                if (i == 0 || !isSameBlock(takenBack.getLong(i), takenBack.getLong(i - 1)))
                {
                    blocks.addLong(takenBack.getLong(i));
                }
            }
        }
        for (int i = blocks.size() - 1; i >= 0; i--)
        {
            hashes.add(hash(blocks.getLong(i)));
        }
        return hashes;
    }

    private String hash(final long sequence)
    {
        final long position = history.position(sequence);
        final byte[] bytes = feed.bytes(position);
        if (isOfHeads)
        {
            keys.tryRead(bytes, feed.offset(position), feed.length(position));
            return HexWords.toText(keys.hash, 0);
        }
        identity.tryRead(bytes, feed.offset(position), feed.length(position));
        return HexWords.toText(identity.blockHash, 0);
    }

    private void take(final long sequence)
    {
        if (isOfHeads)
        {
            takeHead(sequence);
        }
        else if (feed.isRemoved(history.position(sequence)))
        {
            takeRemoval(sequence);
        }
        else if (come.isEmpty() && !takenBack.isEmpty() && isOriginal(sequence, last(takenBack)))
        {
            // The chain has come back to it: the subscriber has it.
            takenBack.removeAt(takenBack.size() - 1);
        }
        else
        {
            come.addLong(sequence);
        }
    }

    private void takeRemoval(final long sequence)
    {
        for (int i = come.size() - 1; i >= 0; i--)
        {
            if (isOriginal(come.getLong(i), sequence))
            {
                come.removeAt(i);
                return;
            }
        }
        takenBack.addLong(sequence);
    }

    private void takeHead(final long sequence)
    {
        while (!come.isEmpty() && blockNumber(last(come)) >= blockNumber(sequence))
        {
            come.removeAt(come.size() - 1);
        }
        if (!come.isEmpty() || !isHad(sequence))
        {
            come.addLong(sequence);
        }
    }

    /** Whether a head is on the chain that the subscriber had. */
    private boolean isHad(final long sequence)
    {
        for (long before = first - 1; before >= history.oldest(); before--)
        {
            if (blockNumber(before) <= blockNumber(sequence))
            {
                return isSameBlock(before, sequence);
            }
        }
        return place != null && place.hasHad(blockNumber(sequence), feed.hashStart(history.position(sequence)));
    }

    private boolean isOriginal(final long sequence, final long removal)
    {
        return feed.isOriginal(history.position(sequence), history.position(removal));
    }

    private static long last(final LongArrayList list)
    {
        return list.getLong(list.size() - 1);
    }
}
