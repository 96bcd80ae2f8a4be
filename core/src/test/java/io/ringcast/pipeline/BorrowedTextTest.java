package io.ringcast.pipeline;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A slot that is done keeps nobody's text alive: it may be long until it is filled again. */
final class BorrowedTextTest
{
    private static final int LARGE_CHARS = 200_000;

    @Test
    void shouldKeepNoTextAliveGivenThatItsSlotIsDone()
    {
        try (FakeRelay relay = FakeRelay.withDefaults())
        {
            relay.nodeUp();
            final FakeOutlet client = relay.connect();
            final String large = "x".repeat(LARGE_CHARS);
            relay.says(client, call(1, "eth_subscribe", "1,\"" + large + '"'));
            relay.says(client, call(2, "eth_call", '"' + large + '"'));
            relay.says(client, '[' + call(3, "eth_call", '"' + large + '"') + ',' + call(4, "relay_no", "1") + ']');
            relay.run();
            assertTrue(client.received.size() > 0, "nothing was refused, so nothing was tried");

            long keptBytes = 0;
            for (long sequence = 0; sequence < relay.pipeline.ringSlots(); sequence++)
            {
                keptBytes += keptBytes(relay.pipeline.slot(sequence));
            }

            assertEquals(0, keptBytes, "bytes that slots keep alive");
        }
    }

    private static String call(final int id, final String method, final String params)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":[" + params + "]}";
    }

    private static long keptBytes(final RelayEvent event)
    {
        long bytes = event.frame.bytes.length > RingBytes.SMALL_BYTES ? event.frame.bytes.length : 0;
        for (int i = 0; i < event.correlated.size(); i++)
        {
            bytes += length(event.correlated.get(i).bytes);
        }
        for (int i = 0; i < event.matched.size(); i++)
        {
            bytes += length(event.matched.get(i).bytes);
        }
        return bytes;
    }

    private static long length(final byte[] borrowed)
    {
        return borrowed == null ? 0 : borrowed.length;
    }
}
