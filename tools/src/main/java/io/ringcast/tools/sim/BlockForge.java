package io.ringcast.tools.sim;

import static io.ringcast.tools.sim.JsonText.quantity;

import io.ringcast.frame.Keccak256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Makes up transactions, logs and headers from a seed.
 * Confined to the chain's thread.
 */
final class BlockForge
{
    static final String TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
    static final String APPROVAL = "0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925";
    static final String SYNC = "0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1";
    /** The contracts that log, the same in every chain, so that a filter can be written down beforehand. */
    static final List<String> CONTRACTS = addresses("contract", 8);
    static final List<String> ACCOUNTS = addresses("account", 64);

    private static final String MINER = addresses("miner", 1).get(0);
    private static final String NO_UNCLES = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";

    private final SplittableRandom random;
    private long nextNonce;

    BlockForge(final long seed)
    {
        random = new SplittableRandom(seed);
    }

    private static List<String> addresses(final String name, final int count)
    {
        return IntStream.range(0, count).mapToObj(i ->
            "0x" + Keccak256.hex((name + i).getBytes(StandardCharsets.US_ASCII)).substring(26)).toList();
    }

    SimulatedTransaction transaction()
    {
        return transaction(JsonText.random32(random), false);
    }

    SimulatedTransaction transaction(final String hash, final boolean isSubmitted)
    {
        final String input = "0xa9059cbb" + padded(any(ACCOUNTS)).substring(2) + word(random.nextLong(1L << 60));
        return new SimulatedTransaction(
            hash, any(ACCOUNTS), any(CONTRACTS), nextNonce++, random.nextLong(1L << 60), input, isSubmitted);
    }

    SimulatedBlock block(
        final long number,
        final String parentHash,
        final long timestampSeconds,
        final List<SimulatedTransaction> transactions,
        final int logCount)
    {
        final String stateRoot = JsonText.random32(random);
        final String hash = Keccak256.hex((parentHash + number + stateRoot).getBytes(StandardCharsets.US_ASCII));
        final List<SimulatedLog> logs = new ArrayList<>(logCount);
        for (int i = 0; i < logCount; i++)
        {
            final int transactionIndex = (int)((long)i * transactions.size() / logCount);
            logs.add(log(number, hash, timestampSeconds, transactions.get(transactionIndex), transactionIndex, i));
        }
        final String header = header(number, hash, parentHash, timestampSeconds, stateRoot, transactions.size(), logs);
        return new SimulatedBlock(
            number, hash, parentHash, timestampSeconds, header, List.copyOf(transactions), List.copyOf(logs));
    }

    private SimulatedLog log(
        final long number,
        final String hash,
        final long timestampSeconds,
        final SimulatedTransaction transaction,
        final int transactionIndex,
        final int logIndex)
    {
        final int kind = random.nextInt(10);
        final List<String> topics = kind == 9 ? List.of(SYNC) :
            List.of(kind < 8 ? TRANSFER : APPROVAL, padded(any(ACCOUNTS)), padded(any(ACCOUNTS)));
        final String data = "0x" + word(random.nextLong(1L << 60)) + (kind == 9 ? word(random.nextLong(1L << 60)) : "");
        return new SimulatedLog(any(CONTRACTS), topics, data, number, hash, timestampSeconds,
            transaction.hash(), transactionIndex, logIndex);
    }

    private String header(
        final long number,
        final String hash,
        final String parentHash,
        final long timestampSeconds,
        final String stateRoot,
        final int transactionCount,
        final List<SimulatedLog> logs)
    {
        return "{\"parentHash\":\"" + parentHash + "\",\"sha3Uncles\":\"" + NO_UNCLES + "\",\"miner\":\"" + MINER +
            "\",\"stateRoot\":\"" + stateRoot + "\",\"transactionsRoot\":\"" + JsonText.random32(random) +
            "\",\"receiptsRoot\":\"" + JsonText.random32(random) + "\",\"logsBloom\":\"" + LogsBloom.of(logs) +
            "\",\"difficulty\":\"0x0\",\"number\":" + quantity(number) + ",\"gasLimit\":\"0x2255100\",\"gasUsed\":" +
            quantity(SimulatedTransaction.GAS_USED * transactionCount) + ",\"timestamp\":" +
            quantity(timestampSeconds) +
            ",\"extraData\":\"0x73696d756c617465642d" + "0".repeat(44) + "\",\"mixHash\":\"" +
            JsonText.random32(random) +
            "\",\"nonce\":\"0x0000000000000000\",\"baseFeePerGas\":\"0x1dcd65000\",\"withdrawalsRoot\":\"" +
            JsonText.random32(random) + "\",\"blobGasUsed\":\"0x0\"" +
            ",\"excessBlobGas\":\"0x0\",\"parentBeaconBlockRoot\":\"" +
            JsonText.random32(random) + "\",\"requestsHash\":\"" + JsonText.random32(random) +
            "\",\"hash\":\"" + hash + "\"}";
    }

    private String any(final List<String> choices)
    {
        return choices.get(random.nextInt(choices.size()));
    }

    private static String padded(final String address)
    {
        return "0x" + "0".repeat(24) + address.substring(2);
    }

    private static String word(final long value)
    {
        return "0".repeat(48) + String.format("%016x", value);
    }
}
