package io.ringcast.tools.sim;

import static io.ringcast.tools.sim.JsonText.quantity;
import static io.ringcast.tools.sim.JsonText.quote;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Answers single calls from the chain, with geth's values and error texts.
 * Confined to the node's thread.
 */
final class SimulatedRpc
{
    private static final int LIMIT_MINED_AT_ONCE = 1000;
    private static final int LIMIT_LOGS = 10_000;

    private static final String NO_PUSH = "the method eth_subscribe does not exist/is not available";

    private final SimulatedChain chain;
    /** The newest block that this node knows of. */
    private final Supplier<SimulatedBlock> head;
    private final boolean pushes;
    private final LongSupplier nowMs;
    private final Map<String, Function<RpcParams, String>> methods = new HashMap<>();

    /**
     * @param head     the newest block that this node knows of.
     * @param pushes   whether it knows eth_subscribe.
     * @param setRates takes heads and pending transactions a second.
     */
    SimulatedRpc(
        final SimulatedChain chain, final Supplier<SimulatedBlock> head, final boolean pushes,
        final LongSupplier nowMs, final BiConsumer<Double, Double> setRates)
    {
        this.chain = chain;
        this.head = head;
        this.pushes = pushes;
        this.nowMs = nowMs;
        addConstants();
        addChainMethods();
        addControls(setRates);
    }

    private void addConstants()
    {
        methods.put("eth_chainId", params -> quantity(chain.chainId()));
        methods.put("net_version", params -> '"' + Long.toString(chain.chainId()) + '"');
        methods.put("net_listening", params -> "true");
        methods.put("web3_clientVersion", params -> "\"ringcast-simulated-node/1\"");
        methods.put("eth_syncing", params -> "false");
        methods.put("eth_accounts", params -> "[]");
        methods.put("eth_gasPrice", params -> quantity(SimulatedTransaction.GAS_PRICE_WEI));
        methods.put("eth_maxPriorityFeePerGas", params -> "\"0x3b9aca00\"");
        methods.put("eth_getBalance", params -> quantity(Long.parseLong(params.hex(0).substring(28), 16) >>> 4));
        methods.put("eth_getTransactionCount", params -> "\"0x0\"");
        methods.put("eth_getCode", params -> "\"0x\"");
        methods.put("eth_call", params -> "\"0x\"");
        methods.put("eth_estimateGas", params -> "\"0x5208\"");
    }

    private void addChainMethods()
    {
        methods.put("eth_blockNumber", params -> quantity(head.get().number()));
        methods.put("eth_getBlockByNumber", params ->
            blockJson(block(number(params.text(0))), params.flag(1)));
        methods.put("eth_getBlockByHash", params -> blockJson(chain.blockByHash(params.hex(0)), params.flag(1)));
        methods.put("eth_getLogs", this::logs);
        methods.put("eth_getTransactionByHash", this::transaction);
        methods.put("eth_getTransactionReceipt", this::receipt);
        methods.put("eth_sendRawTransaction", this::submit);
    }

    private void addControls(final BiConsumer<Double, Double> setRates)
    {
        methods.put("sim_mine", params ->
        {
            for (int i = params.count(0, 1, LIMIT_MINED_AT_ONCE); i > 0; i--)
            {
                chain.mine(nowMs.getAsLong());
            }
            return quantity(chain.head().number());
        });
        methods.put("sim_reorg", params ->
            quote(chain.reorg(params.count(0, 1, chain.length() - 1), nowMs.getAsLong()).hash()));
        methods.put("sim_setRate", params ->
        {
            final Map<?, ?> rates = params.mapping(0);
            if (rates.get("logsPerBlock") instanceof Number logs)
            {
                chain.logsPerBlock(Math.max(0, Math.min(LIMIT_LOGS, logs.intValue())));
            }
            setRates.accept(rate(rates.get("headsPerSecond")), rate(rates.get("pendingPerSecond")));
            return "true";
        });
    }

