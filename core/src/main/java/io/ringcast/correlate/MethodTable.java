package io.ringcast.correlate;

import io.ringcast.session.FilterMethod;
import io.ringcast.session.RelayMethod;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What the relay knows of methods: which ones only read, how long answers are true, and which go to all upstreams.
 * Immutable.
 *
 * <p>What is not listed may change something, so it is sent once and to one upstream. The lists follow go-ethereum
 * ({@code internal/ethapi}, {@code eth/api_*.go}), the execution-apis specification, Erigon's and Nethermind's trace
 * modules. Not listed on purpose: {@code eth_sign*} and {@code personal_*} (keys), {@code eth_sendTransaction},
 * {@code debug_set*}, {@code miner_*}, {@code admin_*}, {@code engine_*}, {@code anvil_*}, {@code evm_*},
 * {@code hardhat_*}.
 */
final class MethodTable
{
    /** It changes nothing, so it may be sent again and elsewhere. */
    static final int READ = 1;
    /** It goes to all upstreams that are up. */
    static final int BROADCAST = 2;
    /** Its answer never changes. */
    static final int FOREVER = 4;
    /** Its answer never changes once the block is final, if it is asked by hash. */
    static final int BY_HASH = 8;
    /** Its answer is about the latest block. */
    static final int LATEST = 16;
    /** It is, if the first parameter is {@code "latest"}. */
    static final int LATEST_FIRST = 32;
    /** It is, if the last parameter is {@code "latest"}. */
    static final int LATEST_LAST = 64;
    /** It is listed by its whole name, and so none of the relay's own. */
    static final int LISTED = 128;
    /** Its answer shows the caller that there is a block. */
    static final int SHOWS_BLOCK = 256;
    /** Whether its answer is about the latest block depends on the params. */
    static final int LATEST_BY_NAME = LATEST_FIRST | LATEST_LAST;
    /** Its answer may be kept. */
    static final int CACHEABLE = FOREVER | BY_HASH | LATEST | LATEST_FIRST | LATEST_LAST;

    /** Names and as many empty places at least. */
    private static final int PLACES = 1024;

    private static final List<String> READS = List.of(
        "eth_accounts", "eth_baseFee", "eth_blobBaseFee", "eth_blockNumber", "eth_call", "eth_callMany", "eth_chainId",
        "eth_coinbase", "eth_config", "eth_createAccessList", "eth_estimateGas", "eth_feeHistory", "eth_gasPrice",
        "eth_getAccount", "eth_getAccountInfo", "eth_getBalance", "eth_getBlockByHash", "eth_getBlockByNumber",
        "eth_getBlockReceipts", "eth_getBlockTransactionCountByHash", "eth_getBlockTransactionCountByNumber",
        "eth_getCode", "eth_getHeaderByHash", "eth_getHeaderByNumber", "eth_getLogs", "eth_getProof",
        "eth_getRawTransactionByBlockHashAndIndex", "eth_getRawTransactionByBlockNumberAndIndex",
        "eth_getRawTransactionByHash", "eth_getStorageAt", "eth_getTransactionByBlockHashAndIndex",
        "eth_getTransactionByBlockNumberAndIndex", "eth_getTransactionByHash", "eth_getTransactionCount",
        "eth_getTransactionReceipt", "eth_getUncleByBlockHashAndIndex", "eth_getUncleByBlockNumberAndIndex",
        "eth_getUncleCountByBlockHash", "eth_getUncleCountByBlockNumber", "eth_hashrate", "eth_maxPriorityFeePerGas",
        "eth_mining", "eth_pendingTransactions", "eth_protocolVersion", "eth_simulateV1", "eth_syncing",
        "erigon_getBlockByTimestamp", "erigon_getHeaderByHash", "erigon_getHeaderByNumber", "erigon_getLatestLogs",
        "erigon_getLogs", "erigon_getLogsByHash", "net_listening", "net_peerCount", "net_version",
        "web3_clientVersion", "web3_sha3", "rpc_modules", "trace_block", "trace_filter", "trace_get",
        "trace_transaction", "txpool_content", "txpool_contentFrom", "txpool_inspect", "txpool_status");
    private static final List<String> FOREVERS = List.of("eth_chainId", "net_version");
    private static final List<String> BY_HASHES = List.of(
        "eth_getBlockByHash", "eth_getBlockReceipts", "eth_getHeaderByHash", "eth_getLogs",
        "eth_getTransactionByBlockHashAndIndex", "eth_getTransactionByHash", "eth_getTransactionReceipt");
    private static final List<String> LATESTS = List.of(
        "eth_baseFee", "eth_blobBaseFee", "eth_blockNumber", "eth_gasPrice", "eth_maxPriorityFeePerGas");
    private static final List<String> LATEST_FIRSTS = List.of(
        "eth_getBlockByNumber", "eth_getBlockReceipts", "eth_getBlockTransactionCountByNumber",
        "eth_getHeaderByNumber", "eth_getTransactionByBlockNumberAndIndex", "eth_getUncleCountByBlockNumber");
    private static final List<String> LATEST_LASTS = List.of(
        "eth_call", "eth_createAccessList", "eth_estimateGas", "eth_getAccount", "eth_getBalance", "eth_getCode",
        "eth_getProof", "eth_getStorageAt", "eth_getTransactionCount");
    /**
     * Not so: {@code eth_simulateV1}, whose blocks no node has; {@code eth_syncing}, which tells of the node and not of
     * the chain; an uncle's number is not that of the block asked for.
     */
    private static final List<String> BLOCK_SHOWERS = List.of(
        "erigon_getBlockByTimestamp", "erigon_getHeaderByHash", "erigon_getHeaderByNumber", "erigon_getLatestLogs",
        "erigon_getLogs", "erigon_getLogsByHash", "eth_blockNumber", "eth_feeHistory", "eth_getBlockByHash",
        "eth_getBlockByNumber", "eth_getBlockReceipts", "eth_getHeaderByHash", "eth_getHeaderByNumber", "eth_getLogs",
        "eth_getTransactionByBlockHashAndIndex", "eth_getTransactionByBlockNumberAndIndex",
        "eth_getTransactionByHash", "eth_getTransactionReceipt", "trace_block", "trace_filter", "trace_get",
        "trace_transaction");
    private static final byte[][] READ_PREFIXES = bytes(
        "debug_getRaw", "debug_trace", "trace_", "ots_get", "erigon_get", "bor_get", "alchemy_get");

