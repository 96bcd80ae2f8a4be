package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.lane.HeadArbiter;

import java.util.Arrays;

/**
 * A topic that is told whole blocks, and how far it has been told.
 * Confined to the pipeline thread that runs match.
 */
final class OrderedTopic
{
    /** Stands for the blocks that were there before anybody was told any. */
    static final long BEFORE_ALL = 0;
    private static final long NOT_BEGUN = Long.MAX_VALUE;
    private static final int NOT_KNOWN = -1;

    final TopicState topic;
    /** What it was told. */
    final ToldItems items;
    private final ToldBlocks blocks;
    private final long fromNumber;
    private final long[] hash = new long[HexWords.WORDS];
    /** How many items it was told of a block, by its number; not known of what somebody has got who resumed. */
    private final int[] toldItems = new int[BlockOrder.KEPT];
    /** Which of all blocks that were told to anybody was its first. */
    private long firstOrdinal = NOT_BEGUN;
    /** The first {@link ToldBlocks step} that it was told of. */
    private long firstStep = NOT_BEGUN;
    /** The lowest block that it was told. */
    private long firstNumber = Long.MAX_VALUE;
    /** The number of the first item of the topic that may be yet to be told. */
    private long sequence;
    /** The number behind that of the item that was told last; before the first, that of the item that comes next. */
    private long nextSequence;
    /** The place of the last one that said that a log was removed; lower than all before there is one. */
    private long lastRemoval = -1;
    /** The first of the items that were lost since it was told one, and how many. */
    private long lostFrom;
    private long lostCount;
    /** What is to be said with its next item of the chain's having left blocks; null if nothing is. */
    private byte[] bracket;

    /**
     * Creates it.
     *
     * @param topic      the topic; items of it are kept.
     * @param fromNumber the first block that it may begin with.
     * @param blocks     the steps that all are told.
     * @param items      takes what this one is told.
     */
    OrderedTopic(final TopicState topic, final long fromNumber, final ToldBlocks blocks, final ToldItems items)
    {
        this.topic = topic;
        this.blocks = blocks;
        this.items = items;
        this.fromNumber = fromNumber;
        sequence = topic.group.history.next();
        nextSequence = sequence;
        Arrays.fill(toldItems, NOT_KNOWN);
    }

    /** Where a subscriber is that has all that was told: the number behind that of its last item. */
    long nextSequence()
    {
        return nextSequence;
    }

    /** An item is told, which is one of so many in the last step. */
    void onTold(final long toldSequence, final int index, final int total)
    {
        items.add(blocks.next() - 1, toldSequence, index, total);
        nextSequence = toldSequence + 1;
        if (topic.feed.history.isRemoved(topic.group.history.position(toldSequence)))
        {
            lastRemoval = items.next() - 1;
        }
    }

    /** Whether one of the items that it was told, from a place on, said that a log was removed. */
    boolean hasToldRemoval(final long place)
    {
        return lastRemoval >= place;
    }

    /** The step that comes next: who comes now is told of it, and of none before. */
    long nextStep()
    {
        return blocks.next();
    }

    /** The first step that it was told of; higher than all if it has not begun. */
    long firstStep()
    {
        return firstStep;
    }

    /**
     * Where a subscriber is that has all before one of the items that were told: the number behind the one before.
     *
     * @param place the item's place among them, or that of the next one.
     */
    long sequenceBefore(final long place)
    {
        return place > items.oldest() ? items.sequence(place - 1) + 1 :
            place < items.next() ? items.sequence(place) : nextSequence;
    }

    /** The place from which on all items that it was told are known, and can be told again. */
    long oldestKept()
    {
        return items.oldestKept(topic.group.history.oldest(), blocks.oldest());
    }

    /** The same for whole steps. */
    long oldestWhole()
    {
        return items.oldestWhole(topic.group.history.oldest(), blocks.oldest());
    }

    /** The step from which on it is known which blocks had no item for it. */
    long oldestMark()
    {
        return Math.max(blocks.oldest(), items.knownFrom());
    }

    /**
     * Whether it is no longer known which blocks had no item for somebody who is to be told so.
     *
     * @param markStep from which step on.
     */
    boolean hasLostMarks(final long markStep)
    {
        return topic.topic.marksEmptyBlocks && Math.max(firstStep, markStep) < oldestMark();
    }

