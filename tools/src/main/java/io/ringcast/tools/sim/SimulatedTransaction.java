package io.ringcast.tools.sim;

import static io.ringcast.tools.sim.JsonText.quantity;

/**
 * One transaction, mined or not.
 * Immutable.
 *
 * @param hash        {@code 0x} and 64 digits.
 * @param from        sender.
 * @param to          receiver.
 * @param nonce       of the sender.
 * @param valueWei    transferred.
 * @param input       call bytes as hex.
 * @param isSubmitted whether a client sent it, so that it must not be dropped.
 */
record SimulatedTransaction(
    String hash, String from, String to, long nonce, long valueWei, String input, boolean isSubmitted)
{
    static final long GAS_USED = 52_000;
    static final long GAS_PRICE_WEI = 12_000_000_000L;

    /** The full object; a null block means pending. */
    String json(final long chainId, final SimulatedBlock block, final int index)
    {
        final String place = block == null ?
            "\"blockHash\":null,\"blockNumber\":null,\"transactionIndex\":null" :
            "\"blockHash\":\"" + block.hash() + "\",\"blockNumber\":" + quantity(block.number()) +
            ",\"transactionIndex\":" + quantity(index);
        return "{" + place + ",\"from\":\"" + from + "\",\"gas\":\"0x186a0\",\"gasPrice\":" + quantity(GAS_PRICE_WEI) +
            ",\"maxFeePerGas\":" + quantity(2 * GAS_PRICE_WEI) + ",\"maxPriorityFeePerGas\":\"0x3b9aca00\"" +
            ",\"hash\":\"" + hash + "\",\"input\":\"" + input + "\",\"nonce\":" + quantity(nonce) +
            ",\"to\":\"" + to + "\",\"value\":" + quantity(valueWei) + ",\"type\":\"0x2\",\"accessList\":[]" +
            ",\"chainId\":" + quantity(chainId) + ",\"v\":\"0x1\",\"r\":\"0x1" + hash.substring(3) +
            "\",\"s\":\"0x2" + hash.substring(3) + "\",\"yParity\":\"0x1\"}";
    }

    String receiptJson(final SimulatedBlock block, final int index)
    {
        return "{\"blockHash\":\"" + block.hash() + "\",\"blockNumber\":" + quantity(block.number()) +
            ",\"contractAddress\":null,\"cumulativeGasUsed\":" + quantity(GAS_USED * (index + 1)) +
            ",\"effectiveGasPrice\":" + quantity(GAS_PRICE_WEI) + ",\"from\":\"" + from + "\",\"gasUsed\":" +
            quantity(GAS_USED) + ",\"logs\":" + JsonText.array(block.logs().stream()
                .filter(log -> log.transactionIndex() == index).map(log -> log.json(false)).toList()) +
            ",\"logsBloom\":\"" + LogsBloom.of(block.logs().stream()
                .filter(log -> log.transactionIndex() == index).toList()) +
            "\",\"status\":\"0x1\",\"to\":\"" + to + "\",\"transactionHash\":\"" + hash +
            "\",\"transactionIndex\":" + quantity(index) + ",\"type\":\"0x2\"}";
    }
}
