package io.ringcast.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringcast.bench.fixture.FakeOutlet;
import io.ringcast.egress.EgressLoop;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.EgressAction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Step 7 without the system calls: an item goes to each connection of a loop that has its topic.
 * Confined to the thread that measures, which stands for the I/O loop.
 */
public class FanOutBenchmark extends RelayBenchmark
{
    private static final int FRAME_BYTES = 1800;
    private static final int BACKLOG_FRAMES = 32;

    /** How many connections have the topic. */
    @Param({"1", "100", "1000"})
    public int outlets;

    private final ActionList<EgressAction> actions = new ActionList<>(EgressAction::new);
    private final EgressLoop loop = new EgressLoop(0, 1, 1, new CounterSet());
    private ByteBuf chunk;

    /** Opens the topic for all connections. */
    @Setup
    public void setUp()
    {
        chunk = Unpooled.directBuffer(BACKLOG_FRAMES * FRAME_BYTES, BACKLOG_FRAMES * FRAME_BYTES);
        for (int i = 1; i <= outlets; i++)
        {
            final FakeOutlet outlet = new FakeOutlet(ConnectionId.of(i, 0));
            loop.addConnection(outlet);
            actions.clear();
            final EgressAction open = actions.add();
            open.kind = EgressAction.Kind.OPEN;
            open.options = DeliveryOptions.PLAIN;
            open.connectionId = outlet.connectionId();
            open.topicId = 0;
            loop.onActions(actions, 1, FanOutBenchmark::failed);
        }
        actions.clear();
        final EgressAction fanOut = actions.add();
        fanOut.kind = EgressAction.Kind.FAN_OUT;
        fanOut.topicId = 0;
        fanOut.chunk = chunk;
        fanOut.length = FRAME_BYTES;
    }

    /** Gives the chunk back. */
    @TearDown
    public void tearDown()
    {
        loop.close();
        chunk.release();
    }

    /** One item in a batch of its own. */
    @Benchmark
    public void oneItem()
    {
        actions.get(0).offset = 0;
        loop.onActions(actions, 1, FanOutBenchmark::failed);
        loop.endBatch();
    }

    /** A batch of {@value #BACKLOG_FRAMES} items, which leave in one write for each connection. */
    @Benchmark
    public void backlog()
    {
        for (int i = 0; i < BACKLOG_FRAMES; i++)
        {
            actions.get(0).offset = i * FRAME_BYTES;
            loop.onActions(actions, 1, FanOutBenchmark::failed);
        }
        loop.endBatch();
    }

    private static void failed(final Exception e)
    {
        throw new IllegalStateException(e);
    }
}
