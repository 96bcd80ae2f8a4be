package io.ringcast.correlate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ringcast.config.SubscriptionMethod;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A method that is listed goes straight to an upstream, so none of the relay's own may be. */
class MethodTableTest
{
    @Test
    void shouldKnowListedMethodsByTheirWholeName()
    {
        final MethodTable table = table(SubscriptionMethod.ETH);

        assertEquals(
            MethodTable.LISTED | MethodTable.READ | MethodTable.LATEST_LAST, flags(table, "eth_call"));
        assertEquals(MethodTable.LISTED | MethodTable.BROADCAST, flags(table, "eth_sendRawTransaction"));
        assertEquals(MethodTable.READ, flags(table, "debug_traceBlock"));
        assertEquals(0, flags(table, "eth_cal"));
        assertEquals(0, flags(table, "eth_callX"));
        assertEquals(0, flags(table, ""));
    }

    @Test
    void shouldNotListWhatIsTheRelaysOwn()
    {
        final MethodTable table =
            table(SubscriptionMethod.ETH, new SubscriptionMethod("eth_syncing", "net_version", "x_item"));

        for (final String own : List.of(
            "eth_syncing", "net_version", "eth_subscribe", "eth_unsubscribe", "eth_newFilter",
            "eth_getFilterChanges", "relay_feeds"))
        {
            assertEquals(0, flags(table, own) & MethodTable.LISTED, own);
        }
        assertNotEquals(0, flags(table, "eth_chainId") & MethodTable.LISTED);
    }

    @Test
    void shouldNotListABroadcastThatIsTheRelaysOwn()
    {
        final MethodTable table = new MethodTable(
            List.of("eth_subscribe"), List.of(), new MethodNames(List.of(SubscriptionMethod.ETH), List.of()));

        assertEquals(0, flags(table, "eth_subscribe"));
    }

    @Test
    void shouldHashEveryByteOfALength()
    {
        for (int length = 0; length < 70; length++)
        {
            final Set<Long> hashes = new HashSet<>();
            final byte[] text = new byte[length + 2];
            for (int at = 0; at < length; at++)
            {
                text[1 + at] = 1;
                hashes.add(CallKey.hash(text, 1, length));
                text[1 + at] = 0;
            }
            hashes.add(CallKey.hash(text, 1, length));
            hashes.add(CallKey.hash(text, 1, length + 1));

            assertEquals(length + 2, hashes.size(), "length " + length);
            assertEquals(CallKey.hash(text, 1, length), CallKey.hash(new byte[length], 0, length));
        }
    }

    private static MethodTable table(final SubscriptionMethod... methods)
    {
        return new MethodTable(
            List.of("eth_sendRawTransaction"), List.of("get"), new MethodNames(List.of(methods), List.of()));
    }

    private static int flags(final MethodTable table, final String name)
    {
        final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return table.flagsOf(bytes, 0, bytes.length, CallKey.hash(bytes, 0, bytes.length));
    }
}
