package io.ringcast.tools.sim;

import io.ringcast.frame.Keccak256;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * A Solana validator's slots: each account that is watched changes in each of them.
 * Confined to the node's event loop.
 */
final class SolanaChain implements DialectChain
{
    private static final String SYSTEM_PROGRAM = "11111111111111111111111111111111";
    private static final String LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final int SLOTS_TO_ROOT = 32;
    private static final int SLOTS_TO_END = 2;

    private long slot = 1_000;

    @Override
    public void mine()
    {
        slot++;
    }

    @Override
    public long tip()
    {
        return slot;
    }

    @Override
    public String call(final String method, final Object params)
    {
        return switch (method)
        {
            case "getSlot" -> Long.toString(slot);
            case "getHealth" -> "\"ok\"";
            case "getVersion" -> "{\"feature-set\":1,\"solana-core\":\"simulated\"}";
            case "getGenesisHash" -> JsonText.quote(base58("genesis", 44));
            case "getLatestBlockhash" -> inContext(slot, "{\"blockhash\":" +
                JsonText.quote(base58("block" + slot, 44)) + ",\"lastValidBlockHeight\":" + (slot + 150) + "}");
            case "getBalance" -> inContext(slot, Long.toString(lamports(RpcParams.of(params).text(0), slot)));
            default -> throw new RpcException(-32601, "Method not found");
        };
    }

    @Override
    public DialectFeed feed(final String method, final Object given)
    {
        final RpcParams params = RpcParams.of(given);
        return switch (method)
        {
            case "slotSubscribe" -> onwards(at ->
                "{\"parent\":" + (at - 1) + ",\"root\":" + (at - SLOTS_TO_ROOT) + ",\"slot\":" + at + "}");
            case "rootSubscribe" -> onwards(at -> Long.toString(at - SLOTS_TO_ROOT));
            case "slotsUpdatesSubscribe" -> onwards(at -> "{\"slot\":" + at + ",\"timestamp\":" + at * 400 +
                ",\"type\":\"createdBank\",\"parent\":" + (at - 1) + "}");
            case "accountSubscribe" ->
            {
                final String key = params.text(0);
                yield onwards(at -> inContext(at, account(key, at)));
            }
            case "programSubscribe" ->
            {
                final String key = params.text(0);
                yield onwards(at -> inContext(at, "{\"pubkey\":" + JsonText.quote(base58(key, 44)) + ",\"account\":" +
                    account(key, at) + "}"));
            }
            case "logsSubscribe" -> onwards(at -> inContext(at, "{\"signature\":" +
                JsonText.quote(base58("transaction" + at, 88)) + ",\"err\":null,\"logs\":[\"Program " + SYSTEM_PROGRAM +
                " invoke [1]\",\"Program " + SYSTEM_PROGRAM + " success\"]}"));
            case "signatureSubscribe" -> signature(params);
            default -> throw new RpcException(-32601, "Method not found");
        };
    }

    /** It comes in with the next slot and is through a slot later. */
    private DialectFeed signature(final RpcParams params)
    {
        params.text(0);
        final Map<?, ?> config = params.mapping(1);
        final boolean tellsReceived = Boolean.TRUE.equals(config.get("enableReceivedNotification"));
        final long end = slot + SLOTS_TO_END;
        return new ChainFeed(slot + 1, end, this::tip, at -> at == end ? inContext(at, "{\"err\":null}") :
            tellsReceived ? inContext(at, "\"receivedSignature\"") : null);
    }

    private DialectFeed onwards(final LongFunction<String> item)
    {
        return new ChainFeed(slot + 1, Long.MAX_VALUE, this::tip, item);
    }

    private static String account(final String key, final long at)
    {
        return "{\"lamports\":" + lamports(key, at) + ",\"data\":[\"\",\"base64\"],\"owner\":\"" + SYSTEM_PROGRAM +
            "\",\"executable\":false,\"rentEpoch\":18446744073709551615,\"space\":0}";
    }

    private static long lamports(final String key, final long at)
    {
        return (key.hashCode() & 0xFFFF) * 1_000_000L + at;
    }

    private static String inContext(final long at, final String value)
    {
        return "{\"context\":{\"slot\":" + at + "},\"value\":" + value + "}";
    }

    /** So many letters that depend on a text. */
    private static String base58(final String of, final int length)
    {
        final StringBuilder text = new StringBuilder(length);
        byte[] hash = Keccak256.hash(of.getBytes(StandardCharsets.UTF_8));
        while (text.length() < length)
        {
            for (int i = 0; i < hash.length && text.length() < length; i++)
            {
                text.append(LETTERS.charAt((hash[i] & 0xFF) % LETTERS.length()));
            }
            hash = Keccak256.hash(hash);
        }
        return text.toString();
    }
}
