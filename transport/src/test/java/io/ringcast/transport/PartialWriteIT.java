package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.ringcast.config.SocketConfig;
import io.ringcast.config.ThreadingChoice;
import io.ringcast.config.TransportChoice;
import io.ringcast.egress.Outlet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.door.SocketOutlet;
import io.ringcast.transport.loop.NetworkLoop;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A socket takes a part of what one flush writes to it, and has room again before the flush has gone on. */
class PartialWriteIT
{
    private static final int LONG_BYTES = 512 * 1024;
    private static final int SHORT_BYTES = 100;
    private static final int BUFFER_BYTES = 16 * 1024;

    /** A chunk that tells when somebody is about to write it straight to a socket. */
    private static final class ToldChunk extends UnpooledDirectByteBuf
    {
        private Runnable onWrite = () -> { };

        ToldChunk()
        {
            super(UnpooledByteBufAllocator.DEFAULT, SHORT_BYTES, SHORT_BYTES);
            setBytes(0, filled('b', SHORT_BYTES));
        }

        @Override
        public boolean hasMemoryAddress()
        {
            return false;
        }

        @Override
        public ByteBuffer internalNioBuffer(final int index, final int length)
        {
            final Runnable once = onWrite;
            onWrite = () -> { };
            once.run();
            return super.internalNioBuffer(index, length);
        }
    }

    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private Socket client;

    @Test
    void shouldKeepTheOrderOfWhatTheSocketTakesInParts() throws Exception
    {
        try (TestBed bed = TestBed.start(new Mode(TransportChoice.EPOLL, ThreadingChoice.COMPACT, 1),
            config -> config.sockets(SocketConfig.builder().sendBufferBytes(BUFFER_BYTES).build()));
            Socket socket = new Socket())
        {
            client = socket;
            client.setReceiveBufferSize(BUFFER_BYTES);
            client.setSoTimeout((int)TestBed.TIMEOUT_MS);
            client.connect(bed.address());
            shakeHands();
            final NetworkLoop loop = bed.relay().networks().get(0).loops()[0];

            loop.eventLoop().submit(() -> writeBoth(loop)).get();
            take(LONG_BYTES + SHORT_BYTES - read.size());

            final byte[] all = read.toByteArray();
            assertArrayEquals(filled('a', LONG_BYTES), Arrays.copyOf(all, LONG_BYTES), "the first range");
            assertArrayEquals(
                filled('b', SHORT_BYTES), Arrays.copyOfRange(all, LONG_BYTES, all.length), "the second range");
            assertEquals(1, bed.count(RelayCounter.WRITES_PARTIAL));
        }
    }

    /** As a batch does that has two ranges for one connection. */
    private void writeBoth(final NetworkLoop loop)
    {
        final ByteBuf first = Unpooled.directBuffer(LONG_BYTES).writeBytes(filled('a', LONG_BYTES));
        final ToldChunk second = new ToldChunk();
        final Outlet outlet = loop.egress().connections().get(0);
        second.onWrite = () ->
        {
            final long waiting = ((SocketOutlet)outlet).channel().unsafe().outboundBuffer().totalPendingWriteBytes();
            assertTrue(waiting > 0, "the first range did not fit");
            take((int)(LONG_BYTES - waiting));
        };
        outlet.append(first, 0, LONG_BYTES, System.nanoTime(), 1);
        outlet.append(second, 0, SHORT_BYTES, System.nanoTime(), 1);
        outlet.flush();
        first.release();
        second.release();
    }

    private void take(final int bytes)
    {
        try
        {
            read.write(client.getInputStream().readNBytes(bytes));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private void shakeHands() throws IOException
    {
        client.getOutputStream().write(("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n" +
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
        while (!read.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n"))
        {
            take(1);
        }
        read.reset();
    }

    private static byte[] filled(final char filler, final int length)
    {
        final byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte)filler);
        return bytes;
    }
}
