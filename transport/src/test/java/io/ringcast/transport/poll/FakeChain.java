package io.ringcast.transport.poll;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A chain that grows and reorganises itself on command, and answers what pollers ask as a node would.
 * Confined to one thread at a time.
 */
public final class FakeChain
{
    /** One block, which stays known by its hash when it is no longer part of the chain. */
    public record Block(long number, String hash, String parentHash, long timestampSeconds, int logs)
    {
        /** What a node pushes. */
        public String header()
        {
            return "{\"parentHash\":\"" + parentHash + "\",\"logsBloom\":\"0x" + (logs > 0 ? "1" : "0").repeat(512) +
                "\",\"number\":\"0x" + Long.toHexString(number) + "\",\"gasLimit\":\"0x1\",\"timestamp\":\"0x" +
                Long.toHexString(timestampSeconds) + "\",\"hash\":\"" + hash + "\"}";
        }

        String json()
        {
            return "{\"hash\":\"" + hash + "\",\"transactions\":[\"0x01\"],\"size\":\"0x2\",\"uncles\":[]," +
                header().substring(1, header().indexOf(",\"hash\"")) + "}";
        }

        /** One log, by its index. */
        public String log(final int index)
        {
            return "{\"blockHash\":\"" + hash + "\",\"logIndex\":\"0x" + Integer.toHexString(index) + "\"}";
        }
    }

    private static final Pattern STRING = Pattern.compile("\"(0x[0-9a-f]+|latest)\"");

    private final List<Block> blocks = new ArrayList<>();
    private final Map<String, Block> byHash = new HashMap<>();
    private final List<String> pending = new ArrayList<>();
    private final long secondsPerBlock;
    private long firstNumber = 1_000;
    private long serial;
    private boolean hasFilter;

    /** Starts with so many blocks. */
    public FakeChain(final int length, final long secondsPerBlock)
    {
        this.secondsPerBlock = secondsPerBlock;
        for (int i = 0; i < length; i++)
        {
            mine(0);
        }
    }

    /** Adds a block. */
    public synchronized Block mine(final int logs)
    {
        final long number = firstNumber + blocks.size();
        final String parentHash = blocks.isEmpty() ? hash(0) : tip().hash;
        final Block block = new Block(number, hash(++serial), parentHash, number * secondsPerBlock, logs);
        blocks.add(block);
        byHash.put(block.hash, block);
        return block;
    }

    /** Abandons the newest blocks; others take their place. */
    public synchronized void reorg(final int depth, final int newLength, final int logs)
    {
        for (int i = 0; i < depth; i++)
        {
            blocks.remove(blocks.size() - 1);
        }
        for (int i = 0; i < newLength; i++)
        {
            mine(logs);
        }
    }

    /** Makes a pending transaction known. */
    public synchronized void addPending(final String hash)
    {
        pending.add('"' + hash + '"');
    }

    /** Forgets the filter, as a node that is restarted does. */
    public synchronized void forgetFilter()
    {
        hasFilter = false;
    }

    public synchronized Block tip()
    {
        return blocks.get(blocks.size() - 1);
    }

    public synchronized List<Block> blocks()
    {
        return List.copyOf(blocks);
    }

    public synchronized Block block(final String hash)
    {
        return byHash.get(hash);
    }

    /** The result of a call, or null if there is an error. */
    public synchronized String answer(final String method, final String params)
    {
        final Matcher matcher = STRING.matcher(params);
        final String first = matcher.find() ? matcher.group(1) : "";
        switch (method)
        {
            case "eth_blockNumber":
                return "\"0x" + Long.toHexString(tip().number) + '"';

            case "eth_getBlockByNumber":
                if ("latest".equals(first))
                {
                    return blocks.get(blocks.size() - 1).json();
                }
                final long index = Long.parseLong(first.substring(2), 16) - firstNumber;
                return index < 0 || index >= blocks.size() ? "null" : blocks.get((int)index).json();

            case "eth_getBlockByHash":
                return byHash.containsKey(first) ? byHash.get(first).json() : "null";

            case "eth_getLogs":
                return logs(byHash.get(first));

            case "eth_newPendingTransactionFilter":
                hasFilter = true;
                pending.clear();
                return "\"0xf\"";

            case "eth_getFilterChanges":
                return hasFilter ? takePending() : null;

            default:
                return "true";
        }
    }

    private String takePending()
    {
        final String taken = "[" + String.join(",", pending) + "]";
        pending.clear();
        return taken;
    }

    private static String logs(final Block block)
    {
        final List<String> logs = new ArrayList<>();
        for (int i = 0; i < block.logs; i++)
        {
            logs.add(block.log(i));
        }
        return "[" + String.join(",", logs) + "]";
    }

    private static String hash(final long serial)
    {
        return "0x" + String.format("%064x", serial * 0x9E3779B97F4A7C15L & Long.MAX_VALUE);
    }
}
