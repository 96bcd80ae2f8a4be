package io.ringcast.tools.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.List;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Reads from outside how many bytes the relay's own threads have allocated.
 * Confined to the main thread.
 */
final class ThreadAllocation implements AutoCloseable
{
    private static final String THREADS = "ringcast-";

    private final JMXConnector connector;
    private final ThreadMXBean bean;
    private final long[] threads;

    private ThreadAllocation(final JMXConnector connector, final ThreadMXBean bean)
    {
        this.connector = connector;
        this.bean = bean;
        final List<Long> own = new ArrayList<>();
        for (final ThreadInfo thread : bean.getThreadInfo(bean.getAllThreadIds()))
        {
            if (thread != null && thread.getThreadName().startsWith(THREADS))
            {
                own.add(thread.getThreadId());
            }
        }
        threads = own.stream().mapToLong(Long::longValue).toArray();
    }

    static ThreadAllocation of(final long pid) throws IOException
    {
        final VirtualMachine machine;
        try
        {
            machine = VirtualMachine.attach(String.valueOf(pid));
        }
        catch (final AttachNotSupportedException e)
        {
            throw new IOException("the relay's JVM can't be looked into: " + e.getMessage(), e);
        }
        try
        {
            final JMXConnector connector =
                JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
            return new ThreadAllocation(connector, ManagementFactory.newPlatformMXBeanProxy(
                connector.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class));
        }
        finally
        {
            machine.detach();
        }
    }

    /** Bytes of all I/O and pipeline threads since they began. */
    long bytes()
    {
        long sum = 0;
        for (final long each : bean.getThreadAllocatedBytes(threads))
        {
            sum += each;
        }
        return sum;
    }

    @Override
    public void close()
    {
        try
        {
            connector.close();
        }
        catch (final IOException e)
        {
            // The relay has ended first.
        }
    }
}
