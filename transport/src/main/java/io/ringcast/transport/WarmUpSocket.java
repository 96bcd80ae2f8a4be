package io.ringcast.transport;

import io.ringcast.transport.websocket.WebSocketHeader;
import io.ringcast.transport.websocket.WebSocketOpcode;
import io.ringcast.transport.websocket.WebSocketServerHandshake;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One end of a WebSocket that blocks, as a client of the relay or as its node: just enough for {@link WarmUp}.
 * Confined to the thread that starts the relay.
 */
final class WarmUpSocket implements AutoCloseable
{
    private static final String KEY_HEADER = "sec-websocket-key:";
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int LENGTH_16 = 126;

    private final Socket socket;
    private final DataInputStream in;
    private final boolean isClient;
    private final byte[] out = new byte[BUFFER_BYTES];
    private int outBytes;

    private WarmUpSocket(final Socket socket, final boolean isClient, final int timeoutMs) throws IOException
    {
        this.socket = socket;
        this.isClient = isClient;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(timeoutMs);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
    }

    /** Connects to the relay. */
    static WarmUpSocket connect(final InetSocketAddress address, final int timeoutMs) throws IOException
    {
        final Socket socket = new Socket();
        socket.connect(address, timeoutMs);
        final WarmUpSocket created = new WarmUpSocket(socket, true, timeoutMs);
        created.writeHead("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        created.readHead();
        return created;
    }

    /** Lets the relay in, which takes this for its node. */
    static WarmUpSocket accept(final Socket socket, final int timeoutMs) throws IOException
    {
        final WarmUpSocket created = new WarmUpSocket(socket, false, timeoutMs);
        final String key = created.readHead().lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(KEY_HEADER))
            .map(line -> line.substring(KEY_HEADER.length()).strip())
            .findFirst().orElseThrow(() -> new IOException("a request without a key"));
        created.writeHead("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            "Sec-WebSocket-Accept: " + WebSocketServerHandshake.acceptOf(key) + "\r\n\r\n");
        return created;
    }

    /** Notes a text to be sent with the next {@link #flush()}; longer than the buffer is a mistake of the caller. */
    void write(final byte[] text)
    {
        // A key of 0 leaves the text as it is.
        final int payload = isClient ?
            WebSocketHeader.writeMasked(out, outBytes, WebSocketOpcode.TEXT, text.length, 0) :
            WebSocketHeader.write(out, outBytes, WebSocketOpcode.TEXT, text.length);
        System.arraycopy(text, 0, out, payload, text.length);
        outBytes = payload + text.length;
    }

    void flush() throws IOException
    {
        socket.getOutputStream().write(out, 0, outBytes);
        outBytes = 0;
    }

    /** Passes the next text over. */
    void skip() throws IOException
    {
        int opcode;
        do
        {
            opcode = in.readUnsignedByte() & 0x0F;
            in.skipNBytes(readLength(in.readUnsignedByte()) + (isClient ? 0 : Integer.BYTES));
        }
        while (opcode != WebSocketOpcode.TEXT);
    }

    /** Reads a ping, which has to come next, and answers it: the first items of a subscription wait for that. */
    void answerPing() throws IOException
    {
        final int opcode = in.readUnsignedByte() & 0x0F;
        final byte[] payload = new byte[readLength(in.readUnsignedByte())];
        in.readFully(payload);
        if (opcode != WebSocketOpcode.PING)
        {
            throw new IOException("a frame with opcode " + opcode + " in place of a ping");
        }
        final int start = WebSocketHeader.writeMasked(out, outBytes, WebSocketOpcode.PONG, payload.length, 0);
        System.arraycopy(payload, 0, out, start, payload.length);
        outBytes = start + payload.length;
        flush();
    }

    /** Reads the next text, past pings. */
    String read() throws IOException
    {
        while (true)
        {
            final int opcode = in.readUnsignedByte() & 0x0F;
            final int length = readLength(in.readUnsignedByte());
            final byte[] key = new byte[Integer.BYTES];
            if (!isClient)
            {
                in.readFully(key);
            }
            final byte[] payload = new byte[length];
            in.readFully(payload);
            if (opcode == WebSocketOpcode.TEXT)
            {
                for (int i = 0; i < length; i++)
                {
                    payload[i] ^= key[i & 3];
                }
                return new String(payload, StandardCharsets.UTF_8);
            }
        }
    }

    private int readLength(final int second) throws IOException
    {
        return (second & 0x7F) == LENGTH_16 ? in.readUnsignedShort() : second & 0x7F;
    }

    private void writeHead(final String head) throws IOException
    {
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    }

    private String readHead() throws IOException
    {
        final byte[] head = new byte[4096];
        int length = 0;
        while (length < 4 || head[length - 4] != '\r' || head[length - 2] != '\r' || head[length - 1] != '\n')
        {
            if (length == head.length)
            {
                throw new IOException("a head longer than " + length + " bytes");
            }
            head[length++] = in.readByte();
        }
        return new String(Arrays.copyOf(head, length), StandardCharsets.US_ASCII);
    }

    @Override
    public void close()
    {
        try
        {
            socket.close();
        }
        catch (final IOException e)
        {
            // It is gone in any case.
        }
    }
}
