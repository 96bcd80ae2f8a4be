package io.ringcast.transport.journal;

import io.netty.util.internal.PlatformDependent;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/**
 * Tells whether the stages of a network can stand in memory once more: they take at most what is in use now.
 * Any thread.
 */
interface SpareMemory
{
    /**
     * Looks at what is free.
     *
     * @throws IOException if it is too little; says so.
     */
    void check() throws IOException;

    /** That of this process. */
    static SpareMemory ofProcess()
    {
        return () ->
        {
            long usedBytes = 0;
            for (final MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans())
            {
                // As of the last collection: what is garbage does not count.
                final MemoryUsage usage = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
                usedBytes += usage == null ? 0 : usage.getUsed();
            }
            checkHalf("the heap", "-Xmx", usedBytes, Runtime.getRuntime().maxMemory());
            checkHalf("the memory outside the heap", "-XX:MaxDirectMemorySize",
                PlatformDependent.usedDirectMemory(), PlatformDependent.maxDirectMemory());
        };
    }

    private static void checkHalf(final String what, final String flag, final long usedBytes, final long maxBytes)
        throws IOException
    {
        if (usedBytes > maxBytes / 2)
        {
            throw new IOException("more than half of " + what + " is in use: " + usedBytes + " of " + maxBytes +
                " bytes; a higher " + flag + " helps");
        }
    }
}
