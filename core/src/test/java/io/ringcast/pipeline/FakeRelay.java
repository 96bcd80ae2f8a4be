package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ClientRights;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.ConnectionWish;
import io.ringcast.session.FiguresText;
import io.ringcast.session.ReadPositions;
import io.ringcast.session.RelayClock;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A relay without sockets and without a clock: the test is every connection, every node and the time.
 * Confined to the test's thread, which is the I/O loop and, in INVOKER mode, the pipeline too.
 */
final class FakeRelay implements AutoCloseable
{
    private static final long START_NS = Long.MAX_VALUE - 1_000_000_000L;
    private static final long EPOCH_START_NS = Recording.STARTED_AT_MS * 1_000_000;

    final FakeAllocator allocator = new FakeAllocator();
    final PipelineParts parts;
    final RelayPipeline pipeline;
    final RingPublisher publisher;
    /** The way out to each upstream, by lane. */
    final List<FakeOutlet> nodes = new ArrayList<>();
    /** The first of them, which most tests have alone. */
    final FakeOutlet node;
    /** Begins shortly before the clock overflows, as a nanosecond clock may. */
    long nowNs = START_NS;

    private final CounterSet loopCounters = new CounterSet();
    /** Null if nothing is recorded; else a replay is compared at the end. */
    private final Recording recording;
    private long lastSerial;
    /** How much the clock moves each time that a stage reads it. */
    long clockStepNs;
    private long clockReadings;

    FakeRelay(final RelayConfig.Builder config, final NetworkConfig.Builder network)
    {
        this(config, network, ThreadingMode.INVOKER, parts -> { });
    }

    FakeRelay(
        final RelayConfig.Builder config, final NetworkConfig.Builder network, final ThreadingMode mode,
        final Consumer<PipelineParts> adjustment)
    {
        this(config, network, mode, adjustment, false);
    }

    FakeRelay(
        final RelayConfig.Builder config, final NetworkConfig.Builder network, final ThreadingMode mode,
        final Consumer<PipelineParts> adjustment, final boolean isRecorded)
    {
        this(config, network, mode, adjustment, isRecorded, null, START_NS);
    }

    private FakeRelay(
        final RelayConfig.Builder config, final NetworkConfig.Builder network, final ThreadingMode mode,
        final Consumer<PipelineParts> adjustment, final boolean isRecorded, final Recording past, final long startNs)
    {
        nowNs = startNs;
        final NetworkConfig builtNetwork =
            (network.hasUpstreams() ? network : network.upstream("ws://127.0.0.1:8546")).build();
        builtNetwork.upstreams().forEach(upstream -> nodes.add(new FakeOutlet(0)));
        node = nodes.get(0);
        final RelayConfig builtConfig = config.network(builtNetwork).build();
        parts = new PipelineParts(
            builtConfig, builtNetwork, mode, new CounterSet[]{loopCounters}, allocator, error -> { },
            Recording.SEED, new RelayClock(this::readClock, () -> EPOCH_START_NS + (nowNs - START_NS)));
        adjustment.accept(parts);
        recording = isRecorded ? new Recording(builtConfig, builtNetwork) : null;
        if (isRecorded)
        {
            recording.attachTo(parts);
        }
        pipeline = parts.build();
        if (past != null)
        {
            goOn(past);
        }
        else if (isRecorded)
        {
            recording.begin(pipeline);
        }
        pipeline.start();
        publisher = pipeline.publisher(0);
    }

    static FakeRelay withDefaults()
    {
        return new FakeRelay(RelayConfig.builder(), NetworkConfig.builder());
    }

    /** A relay with a journal, whose replay must say the same; that is looked at when it is closed. */
    static FakeRelay recorded(final RelayConfig.Builder config, final NetworkConfig.Builder network)
    {
        return new FakeRelay(config, network, ThreadingMode.INVOKER, parts -> { }, true);
    }