    /** Somebody has got the blocks before this topic began, up to an item, and is told what becomes of them. */
    void onResumed(final long behind)
    {
        Arrays.fill(toldItems, NOT_KNOWN);
        firstOrdinal = BEFORE_ALL;
        firstStep = Math.min(firstStep, blocks.next());
        firstNumber = 0;
        sequence = Math.min(sequence, behind);
        nextSequence = Math.max(nextSequence, behind);
    }

    /** A block went out with so many items. */
    void onBlockTold(final long number, final int items)
    {
        toldItems[(int)(number % toldItems.length)] = items;
    }

    /** How many items it was told of a block; 0 if that is not known. */
    int toldOf(final long number)
    {
        return Math.max(0, toldItems[(int)(number % toldItems.length)]);
    }

    /** Items of the last step are not told, since they were not kept; the next item tells so. */
    void onLost(final long fromSequence, final int lost)
    {
        lostFrom = lostCount == 0 ? fromSequence : lostFrom;
        lostCount += lost;
    }

    /** Nothing of the last step can be told, though there was something. */
    void onNothingTold()
    {
        items.addNone(blocks.next() - 1);
    }

    long lostFrom()
    {
        return lostFrom;
    }

    /** How many items were lost before the next one; it is the one that tells. */
    long takeLoss()
    {
        final long count = lostCount;
        endLoss();
        return count;
    }

    /** Nobody is there to be told. */
    void endLoss()
    {
        lostCount = 0;
    }

    /**
     * How many of a block's items were published behind its end, and not told to those who get whole blocks.
     *
     * @param number    the block's number.
     * @param published how many were published in all.
     */
    int untold(final long number, final int published)
    {
        final int told = toldItems[(int)(number % toldItems.length)];
        return told == NOT_KNOWN ? 0 : Math.max(0, published - told);
    }

    /** The lowest block that it was told, or that somebody has got who resumed. */
    long firstNumber()
    {
        return firstNumber;
    }

    /** Whether it was told any block. */
    boolean hasBegun()
    {
        return firstOrdinal != NOT_BEGUN;
    }

    boolean isLogs()
    {
        return topic.feed.logs != null;
    }

    /** The first item that may be yet to be told, or the first that is kept. */
    long sequence()
    {
        return Math.max(sequence, topic.group.history.oldest());
    }

    /** Whether the history has let go of something that may be yet to be told. */
    boolean hasLostSome()
    {
        return sequence < topic.group.history.oldest();
    }

    /** Whether it is to be told a block: it begins with the first that it can have whole. */
    boolean tryBegin(final long number, final long ordinal)
    {
        if (firstOrdinal == NOT_BEGUN && number >= fromNumber &&
            (!isLogs() || number > topic.feed.logs.startNumber()))
        {
            firstOrdinal = ordinal;
            passOverThoseBelow(number);
            firstStep = blocks.next() - 1;
        }
        firstNumber = firstOrdinal <= ordinal ? Math.min(firstNumber, number) : firstNumber;
        return firstOrdinal <= ordinal;
    }

    /** What came of lower blocks since the topic began is not told: who goes on here has it behind. */
    private void passOverThoseBelow(final long number)
    {
        final FeedHistory feed = topic.feed.history;
        final TopicHistory history = topic.group.history;
        final long oldest = Math.max(nextSequence, history.oldest());
        for (long last = history.next() - 1; last >= oldest; last--)
        {
            if (feed.hasPlace(history.position(last)) && feed.blockNumber(history.position(last)) < number)
            {
                nextSequence = last + 1;
                return;
            }
        }
    }

    /** Whether it was told a block. */
    boolean hasHad(final long ordinal)
    {
        return firstOrdinal <= ordinal;
    }

    void beginBracket(final byte[] text)
    {
        bracket = firstOrdinal == NOT_BEGUN ? null : text;
    }

    byte[] takeBracket()
    {
        final byte[] text = bracket;
        bracket = null;
        return text;
    }

    void endBracket()
    {
        bracket = null;
    }

    /** Passes over what was told, or is never going to be. */
    void advance(final HeadArbiter heads, final long toldNumber)
    {
        final FeedHistory feed = topic.feed.history;
        final TopicHistory history = topic.group.history;
        for (sequence = sequence(); sequence < history.next(); sequence++)
        {
            final long position = history.position(sequence);
            if (feed.hasPlace(position) && !feed.isRemoved(position) && feed.blockNumber(position) > toldNumber &&
                heads.tryCopyHash(feed.blockNumber(position), hash) && hash[0] == feed.hashStart(position))
            {
                return;
            }
        }
    }
}
