package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.lane.HeadArbiter;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.StageClock;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Publishes whole blocks in a fixed order to the topics that asked for it: what the chain has left, as removed and in
 * reverse; then each new head and the logs of its block.
 * Confined to the pipeline thread that runs match.
 *
 * <p>A block goes out when it is known to have all its logs, in one slot; what is not known soon enough is fetched. Its
 * items are taken from the feeds' histories, with the numbers that they have there. A block that the chain leaves
 * before it is whole is left out. All topics of a network go together, so the order holds across the subscriptions of a
 * connection.
 */
final class BlockOrder
{
    /** How many blocks that went out are known, to be taken back. */
    static final int KEPT = 256;
    /** After so many items the next block waits for the next slot. */
    private static final int LIMIT_ITEMS = 512;
    /** The same after so many looks at what a topic has of a block: with sparse filters that is nothing, mostly. */
    static final int LIMIT_LOOKS = 2_048;
    private static final int WORDS = HexWords.WORDS;
    private static final long NONE = -1;

    private final HeadArbiter heads;
    private final HistoryBudget budget;
    private final OrderedOutput output;
    private final ToldBlocks told = new ToldBlocks();
    /** In the order in which they came. */
    private final Set<OrderedTopic> topics = new LinkedHashSet<>();
    /** Those of the topics that are of logs: one as a rule, whatever the number of topics. */
    private final List<Feed> logFeeds = new ArrayList<>();
    private final long[] hashes = new long[KEPT * WORDS];
    private final long[] ordinals = new long[KEPT];
    private final long[] hash = new long[WORDS];
    /** The last block that went out; what is below the first was before there was anybody. */
    private long tipNumber = NONE;
    private long firstNumber;
    private long lastOrdinal;
    /** The lowest head that was published since what went out was known to lead to the chain's newest. */
    private long lowestNumber = Long.MAX_VALUE;

    BlockOrder(final HeadArbiter heads, final HistoryBudget budget, final StageClock clock,
        final CounterSet counters)
    {
        this.heads = heads;
        this.budget = budget;
        output = new OrderedOutput(clock, counters);
    }

    void onAdded(final TopicState topic)
    {
        if (!topic.topic.isBlockOrdered || topic.group.history == null)
        {
            return;
        }
        if (topics.isEmpty())
        {
            begin();
        }
        topic.ordered = new OrderedTopic(
            topic, heads.hasHead() ? heads.tipNumber() + 1 : 0, told, new ToldItems(budget.told()));
        topics.add(topic.ordered);
        if (topic.group.orderedCount++ == 0)
        {
            topic.group.blockItems = new BlockItems(topic.feed.logs == null);
        }
        if (topic.feed.logs != null)
        {
            topic.feed.logs.wantWhole();
            if (topic.feed.orderedCount++ == 0)
            {
                logFeeds.add(topic.feed);
            }
        }
    }

    void onRemoved(final TopicState topic)
    {
        if (topic.ordered == null || !topics.remove(topic.ordered))
        {
            return;
        }
        topic.ordered.items.release();
        if (--topic.group.orderedCount == 0)
        {
            topic.group.blockItems = null;
        }
        if (topic.feed.logs != null && --topic.feed.orderedCount == 0)
        {
            logFeeds.remove(topic.feed);
        }
    }

    /** A head was published. */
    void onHead(final long number)
    {
        lowestNumber = Math.min(lowestNumber, number);
    }

    /** The slot's work is done: what has become whole goes out. */
    void onSlotEnd(final ActionList<MatchedAction> out)
    {
        if (topics.isEmpty() || !heads.hasHead())
        {
            return;
        }
        if (tipNumber == NONE)
        {
            tipNumber = heads.tipNumber() - 1;
            firstNumber = heads.tipNumber();
        }
        final long whole = wholeNumber();
        long fork = fork();
        if (fork > heads.tipNumber())
        {
            // The chain goes on below all that is known of what went out.
            fork = lowestNumber - 1;
        }
        else
        {
            lowestNumber = Long.MAX_VALUE;
        }
        if (whole <= fork)
        {
            return;
        }
        output.begin(out);
        if (fork < tipNumber)
        {
            takeBack(fork, whole);
        }
        if (heads.oldestNumber() - fork > KEPT && whole >= heads.oldestNumber())
        {
            // A gap, too wide to be told number by number.
            fork = heads.oldestNumber() - 1;
            tipNumber = fork;
            firstNumber = heads.oldestNumber();
        }
        for (long number = fork + 1; number <= whole && output.items() < LIMIT_ITEMS &&
            (number - fork - 1) * topics.size() < LIMIT_LOOKS; number++)
        {
            tell(number);
        }
        for (final OrderedTopic topic : topics)
        {
            if (tipNumber == whole)
            {
                // Else the blocks that it goes with are still to come, in other slots.
                topic.endBracket();
            }
            topic.advance(heads, tipNumber);
        }
        if (tipNumber == whole)
        {
            told.endBracket();
        }
    }

