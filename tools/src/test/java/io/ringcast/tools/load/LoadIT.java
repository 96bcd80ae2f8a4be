package io.ringcast.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.HostPort;
import io.ringcast.tools.sim.NodeSettings;
import io.ringcast.tools.sim.SimulatedNode;
import io.ringcast.transport.Relay;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Puts a little load on a relay in this process. Confined to the test thread. */
@Timeout(60)
final class LoadIT implements LoadObserver
{
    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

    private final List<String> progress = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private int measureCalls;

    @Override
    public void onProgress(final String line)
    {
        progress.add(line);
    }

    @Override
    public void onMeasureStart()
    {
        measureCalls++;
    }

    @Override
    public void onMeasureEnd()
    {
        measureCalls++;
    }

    @Override
    public boolean awaitStopMs(final long timeoutMs) throws InterruptedException
    {
        return never.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    private static Relay relay(final URI upstream) throws IOException
    {
        return Relay.builder().upstream(upstream.toString()).listen("127.0.0.1", 0)
            .configure(config -> config.warmUpMs(0)).start();
    }

    private static LoadTarget target(final Relay relay)
    {
        return new LoadTarget(URI.create("ws://127.0.0.1:" + relay.address().getPort()), Dialect.ETH);
    }

    private LoadResult run(final LoadPlan plan) throws IOException, InterruptedException
    {
        try (StampingNode node = StampingNode.start(plan, ANY_PORT); Relay relay = relay(node.url()))
        {
            return LoadRun.run(plan, target(relay), node, this);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
        "HEADS | - | 0 | 2000",
        "PENDING | - | 0 | 2000",
        "LOGS | - | 5 | 400",
        "LOGS | {\"address\":\"0x00000000000000000000000000000000000000aa\"} | 0 | 2000"})
    void shouldDeliverEachItemOnceWhenTheRelayIsSound(
        final LoadKind kind, final String filter, final int distinct, final long owed, @TempDir final Path directory)
        throws Exception
    {
        final LoadPlan plan = LoadPlan.of(kind, 20, 100).withFilters(filter, distinct).withBurst(5)
            .withSeconds(0.5, 0.5).withClientThreads(2);

        final LoadResult result = run(plan);
        LoadFiles.write(directory, result);

        assertTrue(result.counts().isClean(), result.counts().toString());
        assertNull(result.failure());
        assertEquals(100, result.counts().sent());
        assertEquals(owed, result.counts().expected());
        assertEquals(owed, result.counts().received());
        assertEquals(owed / 2, result.measured());
        assertEquals(owed / 2, result.latencyNs().getTotalCount());
        assertEquals(2, measureCalls);
        assertTrue(Files.readString(directory.resolve("load.svg")).contains("<polyline"));
        assertTrue(Files.readString(directory.resolve("load.hgrm")).contains("Percentile"));
        assertTrue(String.join("\n", LoadTable.lines(result)).contains("Nothing lost, doubled or reordered."));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32})
    void shouldKeepNoMoreUnderWayThanTheWindowWhenTheLoopIsClosed(final int window) throws Exception
    {
        final LoadPlan plan = LoadPlan.of(LoadKind.HEADS, 20, 1).withWindow(window).withSeconds(0.2, 0.5)
            .withClientThreads(2);

        final LoadResult result = run(plan);

        assertTrue(result.counts().isClean(), result.counts().toString());
        assertNull(result.failure());
        assertTrue(result.counts().sent() > window, result.counts().toString());
        assertEquals(20 * result.counts().sent(), result.counts().received());
        assertTrue(result.measured() > 0 && result.measured() <= result.counts().received());
        assertEquals(result.measured(), result.latencyNs().getTotalCount());
        assertEquals(2, measureCalls);
    }

    @Test
    void shouldGetAnAnswerToEachCallWhenCallsAreOutstanding() throws Exception
    {
        final LoadResult result = run(
            LoadPlan.of(LoadKind.HEADS, 4, 1).withCallsOutstanding(4).withSeconds(0.2, 0.5));

        assertTrue(result.counts().isClean(), result.counts().toString());
        assertTrue(result.counts().received() > 16, result.counts().toString());
        assertEquals(result.measured(), result.latencyNs().getTotalCount());
    }

    @Test
    void shouldOnlyCountWhenTheItemsAreSomebodyElses() throws Exception
    {
        try (SimulatedNode node = SimulatedNode.start(NodeSettings.quiet().withRates(50, 0));
            Relay relay = relay(node.url()))
        {
            final LoadResult result = LoadRun.run(
                LoadPlan.of(LoadKind.HEADS, 3, 1).withSeconds(0, 1), target(relay), null, this);

            assertTrue(result.counts().isClean(), result.counts().toString());
            assertTrue(result.counts().received() >= 3, result.counts().toString());
            assertFalse(result.hasStamps());
            assertEquals(0, result.latencyNs().getTotalCount());
            assertTrue(String.join("\n", LoadTable.lines(result)).contains("can't be told"));
        }
    }
}
