package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A subscriber that reads nothing once it has subscribed, behind a small receive buffer, as one whose program hangs.
 * Confined to the thread that opened it.
 */
public final class NeverReader implements AutoCloseable
{
    private static final int RECEIVE_BYTES = 4096;
    private static final int OPEN_MS = (int)TimeUnit.SECONDS.toMillis(30);

    private final Socket socket;

    private NeverReader(final Socket socket)
    {
        this.socket = socket;
    }

    /**
     * Connects, subscribes to heads, and stops reading.
     *
     * @param target where.
     * @param lag    the value of the option {@code lag} as JSON; null for none.
     * @return the connection.
     * @throws IOException if it is refused.
     */
    public static NeverReader open(final LoadTarget target, final String lag) throws IOException
    {
        final Socket socket = new Socket();
        try
        {
            socket.setReceiveBufferSize(RECEIVE_BYTES);
            socket.setSoTimeout(OPEN_MS);
            socket.connect(new InetSocketAddress(target.host(), target.port()), OPEN_MS);
            socket.getOutputStream().write(LoadConnection.request(target, target.path())
                .getBytes(StandardCharsets.US_ASCII));
            final DataInputStream in = new DataInputStream(socket.getInputStream());
            int end = 0;
            while (end != 0x0D0A0D0A)
            {
                end = end << 8 | in.readUnsignedByte();
            }
            final byte[] call = ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"" +
                (lag == null ? "" : ",{\"relay\":{\"lag\":" + lag + "}}") + "]}").getBytes(StandardCharsets.UTF_8);
            final ByteBuf frame = Unpooled.buffer(call.length + 14);
            FrameScanner.writeHead(frame, FrameScanner.TEXT, call.length, true);
            frame.writeBytes(call);
            socket.getOutputStream().write(frame.array(), 0, frame.readableBytes());
            // The first byte of the answer: from here on it counts as a subscriber, and reads no more.
            in.readByte();
            return new NeverReader(socket);
        }
        catch (final IOException e)
        {
            socket.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException
    {
        socket.close();
    }
}
