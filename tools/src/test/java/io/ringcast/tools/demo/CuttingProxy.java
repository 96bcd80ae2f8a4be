package io.ringcast.tools.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Passes bytes on to a relay, whatever they are, until it is told to cut the line. Any thread. */
final class CuttingProxy implements AutoCloseable
{
    private final ServerSocket server;
    private final InetSocketAddress relay;
    private final List<Socket> sockets = new ArrayList<>();
    private boolean isCut;

    CuttingProxy(final InetSocketAddress relay) throws IOException
    {
        this.relay = relay;
        server = new ServerSocket(0, 64, InetAddress.getByAddress(new byte[]{127, 0, 0, 1}));
        start("accept", this::accept);
    }

    int port()
    {
        return server.getLocalPort();
    }

    /** Ends every connection, and each that comes, until it is mended. */
    synchronized void cut()
    {
        isCut = true;
        sockets.forEach(CuttingProxy::close);
        sockets.clear();
    }

    synchronized void mend()
    {
        isCut = false;
    }

    @Override
    public void close()
    {
        cut();
        try
        {
            server.close();
        }
        catch (final IOException ignored)
        {
            // It is gone in any case.
        }
    }

    private void accept()
    {
        try
        {
            while (true)
            {
                join(server.accept());
            }
        }
        catch (final IOException ignored)
        {
            // Closed.
        }
    }

    private synchronized void join(final Socket client) throws IOException
    {
        if (isCut)
        {
            close(client);
            return;
        }
        final Socket upstream = new Socket(relay.getAddress(), relay.getPort());
        sockets.add(client);
        sockets.add(upstream);
        start("up", () -> pass(client, upstream));
        start("down", () -> pass(upstream, client));
    }

    private static void pass(final Socket from, final Socket to)
    {
        try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream())
        {
            in.transferTo(out);
        }
        catch (final IOException ignored)
        {
            // Cut.
        }
        close(from);
        close(to);
    }

    private static void close(final Socket socket)
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

    private static void start(final String name, final Runnable task)
    {
        final Thread thread = new Thread(task, "cutting-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }
}
