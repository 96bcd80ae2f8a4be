package io.ringcast.transport.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.ringcast.frame.ReceivedFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A reader whose ring is as full as the test says. Confined to the test thread, which is the I/O loop. */
class GatedReaderTest
{
    private static final int READ_BYTES = 4_096;
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final NetworkRelay network = BareNetwork.on(channel.eventLoop());
    private final List<String> published = new ArrayList<>();
    private final GatedReader reader = new GatedReader(
        new JsonTextCutter(READ_BYTES, new PublisherFrames(network.loops()[0].publisher()), new Texts()), false,
        channel, network.loops()[0].publisher(), this::tryPublish, () -> { });
    private final List<String> times = new ArrayList<>();
    private boolean isFull = true;
    private long readAtNs;
    private RuntimeException fault;

    @AfterEach
    void close()
    {
        channel.close();
        network.closePipeline();
    }

    @Test
    void shouldCountWhatLiesUnreadGivenAClosedGate()
    {
        final ByteBuf in = read("{\"id\":1}{\"id\":2}");

        assertTrue(reader.isClosed());
        assertFalse(channel.config().isAutoRead());
        final int waitingBytes = reader.unfinishedBytes();

        final ByteBuf more = read("{\"id\":3}");
        assertEquals(waitingBytes + READ_BYTES, reader.unfinishedBytes());

        isFull = false;
        reader.open();
        assertEquals(List.of("{\"id\":1}", "{\"id\":2}", "{\"id\":3}"), published);
        assertEquals(0, reader.unfinishedBytes());
        assertEquals(0, in.refCnt());
        assertEquals(0, more.refCnt());
        assertTrue(channel.config().isAutoRead());
    }

    @Test
    void shouldTellWhenEachTextBeganAndEndedGivenSeveralReads()
    {
        isFull = false;
        read("{\"id\":1}{\"i");
        read("d\":");
        read("2}{\"id\":3} ");
        read("{\"id\":4}");

        assertEquals(List.of("1-1", "1-3", "3-3", "4-4"), times);
    }

    /** What is read while the gate is closed has come when it was read, not when what waits before it did. */
    @Test
    void shouldTellWhenEachTextBeganAndEndedGivenAClosedGate()
    {
        read("{\"id\":1}{\"i");
        read("d\":2}");
        read("{\"id\":3}");
        isFull = false;
        reader.open();

        assertEquals(List.of("1-1", "1-2", "3-3"), times);
    }

    @Test
    void shouldGiveBackWhatLiesUnreadGivenItsEnd()
    {
        final ByteBuf in = read("{\"id\":1}{\"id\":2}");
        assertTrue(network.loops()[0].publisher().isWaiting());

        reader.end();

        assertFalse(network.loops()[0].publisher().isWaiting(), "it is kept by nobody");
        assertEquals(0, reader.unfinishedBytes());
        assertEquals(0, in.refCnt());
        isFull = false;
        reader.open();
        assertEquals(List.of(), published);
    }

    /** A gate that failed to open would take the others that are opened behind it with it. */
    @Test
    void shouldTellItsConnectionGivenAFaultAtTheOpening()
    {
        read("{\"id\":1}");
        isFull = false;
        fault = new IllegalStateException("a bug");

        reader.open();

        assertSame(fault, assertThrows(IllegalStateException.class, channel::checkException));
        reader.end();
    }

    @Test
    void shouldReleaseWhatWasReadGivenAFault()
    {
        isFull = false;
        fault = new IllegalStateException("a bug");
        final ByteBuf in = Unpooled.copiedBuffer("{\"id\":1}", StandardCharsets.US_ASCII);

        assertThrows(IllegalStateException.class, () -> reader.read(in, 1));

        assertEquals(0, in.refCnt());
    }

    /** As a socket does it: the buffer is as large as the last ones were full, whatever has come. */
    private ByteBuf read(final String texts)
    {
        final ByteBuf in = Unpooled.directBuffer(READ_BYTES, READ_BYTES);
        in.writeCharSequence(texts, StandardCharsets.US_ASCII);
        reader.read(in, ++readAtNs);
        return in;
    }

    private boolean tryPublish(final ReceivedFrame text, final long atNs)
    {
        if (isFull)
        {
            return false;
        }
        if (fault != null)
        {
            throw fault;
        }
        times.add(text.beganAtNs + "-" + atNs);
        published.add(new String(text.bytes, 0, text.length, StandardCharsets.US_ASCII));
        network.loops()[0].publisher().giveFrame(text);
        return true;
    }

    private final class Texts implements JsonTextCutter.Taker
    {
        @Override
        public boolean onText(final ReceivedFrame text)
        {
            return reader.publish(text);
        }

        @Override
        public void onGarbage(final String reason, final boolean isTooBig)
        {
            throw new AssertionError(reason);
        }
    }
}
