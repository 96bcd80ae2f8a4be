package io.ringcast.correlate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.CounterSet;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets a read, by what the upstreams announce. */
class LaneRouterTest
{
    private static final int NEWEST = 20;

    private final LaneHeads heads = new LaneHeads(2, 1);
    private final LaneRouter router = new LaneRouter(2, heads, new Random(1), new CounterSet());
    private long nowNs;

    @BeforeEach
    void bringUp()
    {
        for (int lane = 0; lane < 2; lane++)
        {
            router.setUp(lane, true);
            heads.setUp(lane, true, nowNs);
            announce(lane, NEWEST - 3);
        }
    }

    @Test
    void shouldChooseAnotherWhenOneIsSilentThoughItHasSaidWhereItIs()
    {
        announce(1, NEWEST - 2);
        announce(1, NEWEST - 1);
        announce(1, NEWEST);
        heads.setUp(0, false, nowNs);
        heads.setUp(0, true, nowNs);
        tell(0, NEWEST);
        assertEquals(1, choose(0), "its connection was made anew, and it was asked");

        announce(0, NEWEST);
        assertEquals(0, choose(0), "it announces heads again");
    }

    @Test
    void shouldChooseTheSilentOneWhenNoOtherIsLeft()
    {
        announce(1, NEWEST);
        tell(0, NEWEST);

        assertEquals(0, choose(1 << 1), "the other has had the call");
        router.setUp(1, false);
        assertEquals(0, choose(0), "the other is away");
    }

    private int choose(final int triedLanes)
    {
        return router.choose(triedLanes, false, LaneHeads.NONE, false, nowNs);
    }

    private void announce(final int lane, final int number)
    {
        final byte[] head = head(number);
        heads.onHead(lane, head, 0, head.length, ++nowNs);
    }

    /** It answers the relay's question for its newest head. */
    private void tell(final int lane, final int number)
    {
        final byte[] head = head(number);
        heads.onFetched(lane, head, 0, head.length, ++nowNs);
    }

    private static byte[] head(final int number)
    {
        return ("{\"number\":\"0x" + Integer.toHexString(number) + "\",\"hash\":\"" + hash(number) +
            "\",\"parentHash\":\"" + hash(number - 1) + "\"}").getBytes(StandardCharsets.US_ASCII);
    }

    private static String hash(final int number)
    {
        return String.format("0x%064x", number + 1);
    }
}
