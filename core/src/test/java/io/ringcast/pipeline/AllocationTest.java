package io.ringcast.pipeline;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.egress.Outlet;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ConnectionId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** In a warmed steady state an item allocates nothing between the socket it comes from and those it leaves by. */
class AllocationTest
{
    private static final long TICK_NS = 50_000_000;
    private static final int TICKS_PER_BLOCK = 4;
    private static final int WARM_UP_ITEMS = 20_000;
    private static final int ITEMS = 20_000;
    private static final int WARM_UP_BLOCKS = 4_000;
    /** On a loaded machine the compiler may be late: what does not escape is still allocated until it has come. */
    private static final int LIMIT_WINDOWS = 10;
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    /** A history that is full after the warm-up: from then on it is written over. */
    private static final DeliveryConfig FULL_HISTORY =
        DeliveryConfig.builder().historyItems(4_096).historyBytes(8 * 1024 * 1024).build();

    private final FakeRelay relay = new FakeRelay(
        RelayConfig.builder().delivery(FULL_HISTORY), NetworkConfig.builder());

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldAllocateNothingGivenAHeadForAHundredSubscribers()
    {
        relay.nodeUp();
        final CountingOutlet[] outlets = new CountingOutlet[100];
        for (int i = 0; i < outlets.length; i++)
        {
            outlets[i] = subscribe(i + 1, "[\"newHeads\"]");
            answerSubscribe();
        }
        final byte[] head = item("{\"number\":\"0x1\",\"logsBloom\":\"0x" + "00".repeat(256) + "\"}");

        publish(head, WARM_UP_ITEMS);
        final long allocated = publish(head, ITEMS);

        assertTrue(allocated < ITEMS, () -> allocated + " bytes for " + ITEMS + " items");
        assertEquals(WARM_UP_ITEMS + ITEMS, outlets[99].items);
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    @Test
    void shouldAllocateNothingGivenALogAndAThousandFilters()
    {
        relay.nodeUp();
        CountingOutlet outlet = null;
        for (int i = 0; i < 1_000; i++)
        {
            outlet = subscribe(i + 1, "[\"logs\",{\"address\":\"" + address(i / 10) + "\",\"topics\":[\"0x" +
                String.format("%064x", i % 10) + "\"]}]");
            answerSubscribe();
        }
        final byte[] log = item("{\"address\":\"" + address(99) + "\",\"topics\":[\"0x" +
            String.format("%064x", 9) + "\"],\"data\":\"0x\"}");

        publish(log, WARM_UP_ITEMS);
        final long allocated = publish(log, ITEMS);

        assertTrue(allocated < ITEMS, () -> allocated + " bytes for " + ITEMS + " items");
        assertEquals(WARM_UP_ITEMS + ITEMS, outlet.items);
        assertEquals(WARM_UP_ITEMS + ITEMS, relay.count(RelayCounter.ITEMS_PUBLISHED));
    }

    @Test
    void shouldAllocateNothingGivenHeadsAndLogsOfTwoUpstreams()
    {
        try (FakeRelay two = new FakeRelay(RelayConfig.builder().delivery(FULL_HISTORY),
            NetworkConfig.builder().upstream("ws://127.0.0.1:8546").upstream("ws://127.0.0.1:8547")))
        {
            two.nodeUp(0);
            two.nodeUp(1);
            two.run();
            answerSubscribes(two, 0);
            answerSubscribes(two, 1);
            final CountingOutlet outlet = new CountingOutlet(ConnectionId.of(1, 0));
            two.parts.loops[0].addConnection(outlet);
            for (final String params : new String[]{"[\"newHeads\"]", "[\"logs\",{}]"})
            {
                two.says(new FakeOutlet(outlet.connectionId()),
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":" + params + "}");
                two.run();
            }
            answerSubscribes(two, 0, "0xbb");
            answerSubscribes(two, 1, "0xbb");
            final ChainTexts chain = new ChainTexts("0xaa", "0xbb");

            // Once round the places that heads are kept in.
            tellBlocks(two, chain, WARM_UP_BLOCKS);
            int windows = 0;
            long allocated;
            do
            {
                allocated = tellBlocks(two, chain, ITEMS / 10);
                windows++;
            }
            while (allocated >= ITEMS && windows < LIMIT_WINDOWS);

            assertTrue(allocated < ITEMS, allocated + " bytes for " + ITEMS + " items");
            assertEquals((WARM_UP_BLOCKS + windows * ITEMS / 10) * 5, outlet.items);
            assertEquals(0, two.count(RelayCounter.REPAIR_FETCHES));
        }
    }

    /**
     * Each block is a head and four logs, told by both, of which now one and now the other is first.
     *
     * @return how many bytes that took; what passes between two blocks is not counted.
     */
    private static long tellBlocks(final FakeRelay two, final ChainTexts chain, final int blocks)
    {
        long allocated = 0;
        for (int block = 0; block < blocks; block++)
        {
            chain.nextBlock();
            // Who told of the block before a while ago has told it all.
            for (int tick = 0; tick < TICKS_PER_BLOCK; tick++)
            {
                two.tick(TICK_NS);
                two.run();
            }
            final long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 2; i++)
            {
                final int lane = i + block & 1;
                tell(two, lane, chain.head());
                for (int log = 0; log < 4; log++)
                {
                    tell(two, lane, chain.log(log));
                }
            }
            allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        return allocated;
    }

    private static void tell(final FakeRelay relay, final int laneIndex, final byte[] text)
    {
        final ReceivedFrame frame = relay.publisher.takeFrame();
        frame.ensureWritable(text.length);
        System.arraycopy(text, 0, frame.bytes, 0, text.length);
        frame.length = text.length;
        relay.publisher.decode(frame);
        relay.publisher.tryPublishUpstreamFrame(laneIndex, frame, relay.nowNs);
        relay.run();
    }

    /** Returns how many bytes this thread allocated meanwhile. */
    private long publish(final byte[] text, final int count)
    {
        final long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < count; i++)
        {
            tell(relay, 0, text);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private CountingOutlet subscribe(final long serial, final String params)
    {
        final CountingOutlet outlet = new CountingOutlet(ConnectionId.of(serial, 0));
        relay.parts.loops[0].addConnection(outlet);
        final byte[] text = ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":" + params + "}")
            .getBytes(StandardCharsets.US_ASCII);
        final ReceivedFrame frame = relay.publisher.takeFrame();
        frame.ensureWritable(text.length);
        System.arraycopy(text, 0, frame.bytes, 0, text.length);
        frame.length = text.length;
        relay.publisher.decode(frame);
        relay.publisher.tryPublishClientFrame(outlet.connectionId(), frame, relay.nowNs);
        relay.run();
        return outlet;
    }

    private void answerSubscribe()
    {
        answerSubscribes(relay, 0);
    }

    private static void answerSubscribes(final FakeRelay relay, final int laneIndex)
    {
        answerSubscribes(relay, laneIndex, "0xaa");
    }

    /** The next feed after the first is 0xbb. */
    private static void answerSubscribes(final FakeRelay relay, final int laneIndex, final String firstToken)
    {
        String token = firstToken;
        String subscribe = relay.nodes.get(laneIndex).received.poll();
        while (subscribe != null)
        {
            relay.nodeSays(laneIndex, subscribe.replaceAll(",\"method\".*", ",\"result\":\"" + token + "\"}"));
            relay.run();
            token = "0xbb";
            subscribe = relay.nodes.get(laneIndex).received.poll();
        }
    }

    private static byte[] item(final String item)
    {
        return ("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":" +
            "{\"subscription\":\"0xaa\",\"result\":" +
            item + "}}").getBytes(StandardCharsets.US_ASCII);
    }

    private static String address(final int number)
    {
        return "0x" + String.format("%040x", number);
    }

    /** Counts what it gets. Confined to the test's thread. */
    private static final class CountingOutlet extends Outlet
    {
        private long items;

        CountingOutlet(final long connectionId)
        {
            super(connectionId);
        }

        @Override
        public void append(
            final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int itemCount)
        {
            items += itemCount;
        }

        @Override
        public void flush()
        {
        }

        @Override
        public void fail()
        {
            throw new IllegalStateException("writing to it never throws");
        }
    }
}
