package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringcast.config.RelayConfig;
import io.ringcast.egress.Outlet;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ConnectionWish;
import io.ringcast.transport.loop.BareNetwork;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A client that does not read, whatever it sends; what is held for it goes back once.
 * Confined to the test thread, which is the I/O loop.
 */
class ClientConnectionTest
{
    private static final RelayConfig CONFIG = BareNetwork.CONFIG;
    private static final int FIN = 0x80;
    private static final long UNSENT_BYTES = 16 << 20;

    private final StalledChannel channel = new StalledChannel();
    private final NetworkRelay network = BareNetwork.on(channel.eventLoop());
    private final MemoryBudget unfinished = new MemoryBudget(1 << 20);
    private final MemoryBudget unsent = new MemoryBudget(UNSENT_BYTES);
    private Outlet outlet;

    @BeforeEach
    void connect()
    {
        network.pipeline().start();
        final NetworkLoop loop = network.loops()[0];
        channel.pipeline().addLast(new ClientConnection(
            loop, CONFIG.limits(), CONFIG.timing(), unfinished, unsent, null, ConnectionWish.NOTHING,
            Admission.granted(ClientKey.ALL), false));
        outlet = loop.egress().connections().get(0);
    }

    @AfterEach
    void close()
    {
        channel.isStalled = false;
        channel.finishAndReleaseAll();
        network.closePipeline();
        assertEquals(0, unfinished.usedBytes());
        assertEquals(0, unsent.usedBytes());
        assertEquals(0, CounterSet.sum(network.counters(), RelayCounter.EGRESS_FAILURES));
    }

    @Test
    void shouldGiveAnUnfinishedMessageBackOnceGivenThatItsPongIsOneTooMany()
    {
        read(1, "{\"id\":");
        assertTrue(unfinished.usedBytes() > 0);

        int pings = 0;
        while (count(RelayCounter.CLOSED_SLOW) == 0)
        {
            assertTrue(++pings < CONFIG.limits().writeBufferBytes(), "it is never too slow");
            read(FIN | 9, "p".repeat(125));
        }

        assertEquals(0, unfinished.usedBytes());
    }

    /** The close frame says where to resume, and is behind all that the client has yet to read. */
    @Test
    void shouldWaitForASlowClientGivenThatItReadsOnBeforeLong()
    {
        leaveTooMuchUnread();

        pass(SlowEnd.IDLE_MS - 1_000);

        assertTrue(channel.isOpen());
        assertTrue(unsent.usedBytes() > 0, "what waits for it counts");
        channel.isStalled = false;
        channel.flush();
        assertEquals(4008, closeCode());
        assertEquals(0, count(RelayCounter.CLOSES_UNREAD));
        pass(SlowEnd.LIMIT_MS);
        assertFalse(channel.isOpen());
        assertEquals(0, count(RelayCounter.CLOSES_UNREAD));
    }

    @Test
    void shouldWaitForASlowClientGivenThatItTakesSomethingFromTimeToTime()
    {
        leaveTooMuchUnread();

        final long restMs = 5_000;
        for (long passed = restMs; passed < SlowEnd.LIMIT_MS; passed += restMs)
        {
            pass(restMs);
            channel.takeOne();
            assertTrue(channel.isOpen());
        }
        pass(restMs);

        assertFalse(channel.isOpen());
        assertEquals(1, count(RelayCounter.CLOSES_UNREAD));
        assertEquals(0, unsent.usedBytes());
    }

    @Test
    void shouldHangUpOnASlowClientGivenThatItTakesNothing()
    {
        leaveTooMuchUnread();

        pass(SlowEnd.IDLE_MS + 1_000);

        assertFalse(channel.isOpen());
        assertEquals(1, count(RelayCounter.CLOSES_UNREAD));
        assertEquals(0, unsent.usedBytes());
    }

    @Test
    void shouldHangUpOnASlowClientGivenThatOthersNeedTheRoom()
    {
        leaveTooMuchUnread();
        unsent.change(0, UNSENT_BYTES / 2);

        pass(500);

        assertFalse(channel.isOpen());
        assertEquals(UNSENT_BYTES / 2, unsent.usedBytes());
        unsent.change(UNSENT_BYTES / 2, 0);
    }

    /** TLS may put more into the socket's queue than was written. */
    @Test
    void shouldSendNoPingGivenThatItIsTooSlowWhenTimePasses()
    {
        read(FIN | 9, "p");
        assertTrue(unsent.usedBytes() > 0);
        channel.unsafe().outboundBuffer().addMessage(
            Unpooled.wrappedBuffer(new byte[CONFIG.limits().writeBufferBytes()]),
            CONFIG.limits().writeBufferBytes(), channel.newPromise());

        outlet.onTick(System.nanoTime() + TimeUnit.DAYS.toNanos(1));

        assertEquals(1, count(RelayCounter.CLOSED_SLOW));
        channel.isStalled = false;
        channel.flush();
        final int written = channel.outboundMessages().size();
        assertEquals(3, written, "the pong, the foreign bytes, the close frame");
    }

    private void leaveTooMuchUnread()
    {
        while (count(RelayCounter.CLOSED_SLOW) == 0)
        {
            read(FIN | 9, "p".repeat(125));
        }
    }

    private void pass(final long ms)
    {
        for (long passed = 0; passed < ms; passed += 500)
        {
            channel.advanceTimeBy(500, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    /** Of the last frame that was written. */
    private int closeCode()
    {
        final ByteBuf last = (ByteBuf)channel.outboundMessages().toArray()[channel.outboundMessages().size() - 1];
        return last.getUnsignedShort(last.readerIndex() + 2);
    }

    private void read(final int firstByte, final String text)
    {
        final byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
        channel.writeInbound(Unpooled.wrappedBuffer(
            new byte[]{(byte)firstByte, (byte)(0x80 | payload.length), 0, 0, 0, 0}, payload));
    }

    private long count(final RelayCounter counter)
    {
        return CounterSet.sum(network.counters(), counter);
    }
}
