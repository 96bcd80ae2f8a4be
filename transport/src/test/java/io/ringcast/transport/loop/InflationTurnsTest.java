package io.ringcast.transport.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.websocket.WebSocketFrameListener;
import io.ringcast.transport.websocket.WebSocketHeader;
import io.ringcast.transport.websocket.WebSocketOpcode;
import io.ringcast.transport.websocket.WebSocketRole;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/** Connections of one loop whose turns the test takes. Confined to the test thread, which is the I/O loop. */
class InflationTurnsTest
{
    private static final int COMPRESSED = 0x40;
    private static final int MESSAGE_BYTES = 1024 * 1024;
    /** So much is inflated in a turn. */
    private static final int PIECE_BYTES = 64 * 1024;
    /** The longest message of which the test looks at the text. */
    private static final int SHORT_BYTES = 100;
    private final ArrayDeque<Runnable> nextTurn = new ArrayDeque<>();
    private final NetworkRelay network = BareNetwork.on(new EmbeddedChannel().eventLoop());
    private final NetworkLoop loop = network.loops()[0];
    private final InflationTurns turns = new InflationTurns(nextTurn::add, loop.counters());
    private final List<String> published = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();

    @AfterEach
    void close()
    {
        connections.forEach(connection -> connection.reader.end());
        turns.close();
        network.closePipeline();
    }

    @Test
    void shouldServeOthersBetweenThePiecesOfALongMessage()
    {
        final Connection greedy = connect("greedy");
        final Connection good = connect("good");

        greedy.read(deflated("x".repeat(MESSAGE_BYTES)), COMPRESSED);
        greedy.read("behind", 0);
        assertTrue(greedy.reader.isClosed());
        assertFalse(greedy.channel.config().isAutoRead());
        good.read("plain", 0);
        good.read(deflated("packed"), COMPRESSED);

        assertEquals(List.of("good plain", "good packed"), published);
        assertTrue(greedy.reader.unfinishedBytes() >= PIECE_BYTES);
        final int taken = takeTurns();
        assertEquals(MESSAGE_BYTES / PIECE_BYTES, taken, 1);
        assertEquals(taken, loop.counters().get(RelayCounter.INFLATION_TURNS));
        assertEquals(List.of("greedy " + MESSAGE_BYTES + " bytes", "greedy behind"), published.subList(2, 4));
        assertEquals(0, greedy.reader.unfinishedBytes());
        assertTrue(greedy.channel.config().isAutoRead());
    }

    /** The one who comes last has its piece before another has its second. */
    @Test
    void shouldLetAllHaveTheirTurnsOneAfterTheOther()
    {
        for (int i = 0; i < 5; i++)
        {
            connect("" + i).read(deflated("x".repeat(MESSAGE_BYTES)), COMPRESSED);
        }
        connect("short").read(deflated("y".repeat(PIECE_BYTES + 1)), COMPRESSED);

        for (int i = 0; i < 6; i++)
        {
            assertEquals(1, nextTurn.size(), "tasks");
            nextTurn.poll().run();
        }

        assertEquals(List.of("short " + (PIECE_BYTES + 1) + " bytes"), published);
        takeTurns();
        assertEquals(6, published.size());
    }

    @Test
    void shouldPassOverWhoHasLeft()
    {
        final Connection leaving = connect("leaving");
        final Connection staying = connect("staying");
        leaving.read(deflated("x".repeat(MESSAGE_BYTES)), COMPRESSED);
        staying.read(deflated("x".repeat(MESSAGE_BYTES)), COMPRESSED);

        leaving.reader.end();
        takeTurns();

        assertEquals(List.of("staying " + MESSAGE_BYTES + " bytes"), published);
        assertEquals(0, leaving.reader.unfinishedBytes());
    }

    /** The fault is of one connection, which is told; the next has its turn all the same. */
    @Test
    void shouldGoOnGivenAFaultInATurn()
    {
        final Connection broken = connect("broken");
        broken.isBroken = true;
        broken.read(deflated("x".repeat(MESSAGE_BYTES)), COMPRESSED);
        connect("good").read(deflated("x".repeat(MESSAGE_BYTES)), COMPRESSED);

        takeTurns();

        assertEquals("broken", broken.caught.getMessage());
        assertEquals(List.of("good " + MESSAGE_BYTES + " bytes"), published);
    }

    private int takeTurns()
    {
        int taken = 0;
        for (Runnable turn = nextTurn.poll(); turn != null; turn = nextTurn.poll())
        {
            turn.run();
            taken++;
        }
        return taken;
    }

    private Connection connect(final String name)
    {
        final Connection connection = new Connection(name);
        connections.add(connection);
        return connection;
    }

    private static byte[] deflated(final String text)
    {
        final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(text.getBytes(StandardCharsets.US_ASCII));
        final byte[] packed = new byte[text.length() + 256];
        final int length = deflater.deflate(packed, 0, packed.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(packed, length - 4);
    }

    /** One end of a WebSocket that takes compressed messages. */
    private final class Connection extends ChannelInboundHandlerAdapter implements WebSocketFrameListener
    {
        private final String name;
        private final EmbeddedChannel channel = new EmbeddedChannel(this);
        private final GatedReader reader = new GatedReader(
            new WebSocketCutter(WebSocketRole.CLIENT, MESSAGE_BYTES, loop.publisher(), this, turns), false, channel,
            loop.publisher(), this::tryPublish, () -> { });
        private boolean isBroken;
        private Throwable caught;

        Connection(final String name)
        {
            this.name = name;
        }

        void read(final String text, final int bits)
        {
            read(text.getBytes(StandardCharsets.US_ASCII), bits);
        }

        void read(final byte[] payload, final int bits)
        {
            final ByteBuf in = Unpooled.buffer(WebSocketHeader.MAX_BYTES + payload.length);
            in.writerIndex(WebSocketHeader.write(in, 0, WebSocketOpcode.TEXT, payload.length));
            in.setByte(0, in.getByte(0) | bits);
            in.writeBytes(payload);
            reader.read(in, 1);
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
        {
            caught = cause;
            reader.end();
        }

        @Override
        public boolean onMessage(final ReceivedFrame message, final boolean text)
        {
            return reader.publish(message);
        }

        private boolean tryPublish(final ReceivedFrame message, final long readAtNs)
        {
            if (isBroken)
            {
                throw new IllegalStateException(name);
            }
            published.add(name + ' ' + (message.length > SHORT_BYTES ? message.length + " bytes" :
                new String(message.bytes, 0, message.length, StandardCharsets.US_ASCII)));
            loop.publisher().giveFrame(message);
            return true;
        }

        @Override
        public void onPing(final byte[] payload, final int lengthBytes)
        {
            throw new AssertionError("ping");
        }

        @Override
        public void onPong(final byte[] payload, final int lengthBytes)
        {
            throw new AssertionError("pong");
        }

        @Override
        public void onClose(final int code, final byte[] reason, final int offset, final int lengthBytes)
        {
            throw new AssertionError("close " + code);
        }

        @Override
        public void onViolation(final int closeCode, final String reason)
        {
            throw new AssertionError(reason);
        }
    }
}
