package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.session.ItemStamp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.StringJoiner;

/**
 * Says of the items that one subscriber gets from its history which whole blocks they are of, and what the chain has
 * left meanwhile.
 * Confined to the pipeline thread that runs match.
 */
final class OrderedPast
{
    /** What is to be said of a block: its items are not to be held any longer than they are paid for. */
    private record LeftBlock(long number, long[] hash)
    {
    }

    private final PatientSubscriber subscriber;
    private final HistoryTail tail;
    /** Blocks that were told and that the chain has left since; an item that follows tells of them. */
    private final List<LeftBlock> left = new ArrayList<>(0);

    OrderedPast(final PatientSubscriber subscriber, final HistoryTail tail)
    {
        this.subscriber = subscriber;
        this.tail = tail;
    }

    /** The chain has left blocks that were told. */
    void onLeft(final List<TailBlock> blocks)
    {
        blocks.forEach(block -> left.add(new LeftBlock(block.number, block.hash)));
    }

    /** Blocks from one on are told, each behind the one before. */
    void onBegun(final long firstNumber)
    {
        subscriber.orderedPlace.toldTo = Math.max(subscriber.orderedPlace.toldTo, firstNumber - 1);
    }

    /** What was told of a block is taken back, or nothing was. */
    void onTakenBack(final long number)
    {
        subscriber.orderedPlace.toldTo = Math.min(subscriber.orderedPlace.toldTo, number - 1);
    }

    /** All that a subscriber had of a block, before it came or now. */
    void onTold(final long number)
    {
        subscriber.orderedPlace.toldTo = number;
    }

    /**
     * Marks the blocks without an item, if that is wanted.
     *
     * @param number the block behind the last one to be marked.
     * @return false if there is no room for all of them.
     */
    boolean tryMarkEmpty(final long number, final boolean isOfNewBranch, final ReplayAnswer answer)
    {
        while (subscriber.topic.topic.marksEmptyBlocks && subscriber.orderedPlace.toldTo + 1 < number)
        {
            if (!answer.hasRoom(OrderedOutput.NO_ITEM.length))
            {
                return false;
            }
            mark(answer.sendReadMark(subscriber), ++subscriber.orderedPlace.toldTo, 0, 0, isOfNewBranch);
        }
        return true;
    }

    /** Says of an item which of how many of a block it is. */
    void mark(
        final ItemStamp stamp, final long number, final int index, final int count, final boolean mayTellOfReorg)
    {
        stamp.orderNumber = number;
        stamp.orderIndex = index;
        stamp.orderCount = count;
        if (mayTellOfReorg && !left.isEmpty())
        {
            stamp.reorg = bracket();
            left.clear();
        }
    }

    private byte[] bracket()
    {
        left.sort(Comparator.comparingLong(LeftBlock::number));
        final long common = left.get(0).number() - 1;
        final StringJoiner dropped = hashes();
        left.forEach(block -> dropped.add(HexWords.toText(block.hash(), 0)));
        final StringJoiner added = hashes();
        for (final TailBlock block : tail.blocks())
        {
            if (block.number > common)
            {
                added.add(HexWords.toText(block.hash, 0));
            }
        }
        return BlockOrder.bracket(left.size(), common, dropped, added).getBytes(StandardCharsets.US_ASCII);
    }

    private static StringJoiner hashes()
    {
        return new StringJoiner("\",\"", "\"", "\"").setEmptyValue("");
    }
}
