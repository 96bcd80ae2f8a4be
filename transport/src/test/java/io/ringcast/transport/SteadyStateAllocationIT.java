package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.ringcast.config.TransportChoice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * That the relay's own threads allocate nothing for a message, once warm.
 * Confined to the test thread.
 *
 * <p>The relay runs in a JVM of its own, since leak detection, which is on in this one, records a stack trace for each
 * buffer, and assertions keep the JIT from some of its work.
 */
class SteadyStateAllocationIT
{
    /** Per item, and so far less per delivery: a single object for each would take 16. */
    private static final double NOISE_BYTES = 1.0;
    private static final long PATIENCE_SECONDS = 170;

    @ParameterizedTest
    @Timeout(180)
    @CsvSource({"EPOLL, COMPACT", "EPOLL, DEDICATED"})
    void shouldAllocateNothingPerMessageWhenWarm(
        final String transport, final String threading, @TempDir final Path directory)
        throws IOException, InterruptedException
    {
        TestBed.assumeAvailable(TransportChoice.valueOf(transport));

        final Path file = directory.resolve("output");
        final Process process = new ProcessBuilder(command(transport, threading))
            .redirectErrorStream(true).redirectOutput(file.toFile()).start();
        try
        {
            // Less than the test's own time, which could not end a read of the output.
            process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        finally
        {
            process.destroyForcibly();
        }
        final int exitCode = process.waitFor();
        final String output = Files.readString(file);

        assertEquals(0, exitCode, output);
        final int at = output.indexOf(AllocationProbe.RESULT);
        assertTrue(at >= 0, output);
        final String[] figures = output.substring(at + AllocationProbe.RESULT.length()).lines().findFirst()
            .orElseThrow().split(" ");
        final double bytes = Double.parseDouble(figures[0]);
        final double atRest = Double.parseDouble(figures[1]);
        final double ofItems = Math.max(0, bytes - atRest);
        final double perItem = ofItems / Double.parseDouble(figures[2]);
        final double perDelivery = ofItems / Double.parseDouble(figures[3]);
        final String report = String.format(Locale.ROOT,
            "%s %s: %.0f bytes, of which %.0f also without items; %.2f per item, %.4f per delivered message",
            transport, threading, bytes, atRest, perItem, perDelivery);
        System.out.println(report);
        assertTrue(perItem < NOISE_BYTES, report);
        assertTrue(perDelivery < NOISE_BYTES, report);
    }

    private static List<String> command(final String transport, final String threading)
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        command.add("-Dio.netty.leakDetection.level=disabled");
        command.add("--add-opens");
        command.add("java.base/jdk.internal.misc=ALL-UNNAMED");
        if (Runtime.version().feature() >= 24)
        {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), AllocationProbe.class.getName()));
        command.addAll(List.of(transport, threading));
        return command;
    }
}
