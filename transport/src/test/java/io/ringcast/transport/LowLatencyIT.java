package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.ConfigException;
import io.ringcast.config.CoreList;
import io.ringcast.config.ProfileChoice;
import io.ringcast.config.ThreadingChoice;
import io.ringcast.config.TransportChoice;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Spinning threads relay like others, and each is held to its core. Confined to the test thread. */
class LowLatencyIT
{
    private static final Path TASKS = Path.of("/proc/self/task");

    @ParameterizedTest
    @CsvSource({"EPOLL, COMPACT", "NIO, COMPACT", "EPOLL, SHARED", "EPOLL, DEDICATED"})
    void shouldRelayWhenThreadsSpin(final TransportChoice transport, final ThreadingChoice threading) throws IOException
    {
        assumeCores(threading == ThreadingChoice.COMPACT ? 2 : threading == ThreadingChoice.SHARED ? 3 : 5);
        try (TestBed bed = TestBed.start(new Mode(transport, threading, 1), config ->
            config.profile(ProfileChoice.LOW_LATENCY)))
        {
            final RawClient client = bed.client();
            client.subscribe("[\"newHeads\"]");

            bed.upstream().publish("newHeads", "{\"number\":\"0x1\"}");

            assertTrue(client.readText().contains("0x1"));
        }
    }

    @Test
    void shouldHoldEachThreadToItsCore() throws IOException
    {
        assumeCores(2);
        Assumptions.assumeTrue(Files.isDirectory(TASKS), "no /proc");
        // Given in this order the first thread to start, which is the I/O loop, gets core 1.
        final CoreList cores = new CoreList(List.of(1, 0));

        final Map<String, String> before = coresByTask();
        try (TestBed bed = TestBed.start(new Mode(TransportChoice.NIO, ThreadingChoice.SHARED, 1), config ->
            config.cores(cores)))
        {
            bed.client().subscribe("[\"newHeads\"]");
            final Map<String, String> mine = coresByTask();
            mine.keySet().removeAll(before.keySet());

            assertEquals("1", coreOf(mine, "ringcast-io"));
            assertEquals("0", coreOf(mine, "ringcast-main-p"));
        }
    }

    @Test
    void shouldRefuseIoUringWhenThreadsAreToSpin()
    {
        assumeCores(2);
        TestBed.assumeAvailable(TransportChoice.IO_URING);

        final ConfigException refused = assertThrows(ConfigException.class, () -> TestBed.start(
            new Mode(TransportChoice.IO_URING, ThreadingChoice.COMPACT, 1),
            config -> config.profile(ProfileChoice.LOW_LATENCY)));

        assertEquals("transport", refused.name());
    }

    private static String coreOf(final Map<String, String> coresByTask, final String nameStart)
    {
        return coresByTask.entrySet().stream().filter(entry -> entry.getKey().contains(' ' + nameStart))
            .map(Map.Entry::getValue).findFirst().orElse("no such thread in " + coresByTask);
    }

    /** What the kernel says of each thread: "id name" to its cores. */
    private static Map<String, String> coresByTask() throws IOException
    {
        final Map<String, String> cores = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(TASKS))
        {
            for (final Path task : tasks.toList())
            {
                if (Files.exists(task))
                {
                    cores.put(task.getFileName() + " " + Files.readString(task.resolve("comm")).strip(),
                        Files.readAllLines(task.resolve("status")).stream()
                            .filter(line -> line.startsWith("Cpus_allowed_list:"))
                            .map(line -> line.substring(line.indexOf(':') + 1).strip())
                            .findFirst().orElse(""));
                }
            }
        }
        return cores;
    }

    private static void assumeCores(final int least)
    {
        Assumptions.assumeTrue(Runtime.getRuntime().availableProcessors() >= least, "fewer than " + least + " cores");
    }
}
