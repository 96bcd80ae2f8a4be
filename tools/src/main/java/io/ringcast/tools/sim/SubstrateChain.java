package io.ringcast.tools.sim;

import io.ringcast.frame.Keccak256;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;

/**
 * A Substrate node's blocks: of the storage keys that a client watches one changes with each of them.
 * Confined to the node's event loop.
 */
final class SubstrateChain implements DialectChain
{
    private static final int BLOCKS_TO_FINAL = 2;
    private static final int JUSTIFIED_EVERY = 4;
    private static final String RUNTIME = "{\"specName\":\"simulated\",\"implName\":\"simulated\"," +
        "\"authoringVersion\":1,\"specVersion\":1,\"implVersion\":0,\"apis\":[],\"transactionVersion\":1," +
        "\"stateVersion\":1}";

    private long number = 100;

    @Override
    public void mine()
    {
        number++;
    }

    @Override
    public long tip()
    {
        return number;
    }

    @Override
    public String call(final String method, final Object given)
    {
        final RpcParams params = RpcParams.of(given);
        return switch (method)
        {
            case "system_chain" -> "\"Development\"";
            case "system_name" -> "\"ringcast simulated node\"";
            case "system_version" -> "\"1.0.0\"";
            case "system_properties" -> "{\"ss58Format\":42,\"tokenDecimals\":12,\"tokenSymbol\":\"UNIT\"}";
            case "system_health" -> "{\"peers\":0,\"isSyncing\":false,\"shouldHavePeers\":false}";
            case "rpc_methods" ->
                "{\"methods\":[\"chain_subscribeNewHeads\",\"state_subscribeStorage\",\"archive_v1_storage\"]}";
            case "chain_getBlockHash" -> quoted(hash(params.get(0) instanceof Number at ? at.longValue() : number));
            case "chain_getFinalizedHead" -> quoted(hash(number - BLOCKS_TO_FINAL));
            case "chain_getHeader" -> header(number);
            case "state_getRuntimeVersion" -> RUNTIME;
            case "archive_v1_finalizedHeight" -> Long.toString(number - BLOCKS_TO_FINAL);
            case "archive_v1_genesisHash" -> quoted(hash(0));
            case "author_submitExtrinsic" -> quoted(digest(params.hex(0)));
            default -> throw new RpcException(-32601, "Method not found");
        };
    }

    @Override
    public DialectFeed feed(final String method, final Object given)
    {
        final RpcParams params = RpcParams.of(given);
        return switch (method)
        {
            case "chain_subscribeNewHeads", "chain_subscribeNewHead", "subscribe_newHead", "chain_subscribeAllHeads" ->
                new ChainFeed(number, Long.MAX_VALUE, this::tip, this::header);
            case "chain_subscribeFinalizedHeads", "chain_subscribeFinalisedHeads" -> new ChainFeed(
                number - BLOCKS_TO_FINAL, Long.MAX_VALUE, () -> number - BLOCKS_TO_FINAL, this::header);
            case "state_subscribeRuntimeVersion", "chain_subscribeRuntimeVersion" ->
                new ChainFeed(number, Long.MAX_VALUE, this::tip, once(RUNTIME));
            case "state_subscribeStorage" -> storage(params);
            case "grandpa_subscribeJustifications" -> new ChainFeed(number + 1, Long.MAX_VALUE, this::tip,
                at -> at % JUSTIFIED_EVERY == 0 ? quoted(digest("justification" + at)) : null);
            case "author_submitAndWatchExtrinsic" -> extrinsic(params);
            case "transactionWatch_v1_submitAndWatch" -> transaction(params);
            case "archive_v1_storage" -> listing(params);
            default -> throw new RpcException(-32601, "Method not found");
        };
    }

    private LongFunction<String> once(final String item)
    {
        final long first = number;
        return at -> at == first ? item : null;
    }

    /** All keys with the first item, then in each block one. */
    private DialectFeed storage(final RpcParams params)
    {
        if (!(params.get(0) instanceof List<?> list) || list.isEmpty() ||
            !list.stream().allMatch(String.class::isInstance))
        {
            throw RpcException.invalidParams("Invalid params");
        }
        final List<String> keys = list.stream().map(Objects::toString).toList();
        final long first = number;
        return new ChainFeed(first, Long.MAX_VALUE, this::tip, at ->
        {
            final List<String> changes = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++)
            {
                if (at == first || at % keys.size() == i)
                {
                    changes.add("[" + JsonText.quote(keys.get(i)) + "," + quoted(digest(keys.get(i) + at)) + "]");
                }
            }
            return "{\"block\":" + quoted(hash(at)) + ",\"changes\":" + JsonText.array(changes) + "}";
        });
    }

    /** Ready at once, in the next block, final when that is. */
    private DialectFeed extrinsic(final RpcParams params)
    {
        params.hex(0);
        final long first = number;
        final long end = first + 1 + BLOCKS_TO_FINAL;
        return new ChainFeed(first, end, this::tip, at -> at == first ? "\"ready\"" :
            at == first + 1 ? "{\"inBlock\":" + quoted(hash(at)) + "}" :
            at == end ? "{\"finalized\":" + quoted(hash(first + 1)) + "}" : null);
    }

    /** Valid at once, in the next block, again in the one behind it, final with the third. */
    private DialectFeed transaction(final RpcParams params)
    {
        params.hex(0);
        final long first = number;
        return new ChainFeed(first, first + 3, this::tip, at -> at == first ? "{\"event\":\"validated\"}" :
            "{\"event\":\"" + (at == first + 3 ? "finalized" : "bestChainBlockIncluded") + "\",\"block\":{\"hash\":" +
            quoted(hash(Math.min(at, first + 2))) + ",\"index\":1}}");
    }

    /** A value with each block, and then the end. */
    private DialectFeed listing(final RpcParams params)
    {
        if (!(params.get(1) instanceof List<?> items))
        {
            throw RpcException.invalidParams("Invalid params");
        }
        final long first = number;
        final long end = first + items.size();
        return new ChainFeed(first, end, this::tip, at -> at == end ? "{\"event\":\"storageDone\"}" :
            "{\"event\":\"storage\",\"key\":" + quoted("0x" + Long.toHexString(at - first)) + ",\"value\":" +
            quoted(digest("value" + at)) + "}");
    }

    private String header(final long at)
    {
        return "{\"parentHash\":" + quoted(hash(at - 1)) + ",\"number\":\"0x" + Long.toHexString(at) +
            "\",\"stateRoot\":" + quoted(digest("state" + at)) + ",\"extrinsicsRoot\":" +
            quoted(digest("extrinsics" + at)) + ",\"digest\":{\"logs\":[]}}";
    }

    private static String hash(final long at)
    {
        return digest("block" + at);
    }

    private static String digest(final String of)
    {
        return Keccak256.hex(of.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(final String text)
    {
        return '"' + text + '"';
    }
}
