package io.ringcast.transport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An HTTP client on a plain socket: sends any bytes, and shows exactly what comes back.
 * Confined to one thread, except {@link #close()}.
 */
final class HttpTalk implements AutoCloseable
{
    /** One response, its header names in lower case. */
    record Response(int status, Map<String, String> headers, byte[] body)
    {
        String text()
        {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(final String name)
        {
            return headers.get(name);
        }
    }

    private final Socket socket;
    private final InputStream in;

    private HttpTalk(final Socket socket) throws IOException
    {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream(), 65_536);
    }

    static HttpTalk open(final InetSocketAddress address) throws IOException
    {
        return open(address, 0);
    }

    /** Takes over a socket that is connected, such as one with TLS. */
    static HttpTalk over(final Socket socket) throws IOException
    {
        return new HttpTalk(socket);
    }

    /** Connects with a receive buffer of a size, so that what it does not read soon piles up at the relay. */
    static HttpTalk open(final InetSocketAddress address, final int receiveBufferBytes) throws IOException
    {
        final Socket socket = new Socket();
        if (receiveBufferBytes > 0)
        {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int)TestBed.TIMEOUT_MS);
        socket.connect(address, (int)TestBed.TIMEOUT_MS);
        return new HttpTalk(socket);
    }

    /** One request without a body on a connection of its own. */
    static Response ask(final InetSocketAddress address, final String method, final String path, final String headers)
        throws IOException
    {
        try (HttpTalk talk = open(address))
        {
            talk.send(method + ' ' + path + " HTTP/1.1\r\nHost: relay\r\n" + headers + "\r\n");
            return talk.read();
        }
    }

    static Response get(final InetSocketAddress address, final String path) throws IOException
    {
        return ask(address, "GET", path, "");
    }

    void send(final String bytes) throws IOException
    {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
    }

    void send(final byte[] bytes) throws IOException
    {
        socket.getOutputStream().write(bytes);
    }

    /** Posts a JSON text; headers end with a line break each. */
    void post(final String path, final String headers, final String body) throws IOException
    {
        send("POST " + path + " HTTP/1.1\r\nHost: relay\r\nContent-Type: application/json\r\nContent-Length: " +
            body.getBytes(StandardCharsets.UTF_8).length + "\r\n" + headers + "\r\n" + body);
    }

    Response call(final String body) throws IOException
    {
        post("/", "", body);
        return read();
    }

    Response read() throws IOException
    {
        return readBody(readHead());
    }

    /** Reads what belongs to a head, up to the end of the body. */
    Response readBody(final Response head) throws IOException
    {
        if ("chunked".equals(head.header("transfer-encoding")))
        {
            return new Response(head.status, head.headers, readChunks());
        }
        final String length = head.header("content-length");
        return new Response(head.status, head.headers, readExactly(length == null ? 0 : Integer.parseInt(length)));
    }

    Response readHead() throws IOException
    {
        final String statusLine = readLine();
        final Map<String, String> headers = new LinkedHashMap<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine())
        {
            final int colon = line.indexOf(':');
            headers.merge(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim(),
                (first, second) -> first + ", " + second);
        }
        return new Response(Integer.parseInt(statusLine.split(" ")[1]), headers, new byte[0]);
    }

    /** Reads a chunk of a body; empty for the last. */
    byte[] readChunk() throws IOException
    {
        final byte[] chunk = readExactly(Integer.parseInt(readLine(), 16));
        readLine();
        return chunk;
    }

    String readLine() throws IOException
    {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read())
        {
            if (next < 0)
            {
                throw new EOFException("behind " + line);
            }
            if (next != '\r')
            {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** True if nothing comes but the end. */
    boolean isEnded()
    {
        try
        {
            return in.read() < 0;
        }
        catch (final IOException e)
        {
            return !(e instanceof SocketTimeoutException);
        }
    }

    /** Sends what the relay takes before it hangs up. */
    void sendAsFarAsTaken(final String bytes)
    {
        try
        {
            send(bytes);
        }
        catch (final IOException ignored)
        {
            // It had enough.
        }
    }

    /** Says that nothing more will be sent; the other half stays open. */
    void shutdownOutput() throws IOException
    {
        socket.shutdownOutput();
    }

    /** Reads until the connection ends, however it does, and hangs up as well. */
    void awaitEnd()
    {
        RawClient.awaitEnd(in);
        close();
    }

    boolean hasBytes() throws IOException
    {
        return in.available() > 0;
    }

    @Override
    public void close()
    {
        hangUp();
    }

    /** Leaves in the middle of the talk. */
    void hangUp()
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

    private byte[] readChunks() throws IOException
    {
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] chunk = readChunk(); chunk.length > 0; chunk = readChunk())
        {
            body.write(chunk);
        }
        return body.toByteArray();
    }

    private byte[] readExactly(final int length) throws IOException
    {
        final byte[] bytes = in.readNBytes(length);
        if (bytes.length < length)
        {
            throw new EOFException("after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }
}