    /** Those that come from now on are not told of what is there; who goes on where it was may have it taken back. */
    private void begin()
    {
        tipNumber = heads.hasHead() ? heads.tipNumber() : NONE;
        firstNumber = tipNumber + 1;
        while (firstNumber > 0 && tipNumber - firstNumber < KEPT - 1 && heads.tryCopyHash(firstNumber - 1, hash))
        {
            firstNumber--;
            System.arraycopy(hash, 0, hashes, (int)(firstNumber % KEPT) * WORDS, WORDS);
            ordinals[(int)(firstNumber % KEPT)] = OrderedTopic.BEFORE_ALL;
        }
    }

    /** What was told of the chain. */
    ToldBlocks told()
    {
        return told;
    }

    /** The last block that went out. */
    long tipNumber()
    {
        return tipNumber;
    }

    /**
     * Whether the history of a topic leads to the block that went out last, and no further but for blocks behind it:
     * who has what it says up to there has what has gone out. Of the
     * block that a feed began with more may come until the next one is whole.
     */
    boolean isInStep(final TopicState topic)
    {
        return tipNumber != NONE && heads.hasHead() && fork() == tipNumber &&
            (topic.feed.logs == null || topic.feed.logs.wholeNumber() >= tipNumber &&
            topic.feed.logs.startNumber() < tipNumber);
    }

    /** Up to which block all logs are published of each feed that has begun. */
    private long wholeNumber()
    {
        long whole = heads.tipNumber();
        for (int i = 0; i < logFeeds.size(); i++)
        {
            whole = Math.min(whole, logFeeds.get(i).logs.wholeNumber());
        }
        return whole;
    }

    /** The highest block that went out and that the chain has not left. */
    private long fork()
    {
        long number = tipNumber;
        while (number >= firstNumber && number > tipNumber - KEPT && isLeft(number))
        {
            number--;
        }
        return number;
    }

    private boolean isLeft(final long number)
    {
        return number > heads.tipNumber() ||
            heads.tryCopyHash(number, hash) && !HexWords.equal(hash, 0, hashes, (int)(number % KEPT) * WORDS);
    }

    private void takeBack(final long fork, final long whole)
    {
        final byte[] bracket = bracket(fork, whole);
        told.beginBracket(bracket);
        for (final OrderedTopic topic : topics)
        {
            topic.beginBracket(bracket);
        }
        final long lowest = lowestKept(fork);
        for (long number = tipNumber; number >= lowest; number--)
        {
            final int place = (int)(number % KEPT);
            told.add(number, true);
            for (final OrderedTopic topic : topics)
            {
                if (topic.isLogs() && topic.hasHad(ordinals[place]))
                {
                    output.takeBack(topic, number, hashes[place * WORDS]);
                }
            }
        }
        tipNumber = fork;
        if (lowest > fork + 1)
        {
            // What is kept of lower numbers is of blocks that went out long ago.
            firstNumber = fork + 1;
        }
    }

    /** The lowest of those behind a block that went out and are known. */
    private long lowestKept(final long fork)
    {
        return Math.max(fork + 1, Math.max(firstNumber, tipNumber - KEPT + 1));
    }

    private void tell(final long number)
    {
        lastOrdinal++;
        tipNumber = number;
        if (!heads.tryCopyHash(number, hash))
        {
            // A gap was declared: nobody knows this block.
            Arrays.fill(hash, 0);
        }
        final int place = (int)(number % KEPT);
        System.arraycopy(hash, 0, hashes, place * WORDS, WORDS);
        ordinals[place] = lastOrdinal;
        told.add(number, false);
        tell(number, false);
        tell(number, true);
    }

    private void tell(final long number, final boolean isLogs)
    {
        for (final OrderedTopic topic : topics)
        {
            if (topic.isLogs() == isLogs && topic.tryBegin(number, lastOrdinal))
            {
                output.tell(topic, number, hash[0]);
            }
        }
    }

    private byte[] bracket(final long fork, final long whole)
    {
        final StringJoiner dropped = new StringJoiner("\",\"", "\"", "\"");
        for (long number = lowestKept(fork); number <= tipNumber; number++)
        {
            dropped.add(HexWords.toText(hashes, (int)(number % KEPT) * WORDS));
        }
        return bracket(tipNumber - fork, fork, dropped, whole);
    }

    /** {@code {"depth":2,"common":"0x12d685","dropped":["0x…"],"added":["0x…"]}}, the newest first in neither list. */
    byte[] bracket(final long depth, final long fork, final StringJoiner dropped, final long whole)
    {
        final StringJoiner added = new StringJoiner("\",\"", "\"", "\"").setEmptyValue("");
        for (long number = Math.max(fork + 1, heads.oldestNumber()); number <= whole; number++)
        {
            if (heads.tryCopyHash(number, hash))
            {
                added.add(HexWords.toText(hash, 0));
            }
        }
        return bracket(depth, fork, dropped, added).getBytes(StandardCharsets.US_ASCII);
    }

    /** The same for who knows both lists. */
    static String bracket(
        final long depth, final long fork, final StringJoiner dropped, final StringJoiner added)
    {
        return "{\"depth\":" + depth + ",\"common\":\"0x" + Long.toHexString(fork) + "\",\"dropped\":[" +
            dropped + "],\"added\":[" + added + "]}";
    }
}
