package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/** What is in use is never taken for less, and garbage not for long. */
class ProcessMemoryTest
{
    private static final long MAX_BYTES = 1000;
    private static final int HELD_BYTES = 64 << 20;
    private static final int CHUNK_BYTES = 64 << 10;

    /** The last of it. */
    private volatile byte[] garbage;
    private long usedBytes;
    private int pauses;
    private int collections;
    private Runnable onPause = () -> { };
    private Runnable onCollection = () -> { };
    private final SpareMemory memory = new ProcessMemory(ms ->
    {
        pauses++;
        onPause.run();
    }, () ->
    {
        collections++;
        onCollection.run();
    }, new ProcessMemory.Part("the heap", "-Xmx", () -> usedBytes, MAX_BYTES, 40));

    @Test
    void shouldNotWaitGivenEnough() throws Exception
    {
        usedBytes = 400;

        memory.check();

        assertEquals(0, pauses);
    }

    @Test
    void shouldWaitForACollection() throws Exception
    {
        usedBytes = 401;
        onPause = () -> usedBytes = pauses == 5 ? 400 : 800;

        memory.check();

        assertEquals(5, pauses);
        assertEquals(0, collections);
    }

    @Test
    void shouldAskForACollectionGivenThatNoneComes() throws Exception
    {
        usedBytes = 1000;
        onCollection = () -> usedBytes = 100;

        memory.check();

        assertEquals(30, pauses);
        assertEquals(1, collections);
    }

    @Test
    void shouldRefuseGivenThatACollectionDoesNotHelp()
    {
        usedBytes = 401;

        final IOException refusal = assertThrows(IOException.class, memory::check);

        assertEquals("more than 40 % of the heap is in use: 401 of 1000 bytes; a higher -Xmx helps",
            refusal.getMessage());
        assertEquals(59, pauses);
        assertEquals(1, collections);
    }

    /** The virtual machine tells what is in its old generation as of the last collection of that, which may be none. */
    @Test
    void shouldCountWhatIsInUseGivenThatOnlyTheYoungWasCollected()
    {
        final List<byte[]> held = new ArrayList<>();
        while ((long)held.size() * CHUNK_BYTES < HELD_BYTES)
        {
            held.add(new byte[CHUNK_BYTES]);
        }
        final long before = collections();
        for (int i = 0; i < 100_000 && collections() == before; i++)
        {
            garbage = new byte[CHUNK_BYTES];
        }
        assertTrue(collections() > before, "a collection");

        final long used = ProcessMemory.usedHeapBytes();
        assertTrue(used >= HELD_BYTES, () -> used + " bytes");
        assertTrue(used <= Runtime.getRuntime().maxMemory(), () -> used + " bytes");
        Reference.reachabilityFence(held);
    }

    private static long collections()
    {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
    }
}
