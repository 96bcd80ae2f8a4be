package io.ringcast.tools.bench;

import io.ringcast.tools.load.ChildProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Ports for processes that can't be told to choose one themselves. Any thread; no state. */
final class Ports
{
    private static final long OPEN_SECONDS = 20;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private Ports()
    {
    }

    /** One that was free a moment ago. */
    static int free() throws IOException
    {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            return socket.getLocalPort();
        }
    }

    /** Returns when the process listens there. */
    static void awaitOpen(final int port, final ChildProcess process) throws IOException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(OPEN_SECONDS);
        while (true)
        {
            try
            {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            }
            catch (final IOException ex)
            {
                if (!process.isAlive() || System.nanoTime() - deadlineNs > 0)
                {
                    throw new IOException("nothing listens on port " + port + ": " + process.lastError(), ex);
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }
}
