package io.ringcast.transport;

import io.ringcast.config.JournalConfig;
import io.ringcast.config.JournalPolicy;
import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.config.RelayConfig;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A relay with a journal in a process of its own, which says its port and then waits to be killed.
 * Confined to the main thread of that process.
 */
final class RelayToKill
{
    /** Clients may publish to it. */
    static final String TOPIC = "signals";

    private RelayToKill()
    {
    }

    /**
     * Runs it.
     *
     * @param arguments the upstream's URL, the journal's directory, its sync interval in milliseconds; and if it is to
     *                  lose nothing that was delivered, what the journal may take at most, in bytes.
     * @throws Exception if it can't start.
     */
    public static void main(final String[] arguments) throws Exception
    {
        final JournalConfig.Builder journal = JournalConfig.builder().dir(Path.of(arguments[1]))
            .set(JournalConfig.SYNC_INTERVAL_MS, Long.parseLong(arguments[2]));
        if (arguments.length > 3)
        {
            journal.set(JournalConfig.MAX_BYTES, Long.parseLong(arguments[3])).whenBehind(JournalPolicy.HOLD);
        }
        final RelayConfig.Builder builder = RelayConfig.builder().upstream(arguments[0]).listen("127.0.0.1", 0)
            .warmUpMs(0).journal(journal.build());
        builder.networks().get(0).topics(OwnTopicsConfig.builder().publish(List.of(TOPIC)).build());
        final RelayConfig config = builder.build();
        try (Relay relay = Relay.start(config))
        {
            relay.awaitUpstreams(30_000);
            System.out.println("port " + relay.address().getPort());
            new CountDownLatch(1).await();
        }
    }

    /** Starts it in a process of its own; it is killed by whoever started it. */
    static Process start(final String upstreamUrl, final Path dir, final long syncMs, final String... more)
        throws IOException
    {
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
            "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
            RelayToKill.class.getName(), upstreamUrl, dir.toString(), Long.toString(syncMs)));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Waits until such a process has said its port. */
    static int port(final Process process) throws IOException
    {
        final BufferedReader output = new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine())
        {
            if (line.startsWith("port "))
            {
                return Integer.parseInt(line.substring(5));
            }
            System.out.println(line);
        }
        throw new AssertionError("the relay did not start");
    }
}
