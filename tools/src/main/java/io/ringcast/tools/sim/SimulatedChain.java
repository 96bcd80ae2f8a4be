package io.ringcast.tools.sim;

import io.ringcast.frame.Keccak256;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small chain that grows, forgets and reorganises itself when told to; the same seed and calls give the same chain.
 * Confined to one thread; time is passed in.
 */
final class SimulatedChain
{
    static final long FIRST_NUMBER = 21_000_000;
    private static final String NO_PARENT = "0x" + "0".repeat(64);
    private static final int LIMIT_WAITING = 4096;
    private static final int LIMIT_MINED_PER_BLOCK = 1024;
    private static final int LOGS_PER_TRANSACTION = 3;

    private final ChainSettings settings;
    private final ChainListener listener;
    private final BlockForge forge;
    private final Deque<SimulatedBlock> blocks = new ArrayDeque<>();
    private final Map<String, SimulatedBlock> blocksByHash = new HashMap<>();
    private final Map<String, SimulatedBlock> blocksByTransaction = new HashMap<>();
    private final Map<String, SimulatedTransaction> waiting = new LinkedHashMap<>();
    private int logsPerBlock;

    SimulatedChain(final ChainSettings settings, final ChainListener listener, final long nowMs)
    {
        this.settings = settings;
        this.listener = listener;
        this.forge = new BlockForge(settings.seed());
        this.logsPerBlock = settings.logsPerBlock();
        mine(nowMs);
    }

    long chainId()
    {
        return settings.chainId();
    }

    void logsPerBlock(final int count)
    {
        logsPerBlock = count;
    }

    SimulatedBlock head()
    {
        return blocks.peekLast();
    }

    SimulatedBlock oldest()
    {
        return blocks.peekFirst();
    }

    int length()
    {
        return blocks.size();
    }

    /** Adds a block with what waits. */
    SimulatedBlock mine(final long nowMs)
    {
        final SimulatedBlock parent = head();
        final SimulatedBlock block = forge.block(
            parent == null ? FIRST_NUMBER : parent.number() + 1,
            parent == null ? NO_PARENT : parent.hash(),
            Math.max(nowMs / 1000, parent == null ? 0 : parent.timestampSeconds()),
            takeWaiting(),
            logsPerBlock);
        append(block);
        block.logs().forEach(log -> listener.onLog(log, false));
        listener.onHead(block);
        return block;
    }

    /**
     * Abandons the newest blocks and grows a branch that is one block longer from below them. As with geth, the lost
     * logs come first, marked removed; the lost transactions are mined again.
     */
    SimulatedBlock reorg(final int depth, final long nowMs)
    {
        if (depth < 1 || depth >= blocks.size())
        {
            throw new IllegalArgumentException("depth=" + depth + "; allowed: 1 to " + (blocks.size() - 1));
        }
        final Deque<SimulatedBlock> abandoned = new ArrayDeque<>();
        for (int i = 0; i < depth; i++)
        {
            final SimulatedBlock block = blocks.removeLast();
            forget(block);
            abandoned.addFirst(block);
        }
        final Map<String, SimulatedTransaction> laterWaiting = new LinkedHashMap<>(waiting);
        waiting.clear();
        abandoned.forEach(block -> block.transactions().forEach(lost -> waiting.put(lost.hash(), lost)));
        waiting.putAll(laterWaiting);
        abandoned.forEach(block -> block.logs().forEach(log -> listener.onLog(log, true)));
        for (int i = 0; i <= depth; i++)
        {
            mine(nowMs);
        }
        return head();
    }

    /** Makes up a transaction that waits to be mined. */
    SimulatedTransaction addPending()
    {
        return await(forge.transaction());
    }

    /** Takes a transaction from a client; null when it is known already. */
    SimulatedTransaction submit(final byte[] raw)
    {
        final String hash = Keccak256.hex(raw);
        final boolean isKnown = waiting.containsKey(hash) || blocksByTransaction.containsKey(hash);
        return isKnown ? null : await(forge.transaction(hash, true));
    }

    SimulatedBlock blockByHash(final String hash)
    {
        return blocksByHash.get(hash);
    }

    /** The block of that height, null when it was never there or is forgotten. */
    SimulatedBlock blockByNumber(final long number)
    {
        return blocks.stream().filter(block -> block.number() == number).findFirst().orElse(null);
    }

    /** The block that a transaction was mined in, or null. */
    SimulatedBlock blockOfTransaction(final String hash)
    {
        return blocksByTransaction.get(hash);
    }

    SimulatedTransaction waitingTransaction(final String hash)
    {
        return waiting.get(hash);
    }

    List<SimulatedLog> logs(final long fromNumber, final long toNumber, final LogFilter filter)
    {
        return blocks.stream()
            .filter(block -> block.number() >= fromNumber && block.number() <= toNumber)
            .flatMap(block -> block.logs().stream())
            .filter(filter::matches)
            .toList();
    }

    private SimulatedTransaction await(final SimulatedTransaction transaction)
    {
        if (waiting.size() >= LIMIT_WAITING)
        {
            waiting.values().stream().filter(oldest -> !oldest.isSubmitted()).findFirst()
                .ifPresent(oldest -> waiting.remove(oldest.hash()));
        }
        waiting.put(transaction.hash(), transaction);
        listener.onPending(transaction);
        return transaction;
    }

    /** What clients submitted goes first, so it is in the very next block. */
    private List<SimulatedTransaction> takeWaiting()
    {
        final List<SimulatedTransaction> taken = new ArrayList<>();
        waiting.values().stream().filter(SimulatedTransaction::isSubmitted).forEach(taken::add);
        waiting.values().stream().filter(transaction -> !transaction.isSubmitted())
            .limit(Math.max(0, LIMIT_MINED_PER_BLOCK - taken.size())).forEach(taken::add);
        taken.forEach(transaction -> waiting.remove(transaction.hash()));
        while (taken.size() * LOGS_PER_TRANSACTION < logsPerBlock)
        {
            taken.add(forge.transaction());
        }
        return taken;
    }

    private void append(final SimulatedBlock block)
    {
        blocks.addLast(block);
        blocksByHash.put(block.hash(), block);
        block.transactions().forEach(transaction -> blocksByTransaction.put(transaction.hash(), block));
        if (blocks.size() > settings.keptBlocks())
        {
            forget(blocks.removeFirst());
        }
    }

    private void forget(final SimulatedBlock block)
    {
        blocksByHash.remove(block.hash());
        block.transactions().forEach(transaction -> blocksByTransaction.remove(transaction.hash(), block));
    }
}
