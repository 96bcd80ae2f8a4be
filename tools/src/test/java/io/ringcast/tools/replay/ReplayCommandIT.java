package io.ringcast.tools.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.JournalConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.tools.faults.WatchingClient;
import io.ringcast.tools.sim.NodeSettings;
import io.ringcast.tools.sim.SimulatedNode;
import io.ringcast.transport.Relay;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the command says of a run that a relay has recorded. Confined to the test thread. */
@Timeout(60)
final class ReplayCommandIT
{
    private static final int HEADS = 40;

    @TempDir
    private Path dir;

    @BeforeEach
    void record() throws Exception
    {
        try (SimulatedNode node = SimulatedNode.start(NodeSettings.quiet());
            Relay relay = Relay.builder()
                .listen("127.0.0.1", 0)
                .configure(config -> config
                    .network(NetworkConfig.builder().upstream(node.url().toString()))
                    .journal(JournalConfig.builder().dir(dir).build())
                    .warmUpMs(0))
                .start())
        {
            assertTrue(relay.awaitUpstreams(10_000));
            try (WatchingClient client = WatchingClient.subscribed(
                HttpClient.newHttpClient(), URI.create("ws://127.0.0.1:" + relay.address().getPort())))
            {
                node.mine(HEADS);
                client.awaitHeads(HEADS);
            }
        }
    }

    @Test
    void shouldSayThatTheStagesGiveWhatTheRelaySentGivenARunThatEndedInOrder()
    {
        final List<String> lines = replay(0);

        assertTrue(lines.get(0).startsWith("run 0 of "), lines::toString);
        assertTrue(lines.get(1).endsWith("; ended in order"), lines::toString);
        assertTrue(lines.contains("byte for byte what the relay sent then"), lines::toString);
        assertTrue(lines.stream().noneMatch(line -> line.contains("damaged")), lines::toString);
    }

    @Test
    void shouldReplayWhatIsInFrontOfADamageAndSayWhereItIs() throws IOException
    {
        final long damagedAt = damage();

        final List<String> lines = replay(1);

        final String last = lines.get(lines.size() - 1);
        assertTrue(last.matches(
            "the run is damaged behind its first [0-9,]+ bytes: that was all that can be read of it"), lines::toString);
        final long readBytes = Long.parseLong(last.replaceAll("[^0-9]", ""));
        assertTrue(readBytes > 0 && readBytes <= damagedAt, () -> last + "; damaged at " + damagedAt);
        assertTrue(lines.get(1).endsWith("; the process was killed"), lines::toString);
        assertTrue(lines.contains("byte for byte what the relay sent then"), lines::toString);
    }

    /** Some bytes within the last tenth of what was written; returns where. */
    private long damage() throws IOException
    {
        final Path file = dir.resolve("archive").resolve("0-0.rec");
        final byte[] written = Files.readAllBytes(file);
        int end = written.length;
        while (written[end - 1] == 0)
        {
            end--;
        }
        final long position = end / 10L * 9;
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw"))
        {
            access.seek(position);
            access.write(new byte[]{1, 2, 3, 4, 5, 6, 7, 8});
        }
        return position;
    }

    private List<String> replay(final int expectedExitCode)
    {
        final StringWriter out = new StringWriter();
        final CommandLine commandLine = new CommandLine(new ReplayCommand());
        commandLine.setOut(new PrintWriter(out));
        assertEquals(expectedExitCode, commandLine.execute(dir.toString()), out::toString);
        return out.toString().lines().toList();
    }
}
