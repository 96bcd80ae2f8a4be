package io.ringcast.transport;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A client on a Unix domain socket: sends any bytes, and shows exactly what comes back.
 * Confined to one thread, except {@link #close()}.
 */
final class IpcTalk implements AutoCloseable
{
    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer in = ByteBuffer.allocate(65_536).flip();

    IpcTalk(final Path path) throws IOException
    {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        selector = Selector.open();
    }

    void send(final String bytes) throws IOException
    {
        send(bytes.getBytes(StandardCharsets.UTF_8));
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
        channel.shutdownOutput();
    }

    void send(final byte[] bytes) throws IOException
    {
        final ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining())
        {
            channel.write(out);
        }
    }

    String call(final String text) throws IOException
    {
        send(text);
        return read();
    }

    /** Reads a text, which must end with a newline. */
    String read() throws IOException
    {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = next(); next != '\n'; next = next())
        {
            if (next < 0)
            {
                throw new EOFException("behind " + line);
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Reads until the connection ends, however it does, and hangs up as well. */
    void awaitEnd()
    {
        try
        {
            while (next() >= 0)
            {
                continue;
            }
        }
        catch (final IOException ignored)
        {
            // A reset is an end as well.
        }
        close();
    }

    boolean isEnded()
    {
        try
        {
            return next() < 0;
        }
        catch (final IOException e)
        {
            return true;
        }
    }

    private int next() throws IOException
    {
        if (!in.hasRemaining())
        {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            if (selector.select(TestBed.TIMEOUT_MS) == 0)
            {
                throw new AssertionError("nothing comes");
            }
            selector.selectedKeys().clear();
            final int count = channel.read(in.clear());
            in.flip();
            channel.keyFor(selector).cancel();
            selector.selectNow();
            channel.configureBlocking(true);
            if (count < 0)
            {
                return -1;
            }
        }
        return in.get() & 0xFF;
    }

    @Override
    public void close()
    {
        try (channel; selector)
        {
            return;
        }
        catch (final IOException ignored)
        {
            // It is gone in any case.
        }
    }
}
