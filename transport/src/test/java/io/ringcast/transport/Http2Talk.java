package io.ringcast.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * An HTTP/2 client on a plain socket, frame by frame: sends whatever the test wants, in whatever order.
 * Confined to one thread.
 */
final class Http2Talk implements AutoCloseable
{
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    static final int ENHANCE_YOUR_CALM = 11;

    private static final int MAX_STREAM_WINDOW = Integer.MAX_VALUE;

    /** One frame as it came. */
    record Frame(int type, int flags, int stream, byte[] payload)
    {
        boolean isEnd()
        {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        int code()
        {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }
    }

    /** A response as far as it has come. */
    static final class Response
    {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private Http2Headers headers;
        private boolean isEnded;
        private Integer resetCode;

        int status()
        {
            return Integer.parseInt(headers.status().toString());
        }

        String header(final String name)
        {
            return headers.get(name) == null ? null : headers.get(name).toString();
        }

        byte[] body()
        {
            return body.toByteArray();
        }

        String text()
        {
            return body.toString(StandardCharsets.UTF_8);
        }

        boolean isEnded()
        {
            return isEnded || resetCode != null;
        }

        Integer resetCode()
        {
            return resetCode;
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final Map<Integer, Response> responses = new HashMap<>();
    private int lastStream = -1;

    private Http2Talk(final Socket socket) throws IOException
    {
        this.socket = socket;
        in = new DataInputStream(socket.getInputStream());
    }

    /** Connects, and grants the relay as much as it may send. */
    static Http2Talk open(final InetSocketAddress address) throws IOException
    {
        return over(connect(address, 0), MAX_STREAM_WINDOW);
    }

    /** Connects with a window for each stream, and one of 64 KiB for all, that are never widened. */
    static Http2Talk open(final InetSocketAddress address, final int windowBytes) throws IOException
    {
        return over(connect(address, 0), windowBytes);
    }

    /** Takes over a connected socket, such as one with TLS. */
    static Http2Talk over(final Socket socket, final int windowBytes) throws IOException
    {
        final Http2Talk talk = new Http2Talk(socket);
        talk.send(ByteBufUtil.getBytes(Http2CodecUtil.connectionPrefaceBuf()));
        talk.frame(SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort((short)4).putInt(windowBytes).array());
        if (windowBytes == MAX_STREAM_WINDOW)
        {
            talk.frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(MAX_STREAM_WINDOW - 65_535).array());
        }
        return talk;
    }

    static Socket connect(final InetSocketAddress address, final int receiveBufferBytes) throws IOException
    {
        final Socket socket = new Socket();
        if (receiveBufferBytes > 0)
        {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int)TestBed.TIMEOUT_MS);
        socket.connect(address, (int)TestBed.TIMEOUT_MS);
        return socket;
    }

    /** Begins a request without a body; headers are name, value, name, value. */
    int get(final String path, final String... headers) throws IOException
    {
        return request("GET", path, END_STREAM, headers);
    }

    int post(final String path, final String body, final String... headers) throws IOException
    {
        final int stream = beginPost(path, headers);
        frame(DATA, END_STREAM, stream, body.getBytes(StandardCharsets.UTF_8));
        return stream;
    }

    /** Sends the head of a POST, whose body follows. */
    int beginPost(final String path, final String... headers) throws IOException
    {
        final String[] all = new String[headers.length + 2];
        all[0] = "content-type";
        all[1] = "application/json";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return request("POST", path, 0, all);
    }

    int request(final String method, final String path, final int flags, final String... headers) throws IOException
    {
        lastStream += 2;
        frame(HEADERS, END_HEADERS | flags, lastStream, head(method, path, headers));
        return lastStream;
    }

    /** The header block of a request. */
    byte[] head(final String method, final String path, final String... headers)
    {
        final Http2Headers all = new DefaultHttp2Headers(false)
            .method(method).path(path).scheme("http").authority("relay");
        for (int i = 0; i < headers.length; i += 2)
        {
            all.add(headers[i], headers[i + 1]);
        }
        final ByteBuf block = Unpooled.buffer();
        try
        {
            encoder.encodeHeaders(3, all, block);
            return ByteBufUtil.getBytes(block);
        }
        catch (final Http2Exception e)
        {
            throw new AssertionError(e);
        }
        finally
        {
            block.release();
        }
    }

