package io.ringcast.transport.loop;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.lane.LaneStatus;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.SubscriptionGauge;
import io.ringcast.pipeline.LoopWaker;
import io.ringcast.pipeline.PipelineParts;
import io.ringcast.pipeline.RelayPipeline;
import io.ringcast.pipeline.ThreadingMode;
import io.ringcast.transport.journal.CheckpointStatus;
import io.ringcast.transport.journal.Journal;
import io.ringcast.transport.upstream.UpstreamClient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One network: its ring, and its half of each I/O loop.
 * Any thread, once started, except what says otherwise.
 */
public final class NetworkRelay
{
    private final NetworkConfig config;
    private final RelayPipeline pipeline;
    private final Runnable recording;
    private final NetworkLoop[] loops;
    private final List<CounterSet> counters = new ArrayList<>();
    private final CheckpointStatus checkpoints = new CheckpointStatus();
    private final SubscriptionGauge subscriptions;
    private final Supplier<List<LaneStatus>> feeds;
    private final List<UpstreamClient> upstreams = new ArrayList<>();
    /** Made by loop 0 when it is first wanted. */
    private LocalPublisher publisher;
    private final CountDownLatch firstUpstream = new CountDownLatch(1);
    /** Written and read on the upstreams' loop alone, as are the next two. */
    private final BitSet upLanes = new BitSet();
    private final BitSet congestedLanes = new BitSet();
    private boolean isHolding;
    private boolean isQuiet;

    public NetworkRelay(
        final RelayConfig relayConfig, final NetworkConfig config, final ThreadingMode mode,
        final List<EventLoop> eventLoops, final IoTransport transport, final SocketOptions socketOptions,
        final ThreadPinning pinning, final Journal journal, final Consumer<Error> onFatalError)
    {
        this.config = config;
        final CounterSet[] loopCounters = new CounterSet[eventLoops.size()];
        loops = new NetworkLoop[loopCounters.length];
        Arrays.setAll(loopCounters, i -> new CounterSet());
        counters.addAll(List.of(loopCounters));
        for (int i = 0; i < loops.length; i++)
        {
            loops[i] = new NetworkLoop(
                config.name(), i, eventLoops.get(i), loopCounters[i], onFatalError);
        }
        final boolean runsStagesOnLoop = mode == ThreadingMode.COMPACT;
        final LoopWaker[] loopWakers = Arrays.copyOf(loops, loops.length, LoopWaker[].class);
        if (runsStagesOnLoop)
        {
            // It polls right after it has run the stages.
            loopWakers[0] = null;
        }
        // Chunks are never pooled: the arena keeps them, and their addresses stay what they are.
        final Function<byte[], PipelineParts> builder = seed -> new PipelineParts(
            relayConfig, config, mode, loopCounters, UnpooledByteBufAllocator.DEFAULT, onFatalError, seed)
            .threadStart(pinning::pin)
            .wakers(runsStagesOnLoop ? loops[0] : () -> { }, loopWakers);
        final PipelineStart start = journal == null ? PipelineStart.of(builder) :
            PipelineStart.of(journal, relayConfig, config, loops.length, builder);
        recording = journal == null ? () -> { } :
            () -> start.record(journal, relayConfig, config, loops.length, seed -> new PipelineParts(
            relayConfig, config, mode, ownCounters(loops.length), UnpooledByteBufAllocator.DEFAULT,
            NetworkRelay::failCheckpoint, seed), checkpoints);
        pipeline = start.pipeline();
        counters.addAll(start.parts().pipelineCounters());
        if (journal != null)
        {
            counters.add(start.parts().journalCounters());
            counters.add(checkpoints.counters());
        }
        subscriptions = start.parts().subscriptions();
        feeds = start.parts().lanes();
        for (int i = 0; i < loops.length; i++)
        {
            loops[i].attach(pipeline, start.parts().epoch(), i == 0 && runsStagesOnLoop, journal != null);
            loops[i].setLastSerial(start.restore() == null ? 0 : start.restore().lastSerial(i));
        }
        for (int lane = 0; lane < config.upstreams().size(); lane++)
        {
            upstreams.add(new UpstreamClient(
                lane, config.upstreams().get(lane), relayConfig, this, loops[0], transport, socketOptions));
        }
    }

