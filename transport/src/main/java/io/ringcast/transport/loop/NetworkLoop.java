package io.ringcast.transport.loop;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.concurrent.Future;
import io.ringcast.egress.EgressLoop;
import io.ringcast.egress.Outlet;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.EgressPoller;
import io.ringcast.pipeline.EventKind;
import io.ringcast.pipeline.FaultKinds;
import io.ringcast.pipeline.LoopWaker;
import io.ringcast.pipeline.RelayPipeline;
import io.ringcast.pipeline.RingPublisher;
import io.ringcast.session.ClientRights;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.FiguresText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What one network does on one I/O loop: publishes, in compact mode runs the stages, polls, and keeps time.
 * Confined to its I/O loop, except {@link #wake()} and {@link #tickedAtNs()}: any thread.
 *
 * <p>A wake-up is a task of the loop. Tasks run after all sockets that were ready have been read, so one run of the
 * stages serves everything that came in together, and each connection is flushed once for all of it.
 */
public final class NetworkLoop implements LoopWaker
{
    private static final Logger LOGGER = LoggerFactory.getLogger(NetworkLoop.class);
    /**
     * What may be owed to the ring before nobody new is let in: more than the ends of as many connections as there may
     * be by default, since when they all end at once they may come back at once.
     */
    public static final int LIMIT_OWED_EVENTS = 16_384;
    private static final long TICK_MS = 50;
    private static final Consumer<Outlet> FLUSH = Outlet::flush;
    private static final int TICKS_PER_CONNECTION_CHECK = 10;

    private final String networkName;
    private final int loopIndex;
    private final EventLoop eventLoop;
    private final CounterSet counters;
    private final Consumer<Error> onFatalError;
    private final LatencyHistogram latency = new LatencyHistogram();
    private final ChunkAddress chunkAddress = new ChunkAddress();
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final Runnable run = this::run;
    private final Runnable tickEgress = this::tickEgress;
    private final Runnable tickStages = this::publishTick;
    private final Runnable tickConnections = this::checkConnections;
    private final Consumer<Outlet> tickConnection = this::tickConnection;
    private final Consumer<Outlet> tickSafely = this::tickSafely;
    private final FaultKinds faultsTold = new FaultKinds();
    private String epoch;
    private final ArrayList<Outlet> toFlush = new ArrayList<>(0);
    private RelayPipeline pipeline;
    private RingPublisher publisher;
    private OwedEvents owedEvents;
    private EgressPoller poller;
    private boolean runsStages;
    private boolean isRecorded;
    /** When the last poll began, while anybody wants to know. */
    private long pollBeganNs;
    private SharedForms sharedForms = SharedForms.NONE;
    private long connectionSerial;
    private long tickCount;
    private long tickNowNs;
    private volatile long tickedAtNs = System.nanoTime();

    NetworkLoop(
        final String networkName, final int loopIndex, final EventLoop eventLoop, final CounterSet counters,
        final Consumer<Error> onFatalError)
    {
        this.networkName = networkName;
        this.onFatalError = onFatalError;
        this.loopIndex = loopIndex;
        this.eventLoop = eventLoop;
        this.counters = counters;
    }

    void attach(final RelayPipeline relayPipeline, final String pipelineEpoch, final boolean runsStagesHere,
        final boolean hasJournal)
    {
        isRecorded = hasJournal;
        epoch = pipelineEpoch;
        pipeline = relayPipeline;
        publisher = relayPipeline.publisher(loopIndex);
        owedEvents = new OwedEvents(publisher);
        poller = relayPipeline.poller(loopIndex);
        runsStages = runsStagesHere;
    }

    void start()
    {
        every(TICK_MS, this::onTick);
    }

    /**
     * Runs a task again and again on this loop. One that throws is counted and told, and runs again the next time:
     * Netty by itself would drop it.
     *
     * @param periodMs from one run to the next, in milliseconds.
     * @param task     what to run.
     * @return to end it.
     */
    public Future<?> every(final long periodMs, final Runnable task)
    {
        return eventLoop.scheduleAtFixedRate(() -> attempt(task), periodMs, periodMs, TimeUnit.MILLISECONDS);
    }

    /**
     * Runs a task when the loop has looked at its sockets again. By a timer: what is handed in as a task from within a
     * task runs before that.
     *
     * @param task throws nothing.
     */
    public void inNextTurn(final Runnable task)
    {
        eventLoop.schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public void wake()
    {
        // What was published before must be visible before the flag is read: neither Disruptor's sequences nor its
        // slots are published with more than a release, which lets this read go first, and the wake-up be lost.
        VarHandle.fullFence();
        if (isScheduled.get() || !isScheduled.compareAndSet(false, true))
        {
            return;
        }
        try
        {
            eventLoop.execute(run);
        }
        catch (final RejectedExecutionException e)
        {
            // The loop has ended; there is nobody left to write to.
            isScheduled.set(false);
        }
    }

    public String networkName()
    {
        return networkName;
    }

    /** When the loop last told the time, for whoever wants to know that it turns. Any thread. */
    public long tickedAtNs()
    {
        return tickedAtNs;
    }

    public EventLoop eventLoop()
    {
        return eventLoop;
    }

    public EgressLoop egress()
    {
        return poller.loop();
    }

    public RingPublisher publisher()
    {
        return publisher;
    }

    public CounterSet counters()
    {
        return counters;
    }

    public LatencyHistogram latency()
    {
        return latency;
    }

    public ChunkAddress chunkAddress()
    {
        return chunkAddress;
    }

    /** Numbers go on behind those of an earlier process, which the stages may know still; before the start. */
    void setLastSerial(final long lastSerial)
    {
        connectionSerial = lastSerial;
    }

    public long nextConnectionId()
    {
        return ConnectionId.of(++connectionSerial, loopIndex);
    }

    /** For a connection that gets answers only. */
    public long nextCallsOnlyId()
    {
        return ConnectionId.callsOnly(++connectionSerial, loopIndex);
    }

    /** For a stream of events. */
    public long nextEventsOnlyId()
    {
        return ConnectionId.eventsOnly(++connectionSerial, loopIndex);
    }

    /** For the program that the relay runs in. */
    long nextProgramId()
    {
        return ConnectionId.program(++connectionSerial, loopIndex);
    }

    /** Names this life of the relay, within which items are numbered. */
    public String epoch()
    {
        return epoch;
    }

    /** When the loop began with what was published last; only kept while a connection is measured. */
    public long pollBeganNs()
    {
        return pollBeganNs;
    }

    /** Tells match how the items of a connection fare; of the status' figures only those that say something. */
    public void tellFigures(final Outlet outlet, final int ticket, final long unsentBytes)
    {
        final String queue =
            "\"queue\":{\"items\":" + outlet.waitingItems() + ",\"bytes\":" + unsentBytes + '}';
        if (ticket == FiguresText.DRAIN)
        {
            publishSurely(EventKind.CLIENT_FIGURES, outlet.connectionId(), null, null, FiguresText.write(ticket, queue +
                ",\"resume\":{\"e\":\"" + epoch() + "\",\"q\":[" + outlet.positions(',') + "]}"));
            return;
        }
        if (ticket == FiguresText.STATUS)
        {
            if (outlet.waitingItems() + unsentBytes > 0)
            {
                publishSurely(
                    EventKind.CLIENT_FIGURES, outlet.connectionId(), null, null, FiguresText.write(ticket, queue));
            }
            return;
        }
        final long nowNs = System.nanoTime();
        final String members = egress().tryMeasure(outlet, nowNs) ?
            outlet.figures().toJson(nowNs) + ',' + queue : FiguresText.NONE;
        publishSurely(EventKind.CLIENT_FIGURES, outlet.connectionId(), null, null, FiguresText.write(ticket, members));
    }

    /** Whether a journal records what this loop publishes. */
    public boolean isRecorded()
    {
        return isRecorded;
    }

    /** Sets what this loop's connections make once for all of them; before the start. */
    public void setSharedForms(final SharedForms forms)
    {
        sharedForms = forms;
    }

    public SharedForms sharedForms()
    {
        return sharedForms;
    }

    /** Flushes an outlet behind this poll: one that takes items is not flushed by the egress loop. */
    public void flushLater(final Outlet outlet)
    {
        toFlush.add(outlet);
    }

    /** True while events wait for space: then nothing newer may be published on this loop. */
    public boolean isBehind()
    {
        return owedEvents.size() > 0;
    }

    /**
     * Tells whether so many events wait for space that no connection may be made, since each will owe more: it is
     * refused, and the refusal counted. What is owed is bound so, by {@link #LIMIT_OWED_EVENTS} and the three events
     * at most that each connection that is there may owe still.
     *
     * @return true if a new connection is to be refused; then this has counted it.
     */
    public boolean tryRefuse()
    {
        if (owedEvents.size() < LIMIT_OWED_EVENTS)
        {
            return false;
        }
        counters.increment(RelayCounter.OWED_REFUSALS);
        return true;
    }

    /** Publishes an event that must not be lost, now or as soon as there is space. */
    public void publishSurely(final EventKind kind, final long connectionId, final int laneIndex)
    {
        owedEvents.add(kind, connectionId, laneIndex);
    }

    /** As above, with a text; what a client's rights and its connection's options are goes with it. */
    public void publishSurely(
        final EventKind kind, final long connectionId, final ClientRights rights, final DeliveryOptions options,
        final byte[] text)
    {
        owedEvents.add(kind, connectionId, rights, options, text);
    }

    /** Gives back what the loop holds, on any thread, once the loop has ended. */
    void releaseAll()
    {
        egress().close();
        sharedForms.close();
    }

    private void run()
    {
        isScheduled.set(false);
        try
        {
            sharedForms.onIdle();
            owedEvents.publish();
            if (runsStages)
            {
                pipeline.runStages();
            }
            if (egress().isMeasuring())
            {
                pollBeganNs = System.nanoTime();
            }
            poller.poll();
            flushStreams();
        }
        catch (final Throwable e)
        {
            onFault(e);
        }
    }

    private void flushStreams()
    {
        if (toFlush.isEmpty())
        {
            return;
        }
        for (int i = 0; i < toFlush.size(); i++)
        {
            attempt(toFlush.get(i), FLUSH);
        }
        toFlush.clear();
    }

    /**
     * Does something to one of this loop's connections. A fault ends that connection: the others have their turn all
     * the same.
     *
     * @param outlet the way out to the connection.
     * @param deed   what to do.
     */
    public void attempt(final Outlet outlet, final Consumer<Outlet> deed)
    {
        try
        {
            deed.accept(outlet);
        }
        catch (final Throwable e)
        {
            onFault(e);
            attempt(outlet::fail);
        }
    }

    private void attempt(final Runnable part)
    {
        try
        {
            part.run();
        }
        catch (final Throwable e)
        {
            onFault(e);
        }
    }

    /** A socket's handler has failed and its connection ends: by a reset or broken bytes of the peer's, or by a bug. */
    public void onCaught(final Throwable cause)
    {
        if (!(cause instanceof IOException || cause instanceof CodecException || cause instanceof Http2Exception))
        {
            onFault(cause);
        }
    }

    /**
     * A loop goes on after a fault, which is counted, and logged once for each kind; an error that no process should
     * survive is told.
     */
    public void onFault(final Throwable fault)
    {
        counters.increment(RelayCounter.EGRESS_FAILURES);
        if (fault instanceof VirtualMachineError error)
        {
            onFatalError.accept(error);
        }
        if (faultsTold.isNew(fault))
        {
            LOGGER.error("an I/O loop failed; it goes on", fault);
        }
    }

    /** What of it fails is counted; the rest is done. */
    private void onTick()
    {
        tickNowNs = System.nanoTime();
        tickedAtNs = tickNowNs;
        attempt(tickEgress);
        attempt(tickStages);
        attempt(tickConnections);
        wake();
    }

    private void tickEgress()
    {
        egress().onTick(tickNowNs);
    }

    /** A tick that finds no space is skipped; the next one does its work. */
    private void publishTick()
    {
        if (loopIndex == 0)
        {
            pipeline.tryTick(tickNowNs);
        }
    }

    private void checkConnections()
    {
        if (++tickCount % TICKS_PER_CONNECTION_CHECK == 0)
        {
            egress().forEachConnection(tickSafely);
        }
    }

    private void tickSafely(final Outlet outlet)
    {
        attempt(outlet, tickConnection);
    }

    private void tickConnection(final Outlet outlet)
    {
        outlet.onTick(tickNowNs);
    }
}
