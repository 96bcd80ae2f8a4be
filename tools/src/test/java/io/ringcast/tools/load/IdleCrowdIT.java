package io.ringcast.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.HostPort;
import io.ringcast.transport.Relay;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A crowd that does nothing beside subscribers who get everything; {@code load --idle 10000} is the same, larger. */
@Timeout(120)
final class IdleCrowdIT implements LoadObserver
{
    private static final int CROWD = 1_000;

    private final CountDownLatch never = new CountDownLatch(1);

    @Override
    public void onProgress(final String line)
    {
        // Nobody looks.
    }

    @Override
    public boolean awaitStopMs(final long timeoutMs) throws InterruptedException
    {
        return never.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    @Test
    void shouldServeOthersAndKeepTheCrowd() throws Exception
    {
        final LoadPlan plan = LoadPlan.of(LoadKind.HEADS, 20, 50).withSeconds(0.5, 1);
        try (StampingNode node = StampingNode.start(plan, new HostPort("127.0.0.1", 0));
            Relay relay = Relay.builder().upstream(node.url().toString()).listen("127.0.0.1", 0)
                .configure(config -> config.warmUpMs(0)).start())
        {
            final LoadTarget target =
                new LoadTarget(URI.create("ws://127.0.0.1:" + relay.address().getPort()), Dialect.ETH);
            try (IdleClients crowd = IdleClients.open(target, CROWD))
            {
                final LoadResult result = LoadRun.run(plan, target, node, this);
                assertTrue(result.counts().isClean(), result.counts().toString());
                assertEquals(CROWD, crowd.count());
            }
        }
    }
}