    private static CounterSet[] ownCounters(final int loopCount)
    {
        final CounterSet[] sets = new CounterSet[loopCount];
        Arrays.setAll(sets, i -> new CounterSet());
        return sets;
    }

    /** An error in stages that only a checkpoint is made of must not end the process. */
    private static void failCheckpoint(final Error error)
    {
        throw error;
    }

    /** Begins the recording, if there is a journal; before the start, once there are all networks. */
    public void record()
    {
        recording.run();
    }

    /** Says nothing in the log of what goes as it should; before the start. */
    public void keepQuiet()
    {
        isQuiet = true;
    }

    public boolean isQuiet()
    {
        return isQuiet;
    }

    public void start()
    {
        pipeline.start();
        for (final NetworkLoop loop : loops)
        {
            loop.start();
        }
        upstreams.forEach(UpstreamClient::start);
    }

    /** Publishes for the program, by a connection anew if the last one has failed; confined to loop 0. */
    public LocalPublisher publisher()
    {
        if (publisher == null || publisher.hasFailed())
        {
            publisher = new LocalPublisher(loops[0]);
        }
        return publisher;
    }

    public NetworkConfig config()
    {
        return config;
    }

    public NetworkLoop[] loops()
    {
        return loops;
    }

    public List<CounterSet> counters()
    {
        return counters;
    }

    public RelayPipeline pipeline()
    {
        return pipeline;
    }

    public List<LaneStatus> feeds()
    {
        return feeds.get();
    }

    /** What there is to tell of checkpoints; they are made only with a journal. */
    public CheckpointStatus checkpoints()
    {
        return checkpoints;
    }

    public SubscriptionGauge subscriptions()
    {
        return subscriptions;
    }

    public List<UpstreamClient> upstreams()
    {
        return upstreams;
    }

    /** Opens when the first upstream is connected and the ring has been told. */
    public CountDownLatch firstUpstream()
    {
        return firstUpstream;
    }

    /** An upstream can be used. On the upstreams' loop, as the two below. */
    public void onLaneUp(final int laneIndex)
    {
        upLanes.set(laneIndex);
        holdIfAllAreCongested();
    }

    /** An upstream is gone. */
    public void onLaneDown(final int laneIndex)
    {
        upLanes.clear(laneIndex);
        congestedLanes.clear(laneIndex);
        holdIfAllAreCongested();
    }

    /** An upstream takes no more, or takes more again. */
    public void onLaneCongested(final int laneIndex, final boolean isCongested)
    {
        congestedLanes.set(laneIndex, isCongested);
        holdIfAllAreCongested();
    }

    /**
     * Clients' sockets stop reading when no upstream takes more. While one does, they go on: a stuck upstream must not
     * silence the others, and what waits for it has a bound of its own.
     */
    private void holdIfAllAreCongested()
    {
        final boolean isHeld = !upLanes.isEmpty() && upLanes.equals(congestedLanes);
        if (isHeld != isHolding)
        {
            isHolding = isHeld;
            for (final NetworkLoop loop : loops)
            {
                loop.publisher().hold(isHeld);
                loop.wake();
            }
        }
    }

    /** Stops the stages; after the I/O loops have ended. */
    public void stopPipeline()
    {
        pipeline.stop();
    }

    /** Gives the memory of the stages back; after they have stopped, and the journal has recorded the rest. */
    public void closePipeline()
    {
        pipeline.close();
        for (final NetworkLoop loop : loops)
        {
            loop.releaseAll();
        }
    }
}
