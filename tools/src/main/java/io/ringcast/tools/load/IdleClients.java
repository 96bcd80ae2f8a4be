package io.ringcast.tools.load;

import java.io.IOException;

/** Connections that only exist. Any thread. */
public final class IdleClients implements AutoCloseable
{
    private final LoadClients clients;

    private IdleClients(final LoadClients clients)
    {
        this.clients = clients;
    }

    /**
     * Opens connections.
     *
     * @param target where.
     * @param count  how many.
     * @return them, all open.
     * @throws IOException          if not all could be opened.
     * @throws InterruptedException if the thread is interrupted.
     */
    public static IdleClients open(final LoadTarget target, final int count) throws IOException, InterruptedException
    {
        final LoadClients clients = new LoadClients(target, 1, new LoadClock());
        try
        {
            clients.open(count, (loop, listener, index) -> new IdleConnection(loop, listener, target));
            return new IdleClients(clients);
        }
        catch (final IOException | InterruptedException ex)
        {
            clients.close();
            throw ex;
        }
    }

    /**
     * Tells how many there are.
     *
     * @return those that are still open.
     */
    public int count()
    {
        return clients.connections().size() - clients.closed();
    }

    @Override
    public void close()
    {
        clients.close();
    }
}
