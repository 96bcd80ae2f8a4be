package io.ringcast.tools.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Asks a node what has become canonical since the last look, and tells the expected stream of it.
 * Confined to the test thread.
 */
public final class ChainFollower
{
    private static final int FIRST_CALL_ID = 1_000_000;

    private final WatchingClient node;
    private final CanonicalStream expected = new CanonicalStream();
    private final Deque<String> known = new ArrayDeque<>();
    private int lastCallId = FIRST_CALL_ID;

    /** Begins with the node's newest block, of which nothing is expected any more. */
    ChainFollower(final WatchingClient node)
    {
        this.node = node;
        known.add(latest().get("hash").asText());
    }

    /** Begins with a block of the past, from which on everything is expected. */
    public ChainFollower(final WatchingClient node, final long firstNumber)
    {
        this.node = node;
        final long last = Long.decode(latest().get("number").asText());
        for (long number = firstNumber; number <= last; number++)
        {
            tell(call("eth_getBlockByNumber", "[\"0x" + Long.toHexString(number) + "\",false]"));
        }
    }

    /** Looks where the chain has gone. */
    public void follow()
    {
        final Deque<JsonNode> branch = new ArrayDeque<>();
        JsonNode block = latest();
        while (!known.contains(block.get("hash").asText()))
        {
            branch.addFirst(block);
            block = call("eth_getBlockByHash", "[\"" + block.get("parentHash").asText() + "\",false]");
        }
        while (!known.peekLast().equals(block.get("hash").asText()))
        {
            known.removeLast();
        }
        branch.forEach(this::tell);
    }

    private void tell(final JsonNode added)
    {
        final String hash = added.get("hash").asText();
        for (final JsonNode log : call("eth_getLogs", "[{\"blockHash\":\"" + hash + "\"}]"))
        {
            expected.onLog(hash, log.get("logIndex").asText());
        }
        expected.onHead(hash, added.get("parentHash").asText());
        known.addLast(hash);
    }

    /** What every client should have been told. */
    public CanonicalStream expected()
    {
        return expected;
    }

    /** The hash of the newest block. */
    String tip()
    {
        return known.peekLast();
    }

    private JsonNode latest()
    {
        return call("eth_getBlockByNumber", "[\"latest\",false]");
    }

    private JsonNode call(final String method, final String params)
    {
        final int id = ++lastCallId;
        node.call(id, method, params);
        return node.awaitAnswer(id).get("result");
    }
}