    /** A relay with the same settings that goes on where one with a journal has ended, some time later. */
    static FakeRelay restarted(
        final FakeRelay before, final RelayConfig.Builder config, final NetworkConfig.Builder network,
        final long pauseNs)
    {
        final FakeRelay relay = new FakeRelay(
            config, network, ThreadingMode.INVOKER, parts -> { }, true, before.recording, before.nowNs + pauseNs);
        // Its journal does not begin with the beginning.
        relay.recording.isBroken = true;
        return relay;
    }

    private void goOn(final Recording past)
    {
        final PipelineRestore restore = pipeline.restore();
        // Some of it by an image, the rest slot by slot, as a start does behind a checkpoint.
        final int imaged = new Random(past.slots()).nextInt(past.slots() + 1);
        ImageLaw.load(restore, past.image(imaged));
        past.forEach(slot ->
        {
            if (slot.sequence >= imaged)
            {
                restore.onSlot(slot);
            }
        });
        recording.begin(pipeline);
        restore.disconnectAll(nowNs, () -> pipeline.journal().poll());
        lastSerial = restore.lastSerial(0);
        if (restore.differences() > 0)
        {
            throw new AssertionError(restore.differences() + " slots went otherwise than when they were recorded");
        }
    }

    FakeOutlet connect()
    {
        final FakeOutlet outlet = new FakeOutlet(ConnectionId.of(++lastSerial, 0));
        parts.loops[0].addConnection(outlet);
        return outlet;
    }

    /** A client with a token, or with another wish for its connection. */
    FakeOutlet connect(final String query)
    {
        return connect(query, ClientRights.ALL);
    }

    FakeOutlet connect(final String query, final ClientRights rights)
    {
        return connect(query, rights, null);
    }

    FakeOutlet connect(final String query, final ClientRights rights, final byte[] address)
    {
        final FakeOutlet outlet = connect();
        final ConnectionWish.Parsed parsed = ConnectionWish.readQuery(query);
        if (parsed.fault() != null)
        {
            throw new AssertionError(parsed.fault());
        }
        final ConnectionWish wish = parsed.of("test", rights.name(), address);
        if (wish.sessionKey() != null)
        {
            parts.loops[0].followReading(outlet);
            outlet.onTakenOver = () -> closes(outlet);
        }
        if (!publisher.tryPublish(
            EventKind.CLIENT_OPENED, outlet.connectionId(), rights, null, wish.toText(), nowNs))
        {
            throw new AssertionError("the ring is full");
        }
        return outlet;
    }

    void closes(final FakeOutlet client)
    {
        final ReadPositions read = client.readPositions();
        if (read != null)
        {
            final byte[] text = new byte[read.lengthBytes()];
            read.writeTo(text);
            publisher.tryPublish(EventKind.CLIENT_READ, client.connectionId(), null, null, text, nowNs);
        }
        parts.loops[0].removeConnection(client);
        client.isGone = true;
        offer(EventKind.CLIENT_CLOSED, client.connectionId());
    }

    void pongs(final FakeOutlet client)
    {
        parts.loops[0].onPong(client, client.lastToken, nowNs);
    }

    void pongs(final FakeOutlet client, final long token)
    {
        parts.loops[0].onPong(client, token, nowNs);
    }

    /** A loop tells what it was asked about a connection. */
    void tellsFigures(final FakeOutlet client, final int ticket, final String members)
    {
        if (!publisher.tryPublish(EventKind.CLIENT_FIGURES, client.connectionId(), null, null,
            FiguresText.write(ticket, members), nowNs))
        {
            throw new AssertionError("the ring is full");
        }
    }

    void says(final FakeOutlet client, final String text)
    {
        if (!tryClientSays(client, text))
        {
            throw new AssertionError("the ring is full");
        }
    }

    void nodeSays(final String text)
    {
        nodeSays(0, text);
    }

    void nodeSays(final int laneIndex, final String text)
    {
        if (!tryNodeSays(laneIndex, text))
        {
            throw new AssertionError("the ring is full");
        }
    }

    boolean tryClientSays(final FakeOutlet client, final String text)
    {
        return tryClientSays(client, ClientRights.ALL, text);
    }

