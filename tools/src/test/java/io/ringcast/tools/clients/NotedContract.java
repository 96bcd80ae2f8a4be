package io.ringcast.tools.clients;

import java.math.BigInteger;
import java.util.Map;

/**
 * The contract of {@code noted-contract.mjs}: called with two words, key and value, it emits
 * {@code event Noted(uint256 indexed key, uint256 value)}. Immutable.
 */
final class NotedContract
{
    static final String TOPIC = "0xda2a6ce67eef605fd694eb3ac2bd7638f9c79c9cb324885efe5c0461e8dbac6b";

    /** Constructor, then the runtime: store the value, LOG2 with topic and key, stop. */
    static final String CODE =
        "0x603080600b6000396000f3" + "602035600052" + "600035" + "7f" + TOPIC.substring(2) + "60206000a2" + "00";

    private NotedContract()
    {
    }

    static String word(final long number)
    {
        return "0x" + String.format("%064x", BigInteger.valueOf(number));
    }

    static String call(final long key, final long value)
    {
        return word(key) + word(value).substring(2);
    }

    /** Deploys it from the node's second account and gives its address. */
    static String deploy(final AnvilNode node)
    {
        final String hash = node.call("eth_sendTransaction", Map.of(
            "from", AnvilNode.SECOND_ACCOUNT, "data", CODE, "gas", "0x186a0")).asText();
        node.mine();
        return node.call("eth_getTransactionReceipt", hash).get("contractAddress").asText();
    }

    /** Sends a note from the node's second account, and gives the transaction's hash. */
    static String send(final AnvilNode node, final String address, final long key, final long value)
    {
        return node.call("eth_sendTransaction", Map.of(
            "from", AnvilNode.SECOND_ACCOUNT, "to", address, "data", call(key, value), "gas", "0x186a0")).asText();
    }
}
