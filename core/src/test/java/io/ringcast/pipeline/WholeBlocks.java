package io.ringcast.pipeline;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds what stands beside the items of one subscription against the chain: each block comes whole, counted, and behind
 * the one before; what is taken back is said to be a reorganisation.
 * Confined to the test's thread.
 */
final class WholeBlocks
{
    private static final Pattern MARK = Pattern.compile(
        "\\{(.*?)\"blk\":\"(0x[0-9a-f]+)\",\"i\":(\\d+),\"n\":(\\d+),\"end\":(\\w+).*}");

    private final PastChain chain;
    private final boolean isAll;
    private final boolean isOfHeads;
    private final boolean wantsEmpty;
    /** Where it begins within a block; 0 if it does not. */
    private int firstIndex;
    private String block = "";
    private int next;
    private int count;
    private boolean isRemoval;
    /** The last block that was told; -1 before the first. */
    private long told = -1;
    /** Whether an item had a number: it was published. */
    boolean hasJoined;

    /** Begins with the items from one of a block on. */
    WholeBlocks(
        final PastChain chain, final boolean isAll, final boolean isOfHeads, final boolean wantsEmpty,
        final int firstIndex)
    {
        this.chain = chain;
        this.isAll = isAll;
        this.isOfHeads = isOfHeads;
        this.wantsEmpty = wantsEmpty;
        this.firstIndex = firstIndex;
    }

    /**
     * Takes an item.
     *
     * @param item   the item, or null for a block without one.
     * @param relay  what stands beside it.
     * @param isBack whether the chain has left what was told last.
     */
    void onItem(final String item, final String relay, final boolean isBack)
    {
        final Matcher mark = MARK.matcher(relay);
        require(mark.matches(), relay);
        hasJoined |= relay.contains("\"q\":");
        final long number = Long.decode(mark.group(2));
        final int index = Integer.parseInt(mark.group(3));
        final int of = Integer.parseInt(mark.group(4));
        require(Boolean.parseBoolean(mark.group(5)) == index + 1 >= of, relay);
        if ("null".equals(item))
        {
            require(wantsEmpty && index == 0 && of == 0 && next == count, relay);
            onTold(number);
            return;
        }
        final boolean isRemoved = item.contains("\"removed\":true");
        final String hash = PastChain.member(item, isOfHeads ? "hash" : "blockHash");
        final boolean isRest = isRemoved && isRemoval && hash.equals(block) && index == 0 && of == count - next;
        if (!hash.equals(block) || isRemoved != isRemoval || next == count || isRest)
        {
            require(next == count || isRest || isRemoved && hash.equals(block) && of == next,
                "block " + block + " is not whole before " + item);
            require(!isBack || isRemoval || relay.contains("\"reorg\":"), "no reorg: " + item + relay);
            require(index == firstIndex || firstIndex > 0 && index == 0, relay);
            next = index;
            firstIndex = 0;
        }
        block = hash;
        isRemoval = isRemoved;
        count = of;
        require(index == next++, index + " is not next: " + item);
        final PastChain.Block known = chain.byHash(hash);
        require(known.number() == number, relay);
        if (!isOfHeads)
        {
            final List<String> logs = known.logs(isAll);
            require(of == logs.size() || isRemoved && of < logs.size(), of + " of " + logs.size());
            final String original = item.replace("\"removed\":true", "\"removed\":false");
            require(original.equals(logs.get(isRemoved ? logs.size() - 1 - index : index)) ||
                isRemoved && original.equals(logs.get(of - 1 - index)), relay + item);
        }
        if (!isRemoved)
        {
            onTold(number);
        }
    }

    /** All is there. */
    void check()
    {
        require(next == count, "block " + block + " is not whole");
        require(!wantsEmpty || told == chain.tip.number(), "told to " + told + " of " + chain.tip.number());
    }

    private void onTold(final long number)
    {
        require(!wantsEmpty || told < 0 || number <= told + 1, number + " behind " + told);
        told = number;
    }

    private static void require(final boolean isTrue, final String message)
    {
        if (!isTrue)
        {
            throw new AssertionError(message);
        }
    }
}