    boolean tryClientSays(final FakeOutlet client, final ClientRights rights, final String text)
    {
        final ReceivedFrame frame = frame(text);
        final boolean isTaken = publisher.tryPublishClientFrame(client.connectionId(), rights, null, frame, nowNs);
        if (!isTaken)
        {
            publisher.giveFrame(frame);
        }
        return isTaken;
    }

    /** A text that came in several reads, the first of them some time ago. */
    void nodeSaysSlowly(final long beganAtNs, final String text)
    {
        final ReceivedFrame frame = frame(text);
        frame.beganAtNs = beganAtNs;
        if (!publisher.tryPublishUpstreamFrame(0, frame, nowNs))
        {
            throw new AssertionError("the ring is full");
        }
    }

    boolean tryNodeSays(final String text)
    {
        return tryNodeSays(0, text);
    }

    boolean tryNodeSays(final int laneIndex, final String text)
    {
        final ReceivedFrame frame = frame(text);
        final boolean isTaken = publisher.tryPublishUpstreamFrame(laneIndex, frame, nowNs);
        if (!isTaken)
        {
            publisher.giveFrame(frame);
        }
        return isTaken;
    }

    void nodeUp()
    {
        nodeUp(0);
    }

    void nodeUp(final int laneIndex)
    {
        parts.loops[0].setLane(laneIndex, nodes.get(laneIndex));
        offer(EventKind.UPSTREAM_UP, ConnectionId.NONE, laneIndex);
    }

    void nodeDown()
    {
        nodeDown(0);
    }

    void nodeDown(final int laneIndex)
    {
        nodeDown(laneIndex, 0);
    }

    void nodeDown(final int laneIndex, final int closeCode)
    {
        parts.loops[0].setLane(laneIndex, null);
        offer(EventKind.UPSTREAM_DOWN, closeCode, laneIndex);
    }

    void tick(final long passedNs)
    {
        nowNs += passedNs;
        parts.loops[0].onTick(nowNs);
        if (!pipeline.tryTick(nowNs))
        {
            throw new AssertionError("the ring is full");
        }
    }

    /** Lets everything published so far take its way, and what the loop asks on that account. */
    void run()
    {
        do
        {
            pipeline.runStages();
            pipeline.poller(0).poll();
            if (recording != null)
            {
                while (pipeline.journal().isBehind())
                {
                    pipeline.journal().poll();
                }
            }
        }
        while (pipeline.remainingCapacitySlots() < pipeline.ringSlots());
    }

    Recording recording()
    {
        return recording;
    }

    /** As {@link #run()}, in the modes with pipeline threads. */
    void awaitQuiet(final int ringSlots)
    {
        do
        {
            Thread.onSpinWait();
            pipeline.poller(0).poll();
        }
        while (pipeline.remainingCapacitySlots() < ringSlots);
    }

    long count(final RelayCounter counter)
    {
        final List<CounterSet> sets = new ArrayList<>(parts.pipelineCounters());
        sets.add(loopCounters);
        return CounterSet.sum(sets, counter);
    }

    long heldBytes()
    {
        return allocator.usedDirectMemory();
    }

    @Override
    public void close()
    {
        parts.loops[0].close();
        pipeline.close();
        if (heldBytes() != 0)
        {
            throw new AssertionError(heldBytes() + " bytes of chunks were not given back");
        }
        if (recording != null && !recording.isBroken)
        {
            recording.checkReplay();
        }
    }

    private long readClock()
    {
        return nowNs + clockStepNs * clockReadings++;
    }

    private ReceivedFrame frame(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final ReceivedFrame frame = publisher.takeFrame();
        frame.ensureWritable(bytes.length);
        System.arraycopy(bytes, 0, frame.bytes, 0, bytes.length);
        frame.length = bytes.length;
        publisher.decode(frame);
        return frame;
    }

    private void offer(final EventKind kind, final long connectionId)
    {
        offer(kind, connectionId, 0);
    }

    private void offer(final EventKind kind, final long connectionId, final int laneIndex)
    {
        if (!publisher.tryPublish(kind, connectionId, laneIndex, nowNs))
        {
            throw new AssertionError("the ring is full");
        }
    }
}
