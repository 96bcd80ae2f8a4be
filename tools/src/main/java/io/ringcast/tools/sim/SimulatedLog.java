package io.ringcast.tools.sim;

import static io.ringcast.tools.sim.JsonText.quantity;

import java.util.List;

/**
 * One log of a mined transaction.
 * Immutable.
 *
 * @param address               the contract.
 * @param topics                one to four, each {@code 0x} and 64 digits.
 * @param data                  hex.
 * @param blockNumber           of its block.
 * @param blockHash             of its block.
 * @param blockTimestampSeconds of its block.
 * @param transactionHash       of its transaction.
 * @param transactionIndex      within the block.
 * @param logIndex              within the block.
 */
record SimulatedLog(
    String address,
    List<String> topics,
    String data,
    long blockNumber,
    String blockHash,
    long blockTimestampSeconds,
    String transactionHash,
    int transactionIndex,
    int logIndex)
{
    String json(final boolean isRemoved)
    {
        return "{\"address\":\"" + address + "\",\"topics\":[\"" + String.join("\",\"", topics) + "\"],\"data\":\"" +
            data + "\",\"blockNumber\":" + quantity(blockNumber) + ",\"transactionHash\":\"" + transactionHash +
            "\",\"transactionIndex\":" + quantity(transactionIndex) + ",\"blockHash\":\"" + blockHash +
            "\",\"blockTimestamp\":" + quantity(blockTimestampSeconds) + ",\"logIndex\":" + quantity(logIndex) +
            ",\"removed\":" + isRemoved + "}";
    }
}
