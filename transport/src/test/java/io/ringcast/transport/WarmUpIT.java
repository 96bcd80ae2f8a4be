package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.ThreadingChoice;
import io.ringcast.config.TransportChoice;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;

/** Confined to the test thread. */
class WarmUpIT
{
    private static final int WARM_UP_MS = 200;

    @ParameterizedTest
    @EnumSource(value = TransportChoice.class, names = {"EPOLL", "IO_URING", "NIO"})
    void shouldLeaveNoTraceWhenTheRelayStarts(final TransportChoice transport) throws IOException
    {
        try (TestBed bed = TestBed.start(new Mode(transport, ThreadingChoice.COMPACT, 1), config ->
            config.warmUpMs(WARM_UP_MS)))
        {
            assertEquals(0, bed.count(RelayCounter.CONNECTIONS_OPENED));
            assertEquals(0, bed.count(RelayCounter.ITEMS_IN));
            bed.assertCount(RelayCounter.UPSTREAM_CONNECTS, 1);
            final RawClient client = bed.client();
            client.subscribe("[\"newHeads\"]");

            bed.upstream().publish("newHeads", "{\"number\":\"0x1\"}");

            assertTrue(client.readText().contains("0x1"));
        }
    }
}
