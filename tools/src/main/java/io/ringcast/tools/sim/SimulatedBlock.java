package io.ringcast.tools.sim;

import static io.ringcast.tools.sim.JsonText.quantity;

import java.util.ArrayList;
import java.util.List;

/**
 * One block with everything in it.
 * Immutable.
 *
 * @param number           height.
 * @param hash             {@code 0x} and 64 digits.
 * @param parentHash       hash of the block below.
 * @param timestampSeconds since 1970.
 * @param headerJson       the header as {@code newHeads} carries it, about 1.8 KB.
 * @param transactions     in order.
 * @param logs             in order.
 */
record SimulatedBlock(
    long number,
    String hash,
    String parentHash,
    long timestampSeconds,
    String headerJson,
    List<SimulatedTransaction> transactions,
    List<SimulatedLog> logs)
{
    String json(final long chainId, final boolean withFullTransactions)
    {
        final List<String> elements = new ArrayList<>(transactions.size());
        for (int i = 0; i < transactions.size(); i++)
        {
            final SimulatedTransaction transaction = transactions.get(i);
            elements.add(withFullTransactions ?
                transaction.json(chainId, this, i) : '"' + transaction.hash() + '"');
        }
        final String openHeader = headerJson.substring(0, headerJson.length() - 1);
        return openHeader + ",\"size\":" + quantity(600 + 180L * elements.size()) +
            ",\"transactions\":" + JsonText.array(elements) + ",\"uncles\":[],\"withdrawals\":[]}";
    }
}