    /** The result as JSON; subscriptions are the caller's own, or null where there can be none. */
    String call(final String method, final RpcParams params, final SubscriptionTable subscriptions)
    {
        if ("eth_subscribe".equals(method))
        {
            if (!pushes)
            {
                throw new RpcException(-32601, NO_PUSH);
            }
            if (subscriptions == null)
            {
                throw new RpcException(-32601, "notifications not supported");
            }
            return subscriptions.subscribe(params);
        }
        if ("eth_unsubscribe".equals(method) && subscriptions != null)
        {
            return subscriptions.unsubscribe(params);
        }
        final Function<RpcParams, String> handler = methods.get(method);
        if (handler == null)
        {
            throw new RpcException(-32601, "the method " + method + " does not exist/is not available");
        }
        try
        {
            return handler.apply(params);
        }
        catch (final IllegalArgumentException | StringIndexOutOfBoundsException ex)
        {
            throw RpcException.invalidParams("invalid argument: " + ex.getMessage());
        }
    }

    private static Double rate(final Object value)
    {
        return value instanceof Number number ? number.doubleValue() : null;
    }

    /** A node does not know the block yet that is above its head. */
    private SimulatedBlock block(final long number)
    {
        return number > head.get().number() ? null : chain.blockByNumber(number);
    }

    private String blockJson(final SimulatedBlock block, final boolean withFullTransactions)
    {
        return block == null ? "null" : block.json(chain.chainId(), withFullTransactions);
    }

    private long number(final Object tag)
    {
        final String text = tag == null ? "latest" : tag.toString();
        return switch (text)
        {
            case "latest", "pending", "safe", "finalized" -> head.get().number();
            case "earliest" -> chain.oldest().number();
            default ->
            {
                if (!text.matches("0x[0-9a-fA-F]{1,15}"))
                {
                    throw RpcException.invalidParams("invalid argument 0: not a block number or tag");
                }
                yield Long.parseLong(text.substring(2), 16);
            }
        };
    }

    private String logs(final RpcParams params)
    {
        final Map<?, ?> criteria = params.mapping(0);
        final LogFilter filter = LogFilter.of(criteria);
        long from = number(criteria.get("fromBlock"));
        long to = number(criteria.get("toBlock"));
        if (criteria.get("blockHash") instanceof String hash)
        {
            if (criteria.get("fromBlock") != null || criteria.get("toBlock") != null)
            {
                throw RpcException.invalidParams("invalid argument 0: cannot specify both BlockHash and " +
                    "FromBlock/ToBlock, choose one or the other");
            }
            final SimulatedBlock block = chain.blockByHash(hash);
            if (block == null)
            {
                throw new RpcException(-32000, "unknown block");
            }
            from = block.number();
            to = block.number();
        }
        if (from > to)
        {
            throw RpcException.invalidParams("invalid block range params");
        }
        return JsonText.array(chain.logs(from, to, filter).stream().map(log -> log.json(false)).toList());
    }

    private String transaction(final RpcParams params)
    {
        final String hash = params.hex(0);
        final SimulatedBlock block = chain.blockOfTransaction(hash);
        if (block == null)
        {
            final SimulatedTransaction waiting = chain.waitingTransaction(hash);
            return waiting == null ? "null" : waiting.json(chain.chainId(), null, 0);
        }
        final int index = indexOf(block, hash);
        return block.transactions().get(index).json(chain.chainId(), block, index);
    }

    private String receipt(final RpcParams params)
    {
        final String hash = params.hex(0);
        final SimulatedBlock block = chain.blockOfTransaction(hash);
        if (block == null)
        {
            return "null";
        }
        final int index = indexOf(block, hash);
        return block.transactions().get(index).receiptJson(block, index);
    }

    private static int indexOf(final SimulatedBlock block, final String hash)
    {
        final List<SimulatedTransaction> transactions = block.transactions();
        int index = 0;
        while (!transactions.get(index).hash().equals(hash))
        {
            index++;
        }
        return index;
    }

    private String submit(final RpcParams params)
    {
        final String hex = params.hex(0);
        final SimulatedTransaction transaction = chain.submit(HexFormat.of().parseHex(hex, 2, hex.length()));
        if (transaction == null)
        {
            throw new RpcException(-32000, "already known");
        }
        return quote(transaction.hash());
    }
}
