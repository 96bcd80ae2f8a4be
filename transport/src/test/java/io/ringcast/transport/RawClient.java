package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A WebSocket client on a plain socket: sends any bytes, and shows exactly what comes back.
 * Confined to one thread, except {@link #close()}.
 */
final class RawClient implements AutoCloseable
{
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final int FIN = 0x80;
    static final int COMPRESSED = 0x40;

    /** One frame as it came. */
    record Frame(boolean isLast, int opcode, byte[] payload)
    {
        String text()
        {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode()
        {
            return (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        }
    }

    private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};

    private final Socket socket;
    private final DataInputStream in;
    private boolean isPonging = true;
    /** With a context that is kept, as clients may: null if nothing is compressed. */
    private Inflater inflater;
    private int deflatedFrames;
    private long frameBytes;

    private RawClient(final Socket socket) throws IOException
    {
        this.socket = socket;
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 65_536));
    }

    /** Connects a socket and says nothing yet. */
    static RawClient open(final InetSocketAddress address) throws IOException
    {
        return open(address, 0);
    }

    /** Takes over a socket that is connected, such as one with TLS. */
    static RawClient over(final Socket socket) throws IOException
    {
        return new RawClient(socket);
    }

    private static RawClient open(final InetSocketAddress address, final int receiveBufferBytes) throws IOException
    {
        final Socket socket = new Socket();
        if (receiveBufferBytes > 0)
        {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int)TestBed.TIMEOUT_MS);
        socket.connect(address, (int)TestBed.TIMEOUT_MS);
        return new RawClient(socket);
    }

    /** Connects and shakes hands. */
    static RawClient connect(final InetSocketAddress address) throws IOException
    {
        return connect(address, 0);
    }

    /** Connects with a receive buffer of a size, so that what it does not read soon piles up at the relay. */
    static RawClient connect(final InetSocketAddress address, final int receiveBufferBytes) throws IOException
    {
        return open(address, receiveBufferBytes).shakeHands();
    }

    /** Connects with a path and query of its own. */
    static RawClient connect(final InetSocketAddress address, final String path) throws IOException
    {
        final RawClient client = open(address);
        final String head = client.askUpgrade(path);
        assertTrue(head.startsWith("HTTP/1.1 101 "), head);
        return client;
    }

    /** Asks for the upgrade at a path, and gives the head of the answer. */
    String askUpgrade(final String path) throws IOException
    {
        send("GET " + path + " HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        return readHead();
    }

    /** Reads the next ping and answers it: what stood before it counts as read. Anything else is a fault. */
    void answerPing() throws IOException
    {
        passBarrier();
    }

    /** Asks for the upgrade and reads that it is granted. */
    RawClient shakeHands() throws IOException
    {
        sendHandshake();
        final String head = readHead();
        assertTrue(head.startsWith("HTTP/1.1 101 "), head);
        return this;
    }

    /** The same, with an offer to compress. */
    static RawClient connect(final InetSocketAddress address, final int receiveBufferBytes, final String offer)
        throws IOException
    {
        final RawClient client = open(address, receiveBufferBytes);
        assertNotNull(client.offerDeflate(offer));
        return client;
    }

    /** Shakes hands with an offer to compress, and answers how it was taken; null if it was not. */
    String offerDeflate(final String offer) throws IOException
    {
        send("GET / HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
            "Sec-WebSocket-Extensions: " + offer + "\r\n\r\n");
        final String head = readHead();
        assertTrue(head.startsWith("HTTP/1.1 101 "), head);
        final String taken = head.lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-extensions: "))
            .map(line -> line.substring(line.indexOf(' ') + 1))
            .findFirst().orElse(null);
        inflater = taken == null ? null : new Inflater(true);
        return taken;
    }

    /** Sends a text compressed. */
    void sendDeflated(final byte[] text) throws IOException
    {
        final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(text);
        final byte[] packed = new byte[text.length + 64];
        final int length = deflater.deflate(packed, 0, packed.length, Deflater.SYNC_FLUSH) - 4;
        deflater.end();
        sendFrame(FIN | COMPRESSED | TEXT, Arrays.copyOf(packed, length));
    }

    /** How many of the frames that were read were compressed, and how long all were on the wire. */
    int deflatedFrames()
    {
        return deflatedFrames;
    }

    long frameBytes()
    {
        return frameBytes;
    }

    void sendHandshake() throws IOException
    {
        send("GET / HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    }

    void send(final String bytes) throws IOException
    {
        send(bytes.getBytes(StandardCharsets.UTF_8));
    }

    void send(final byte[] bytes) throws IOException
    {
        socket.getOutputStream().write(bytes);
    }

    void sendText(final String text) throws IOException
    {
        send(frame(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Sends a masked frame. */
    void sendFrame(final int firstByte, final byte[] payload) throws IOException
    {
        send(frame(firstByte, payload));
    }

    /** Lays out a masked frame. */
    static byte[] frame(final int firstByte, final byte[] payload)
    {
        final ByteBuffer out = header(firstByte, payload.length);
        final int start = out.position();
        final byte[] frame = Arrays.copyOf(out.array(), start + payload.length);
        for (int i = 0; i < payload.length; i++)
        {
            frame[start + i] = (byte)(payload[i] ^ MASK[i & 3]);
        }
        return frame;
    }

    /** Lays out the beginning of a masked frame, up to its payload. */
    static byte[] announcement(final int firstByte, final long lengthBytes)
    {
        final ByteBuffer out = header(firstByte, lengthBytes);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static ByteBuffer header(final int firstByte, final long lengthBytes)
    {
        final ByteBuffer out = ByteBuffer.allocate(14);
        out.put((byte)firstByte);
        if (lengthBytes < 126)
        {
            out.put((byte)(0x80 | lengthBytes));
        }
        else if (lengthBytes < 65_536)
        {
            out.put((byte)(0x80 | 126)).putShort((short)lengthBytes);
        }
        else
        {
            out.put((byte)(0x80 | 127)).putLong(lengthBytes);
        }
        return out.put(MASK);
    }

    /** Leaves the relay's pings without a pong from now on, and lets {@link #read} return them. */
    void stopPonging()
    {
        isPonging = false;
    }

    /** Reads the head of an HTTP response. */
    String readHead() throws IOException
    {
        final ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4)
        {
            final int next = in.read();
            if (next < 0)
            {
                throw new EOFException("behind " + head);
            }
            head.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    /** Reads a frame. Pings are answered and passed over. */
    Frame read() throws IOException
    {
        while (true)
        {
            final int first = in.readUnsignedByte();
            final int second = in.readUnsignedByte();
            final boolean isDeflated = inflater != null && (first & COMPRESSED) != 0;
            assertEquals(0, first & 0x70 & (isDeflated ? ~COMPRESSED : ~0), "reserved bits");
            assertEquals(0, second & 0x80, "a server must not mask");
            final int lengthBytes =
                second == 126 ? in.readUnsignedShort() : second == 127 ? (int)in.readLong() : second;
            final byte[] payload = new byte[lengthBytes];
            in.readFully(payload);
            frameBytes += lengthBytes;
            deflatedFrames += isDeflated ? 1 : 0;
            final Frame frame =
                new Frame((first & FIN) != 0, first & 0x0F, isDeflated ? inflated(payload) : payload);
            if (frame.opcode != PING || !isPonging)
            {
                return frame;
            }
            sendFrame(FIN | PONG, payload);
        }
    }

    /** Reads a large frame a piece at a time, with a pause before each; returns how many bytes it had. */
    long readSlowly(final int pieceBytes, final long pauseMs) throws IOException
    {
        int first = in.readUnsignedByte();
        while ((first & 0x0F) == PING)
        {
            final byte[] payload = new byte[in.readUnsignedByte()];
            in.readFully(payload);
            sendFrame(FIN | PONG, payload);
            first = in.readUnsignedByte();
        }
        assertEquals(127, in.readUnsignedByte(), "a large frame");
        final long lengthBytes = in.readLong();
        for (long left = lengthBytes; left > 0; left -= pieceBytes)
        {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMs));
            in.readFully(new byte[(int)Math.min(pieceBytes, left)]);
        }
        return lengthBytes;
    }

    private byte[] inflated(final byte[] payload) throws IOException
    {
        final byte[] packed = Arrays.copyOf(payload, payload.length + 4);
        packed[payload.length + 2] = (byte)0xFF;
        packed[payload.length + 3] = (byte)0xFF;
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final byte[] piece = new byte[4_096];
        inflater.setInput(packed);
        try
        {
            for (int count = inflater.inflate(piece); count > 0; count = inflater.inflate(piece))
            {
                out.write(piece, 0, count);
            }
        }
        catch (final DataFormatException e)
        {
            throw new IOException(e);
        }
        return out.toByteArray();
    }

    private void passBarrier() throws IOException
    {
        stopPonging();
        final Frame ping = read();
        assertEquals(PING, ping.opcode);
        sendFrame(FIN | PONG, ping.payload);
        isPonging = true;
    }

    /** Reads a text, which must be one whole frame. */
    String readText() throws IOException
    {
        final Frame frame = read();
        assertEquals(TEXT, frame.opcode, () -> "opcode, with " + describe(frame));
        assertTrue(frame.isLast, "one frame");
        return frame.text();
    }

    /** Sends a text and reads the next one. */
    String call(final String text) throws IOException
    {
        sendText(text);
        return readText();
    }

    /** Subscribes and answers the ping that follows the grant; returns the subscription id. */
    String subscribe(final String params) throws IOException
    {
        final String answer =
            call("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_subscribe\",\"params\":" + params + "}");
        final String before = "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"";
        assertTrue(answer.startsWith(before), answer);
        if (isPonging)
        {
            passBarrier();
        }
        return answer.substring(before.length(), answer.length() - 2);
    }

    /** Reads until a close frame, which must be the last thing before the end. Returns its code. */
    int readClose() throws IOException
    {
        Frame frame = read();
        while (frame.opcode != CLOSE)
        {
            frame = read();
        }
        assertEnd();
        return frame.closeCode();
    }

    /** Checks that nothing comes but the end of the connection, and hangs up as well. */
    void assertEnd() throws IOException
    {
        assertEquals(-1, in.read(), "the end");
        close();
    }

    /** Reads until the connection ends, however it does. */
    void awaitEnd()
    {
        awaitEnd(in);
        close();
    }

    /** Reads until a connection ends, however it does. */
    static void awaitEnd(final InputStream in)
    {
        try
        {
            while (in.read() >= 0)
            {
                continue;
            }
        }
        catch (final IOException ignored)
        {
            assertFalse(ignored instanceof SocketTimeoutException, "it does not end");
            // A reset is an end as well.
        }
    }

    /** Says that nothing more will be sent; the other half stays open. */
    void shutdownOutput() throws IOException
    {
        socket.shutdownOutput();
    }

    /** Tells whether something can be read now. */
    boolean hasBytes() throws IOException
    {
        return in.available() > 0;
    }

    @Override
    public void close()
    {
        if (inflater != null)
        {
            inflater.end();
        }
        try
        {
            socket.close();
        }
        catch (final IOException ignored)
        {
            // It is gone in any case.
        }
    }

    private static String describe(final Frame frame)
    {
        return frame.opcode == CLOSE && frame.payload.length >= 2 ?
            frame.closeCode() + " " + frame.text().substring(2) : frame.text();
    }
}