    void frame(final int type, final int flags, final int stream, final byte[] payload) throws IOException
    {
        send(frameOf(type, flags, stream, payload));
    }

    static byte[] frameOf(final int type, final int flags, final int stream, final byte[] payload)
    {
        final ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte)(payload.length >> 16)).putShort((short)payload.length)
            .put((byte)type).put((byte)flags).putInt(stream).put(payload);
        return frame.array();
    }

    void send(final byte[] bytes) throws IOException
    {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Says that nothing more will be sent; the other half stays open. */
    void shutdownOutput() throws IOException
    {
        socket.shutdownOutput();
    }

    void reset(final int stream) throws IOException
    {
        frame(RST_STREAM, 0, stream, new byte[]{0, 0, 0, 8});
    }

    /** Reads one frame; settings and pings are answered on the way, and what belongs to a response is kept there. */
    Frame read() throws IOException
    {
        final int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        final int type = in.readUnsignedByte();
        final int flags = in.readUnsignedByte();
        final int stream = in.readInt();
        final Frame frame = new Frame(type, flags, stream, in.readNBytes(length));
        if (frame.payload.length < length)
        {
            throw new EOFException("in the middle of a frame");
        }
        if ((type == SETTINGS || type == PING) && (flags & ACK) == 0)
        {
            frame(type, ACK, 0, type == PING ? frame.payload : new byte[0]);
        }
        if (stream > 0)
        {
            note(frame);
        }
        return frame;
    }

    /** Reads until a response is whole or its stream is reset. */
    Response readResponse(final int stream) throws IOException
    {
        final Response response = response(stream);
        while (!response.isEnded && response.resetCode == null)
        {
            read();
        }
        return response;
    }

    /** Reads until the head of a response has come. */
    Response readHead(final int stream) throws IOException
    {
        final Response response = response(stream);
        while (response.headers == null && response.resetCode == null)
        {
            read();
        }
        return response;
    }

    /** Reads until the body of a stream holds a text; gives all of it. */
    String readUntil(final int stream, final String wanted) throws IOException
    {
        final Response response = response(stream);
        while (!response.text().contains(wanted))
        {
            if (response.isEnded || response.resetCode != null)
            {
                throw new EOFException("the stream has ended behind " + response.text());
            }
            read();
        }
        return response.text();
    }

    /** Reads until the relay says that it ends the connection; gives its code. */
    int readGoAway() throws IOException
    {
        Frame frame = read();
        while (frame.type != GOAWAY)
        {
            frame = read();
        }
        return frame.code();
    }

    /** True if nothing comes any more but what was on its way. */
    boolean isEnded()
    {
        try
        {
            while (true)
            {
                read();
            }
        }
        catch (final SocketTimeoutException e)
        {
            return false;
        }
        catch (final IOException e)
        {
            return true;
        }
    }

    /** A response as far as it has come, without reading. */
    Response peek(final int stream)
    {
        return response(stream);
    }

    private Response response(final int stream)
    {
        return responses.computeIfAbsent(stream, ignored -> new Response());
    }

    private void note(final Frame frame)
    {
        final Response response = response(frame.stream);
        if (frame.type == HEADERS)
        {
            try
            {
                response.headers = decoder.decodeHeaders(frame.stream, Unpooled.wrappedBuffer(frame.payload));
            }
            catch (final Http2Exception e)
            {
                throw new AssertionError(e);
            }
        }
        else if (frame.type == DATA)
        {
            response.body.writeBytes(frame.payload);
        }
        else if (frame.type == RST_STREAM)
        {
            response.resetCode = frame.code();
        }
        response.isEnded |= frame.isEnd();
    }

    @Override
    public void close()
    {
        try
        {
            socket.close();
        }
        catch (final IOException ignored)
        {
            // It is gone in any case.
        }
    }
}