    private final byte[][] names = new byte[PLACES][];
    private final int[] flags = new int[PLACES];
    private final byte[][] furtherReads;
    private final MethodNames own;

    /**
     * Creates it.
     *
     * @param broadcast the methods that go to all upstreams.
     * @param reads     the beginnings of the names of further methods that change nothing.
     * @param own       those that make and end subscriptions: whatever they are called, they are not listed.
     */
    MethodTable(final List<String> broadcast, final List<String> reads, final MethodNames own)
    {
        furtherReads = bytes(reads.toArray(String[]::new));
        this.own = own;
        READS.forEach(name -> add(name, READ));
        FOREVERS.forEach(name -> add(name, FOREVER));
        BY_HASHES.forEach(name -> add(name, BY_HASH));
        LATESTS.forEach(name -> add(name, LATEST));
        LATEST_FIRSTS.forEach(name -> add(name, LATEST_FIRST));
        LATEST_LASTS.forEach(name -> add(name, LATEST_LAST));
        BLOCK_SHOWERS.forEach(name -> add(name, SHOWS_BLOCK));
        broadcast.forEach(name -> add(name, BROADCAST));
    }

    /**
     * Looks a method up.
     *
     * @param text   holds its name, without quotes.
     * @param offset where it starts.
     * @param length its length in bytes.
     * @param hash   what {@link CallKey} makes of it.
     * @return its flags; 0 if nothing is known of it.
     */
    int flagsOf(final byte[] text, final int offset, final int length, final long hash)
    {
        final int place = find(text, offset, length, hash);
        return names[place] == null ? flagsByPrefix(text, offset, length) : flags[place];
    }

    /** The place of a name, or the empty one where it would stand. */
    private int find(final byte[] text, final int offset, final int length, final long hash)
    {
        int place = (int)hash & PLACES - 1;
        while (names[place] != null &&
            !(names[place].length == length && Arrays.equals(names[place], 0, length, text, offset, offset + length)))
        {
            place = place + 1 & PLACES - 1;
        }
        return place;
    }

    private int flagsByPrefix(final byte[] text, final int offset, final int length)
    {
        return isAny(READ_PREFIXES, text, offset, length) || isAny(furtherReads, text, offset, length) ? READ : 0;
    }

    private static boolean isAny(final byte[][] prefixes, final byte[] text, final int offset, final int length)
    {
        for (final byte[] prefix : prefixes)
        {
            if (length >= prefix.length &&
                Arrays.equals(prefix, 0, prefix.length, text, offset, offset + prefix.length))
            {
                return true;
            }
        }
        return false;
    }

    private void add(final String name, final int more)
    {
        final byte[] token = name.getBytes(StandardCharsets.UTF_8);
        final boolean isOwn = own.subscribeIndex(token, 0, token.length) != MethodNames.NONE ||
            own.unsubscribeIndex(token, 0, token.length) != MethodNames.NONE ||
            RelayMethod.indexOf(token, 0, token.length) != RelayMethod.NONE ||
            FilterMethod.indexOf(token, 0, token.length) != FilterMethod.NONE;
        if (!isOwn)
        {
            final int place = find(token, 0, token.length, CallKey.hash(token, 0, token.length));
            names[place] = token;
            flags[place] = LISTED | (more == BROADCAST ? BROADCAST : flags[place] | more);
        }
    }

    private static byte[][] bytes(final String... texts)
    {
        return Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.US_ASCII)).toArray(byte[][]::new);
    }
}
