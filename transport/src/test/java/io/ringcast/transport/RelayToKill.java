package io.ringcast.transport;

import io.ringcast.config.JournalConfig;
import io.ringcast.config.RelayConfig;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A relay with a journal in a process of its own, which says its port and then waits to be killed.
 * Confined to the main thread of that process.
 */
final class RelayToKill
{
    private RelayToKill()
    {
    }

    /**
     * Runs it.
     *
     * @param arguments the upstream's URL, the journal's directory, its sync interval in milliseconds.
     * @throws Exception if it can't start.
     */
    public static void main(final String[] arguments) throws Exception
    {
        final RelayConfig config = RelayConfig.builder().upstream(arguments[0]).listen("127.0.0.1", 0).warmUpMs(0)
            .journal(JournalConfig.builder().dir(Path.of(arguments[1]))
                .set(JournalConfig.SYNC_INTERVAL_MS, Long.parseLong(arguments[2])).build())
            .build();
        try (Relay relay = Relay.start(config))
        {
            relay.awaitUpstreams(30_000);
            System.out.println("port " + relay.address().getPort());
            new CountDownLatch(1).await();
        }
    }
}
