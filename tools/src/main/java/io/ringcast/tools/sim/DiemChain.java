package io.ringcast.tools.sim;

import io.ringcast.frame.Keccak256;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A Diem node's transactions from the first one on; each has one event of whatever key is watched.
 * Confined to the node's event loop.
 */
final class DiemChain implements DialectChain
{
    private long version = 100;

    @Override
    public void mine()
    {
        version++;
    }

    @Override
    public long tip()
    {
        return version;
    }

    @Override
    public String call(final String method, final Object params)
    {
        throw new RpcException(-32601, "Method not found");
    }

    @Override
    public DialectFeed feed(final String method, final Object params)
    {
        final Map<?, ?> members = params instanceof Map<?, ?> map ? map : Map.of();
        final boolean isEvents = "subscribe_to_events".equals(method);
        final boolean isValid = members.get(isEvents ? "event_seq_num" : "starting_version") instanceof Long first &&
            first >= 0 && (!isEvents || members.get("event_key") instanceof String);
        if (!isValid)
        {
            throw RpcException.invalidParams("Invalid params for method '" + method + "'");
        }
        final long first = (Long)members.get(isEvents ? "event_seq_num" : "starting_version");
        final boolean hasEvents = Boolean.TRUE.equals(members.get("include_events"));
        return new ChainFeed(first, Long.MAX_VALUE, this::tip, at ->
            isEvents ? event((String)members.get("event_key"), at) : transaction(at, hasEvents));
    }

    private static String transaction(final long at, final boolean hasEvents)
    {
        final String hash = Keccak256.hex(("transaction" + at).getBytes(StandardCharsets.US_ASCII)).substring(2);
        return "{\"version\":" + at + ",\"transaction\":{\"type\":\"blockmetadata\",\"timestamp_usecs\":" + at * 1_000 +
            "},\"hash\":\"" + hash + "\",\"bytes\":\"00\",\"events\":" +
            (hasEvents ? "[" + event("00".repeat(24), at) + "]" : "[]") +
            ",\"vm_status\":{\"type\":\"executed\"},\"gas_used\":0}";
    }

    private static String event(final String key, final long at)
    {
        return "{\"key\":" + JsonText.quote(key) + ",\"sequence_number\":" + at + ",\"transaction_version\":" + at +
            ",\"data\":{\"type\":\"newblock\",\"round\":" + at + "}}";
    }
}
