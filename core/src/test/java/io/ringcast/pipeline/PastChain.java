package io.ringcast.pipeline;

import io.ringcast.law.Member;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A chain that had blocks before anybody came, forks, and is asked about by number and by hash as a node is.
 * Confined to the test's thread; decided by its random numbers.
 */
final class PastChain
{
    /** How far the safe block is behind the newest. */
    static final int SAFE_DEPTH = 16;
    /** The same of the finalized one. */
    static final int FINAL_DEPTH = 80;
    static final String ADDRESS = "0x" + "a1".repeat(20);
    static final Pattern CALL = Pattern.compile(
        "\\{\"jsonrpc\":\"2.0\",\"id\":(\\d+),\"method\":\"(\\w+)\",\"params\":(\\[.*])}");
    private static final Pattern RANGE = Pattern.compile(
        ".*\"fromBlock\":\"(0x[0-9a-f]+)\",\"toBlock\":\"(0x[0-9a-f]+)\".*");

    /** One block; the root's parent is null. */
    record Block(long number, String hash, Block parent, List<String> logs)
    {
        String head()
        {
            return "{\"parentHash\":\"" + (parent == null ? hashOf(0) : parent.hash) + "\",\"logsBloom\":\"0x" +
                (logs.isEmpty() ? "00" : "10") + "\",\"number\":\"0x" + Long.toHexString(number) + "\",\"hash\":\"" +
                hash + "\"}";
        }

        List<String> logs(final boolean isAll)
        {
            return logs.stream().filter(log -> isAll || log.contains(ADDRESS)).toList();
        }

        String whole()
        {
            return head().replace("}", ",\"transactions\":[],\"uncles\":[],\"size\":\"0x1\"}");
        }
    }

    Block tip;
    /** A range with more logs is refused; 0 for no bound. */
    int limitLogs;
    /** A range of more blocks is refused; 0 for no bound. */
    int limitBlocks;

    private final Random random;
    private final Map<String, Block> byHash = new HashMap<>();
    private final List<Block> canonical = new ArrayList<>();
    private int serial;

    PastChain(final Random random)
    {
        this.random = random;
    }

    Block grow()
    {
        final long number = tip == null ? 0 : tip.number + 1;
        final String hash = hashOf(++serial);
        final List<String> logs = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--)
        {
            logs.add("{\"address\":\"" + (random.nextBoolean() ? ADDRESS : "0x" + "b2".repeat(20)) +
                "\",\"topics\":[],\"blockNumber\":\"0x" + Long.toHexString(number) + "\",\"blockHash\":\"" + hash +
                "\",\"logIndex\":\"0x" + Integer.toHexString(logs.size()) + "\",\"removed\":false}");
        }
        return lead(new Block(number, hash, tip, logs));
    }

    /** Goes back some blocks; the next one grows there. Returns how many were left. */
    int goBack(final int depth)
    {
        int left = 0;
        for (; left < depth && tip.parent != null; left++)
        {
            canonical.remove(canonical.size() - 1);
            tip = tip.parent;
        }
        return left;
    }

    /** Leads the chain to a block that follows its tip. */
    Block lead(final Block block)
    {
        byHash.put(block.hash, block);
        canonical.add(block);
        tip = block;
        return block;
    }

    Block byHash(final String hash)
    {
        return byHash.get(hash);
    }

    Block at(final long number)
    {
        return number >= 0 && number < canonical.size() ? canonical.get((int)number) : null;
    }

    /** All heads from a block on, in order. */
    List<String> heads(final long from)
    {
        return canonical.stream().skip(from).map(Block::head).toList();
    }

    /** All logs that are wanted, in order. */
    List<String> logs(final long from, final long to, final boolean isAll)
    {
        final List<String> logs = new ArrayList<>();
        for (long number = from; number <= Math.min(to, tip.number); number++)
        {
            at(number).logs.stream().filter(log -> isAll || log.contains(ADDRESS)).forEach(logs::add);
        }
        return logs;
    }

    /** The members of an answer behind its id. */
    String answer(final String method, final String params)
    {
        switch (method)
        {
            case "eth_subscribe":
                return "\"result\":" + (params.contains("newHeads") ? "\"0xaa\"" : "\"0xbb\"");

            case "eth_unsubscribe":
                return "\"result\":true";

            case "eth_getLogs":
                return logs(params);

            case "eth_getBlockByHash":
                final Block block = byHash.get(params.replaceAll(".*\"(0x[0-9a-f]{64})\".*", "$1"));
                return "\"result\":" + (block == null ? "null" : block.whole());

            default:
                final String wanted = params.replaceAll("\\[\"(.*?)\".*", "$1");
                final Block found = switch (wanted)
                {
                    case "latest" -> tip;
                    case "safe" -> at(tip.number - SAFE_DEPTH);
                    case "finalized" -> at(tip.number - FINAL_DEPTH);
                    default -> at(Long.decode(wanted));
                };
                return "\"result\":" + (found == null ? "null" : found.whole());
        }
    }

    /** Answers a call of the relay's as a node does. */
    String answer(final String call)
    {
        final Matcher parts = CALL.matcher(call);
        if (!parts.matches())
        {
            throw new AssertionError("not a call: " + call);
        }
        return "{\"jsonrpc\":\"2.0\",\"id\":" + parts.group(1) + ',' + answer(parts.group(2), parts.group(3)) + '}';
    }

    /** Answers all that the relay asks its first node, until it asks no more. */
    void answerAll(final FakeRelay relay)
    {
        relay.run();
        for (String call = relay.node.received.poll(); call != null; call = relay.node.received.poll())
        {
            relay.nodeSays(answer(call));
            relay.run();
        }
    }

    /** The notification of an item, as a node sends it. */
    static String item(final String subscription, final String item)
    {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"" + subscription +
            "\",\"result\":" + item + "}}";
    }

    private String logs(final String params)
    {
        final boolean isAll = !params.contains("address");
        final Matcher range = RANGE.matcher(params);
        if (!range.matches())
        {
            final Block block = byHash.get(member(params, "blockHash"));
            return block == null ? error("unknown block") : result(
                block.logs.stream().filter(log -> isAll || log.contains(ADDRESS)).toList());
        }
        final long from = Long.decode(range.group(1));
        final long to = Long.decode(range.group(2));
        final List<String> logs = logs(from, to, isAll);
        if (limitBlocks > 0 && to - from >= limitBlocks)
        {
            return error("block range is too wide");
        }
        return limitLogs > 0 && logs.size() > limitLogs && to > from ? error("query returned more than it may") :
            result(logs);
    }

    static String member(final String item, final String name)
    {
        return Member.of(item, name);
    }

    static String error(final String message)
    {
        return "\"error\":{\"code\":-32005,\"message\":\"" + message + "\"}";
    }

    private static String result(final List<String> logs)
    {
        return "\"result\":[" + String.join(",", logs) + ']';
    }

    private static String hashOf(final int serial)
    {
        return "0x" + String.format("%016x", serial * 0x9E3779B97F4A7C15L) + "0".repeat(48);
    }
}
