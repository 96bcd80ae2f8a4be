package io.ringcast.tools.bench;

import io.ringcast.tools.load.LoadTarget;
import io.ringcast.tools.load.ItemSource;

/**
 * A subject's process with the source in front of it.
 * Confined to the main thread.
 *
 * @param pid     the process.
 * @param target  where clients connect.
 * @param source  what feeds it.
 * @param process ends the process.
 */
record RunningSubject(long pid, LoadTarget target, ItemSource source, AutoCloseable process)
    implements Subject.Running
{
    @Override
    public void close()
    {
        try
        {
            process.close();
        }
        catch (final Exception ex)
        {
            throw new IllegalStateException(ex);
        }
        finally
        {
            source.close();
        }
    }
}
