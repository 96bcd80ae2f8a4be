package io.ringcast.pipeline;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.ringcast.encode.Encoder;
import io.ringcast.metrics.StageLatency;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.RelayClock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The ring of one network and the wiring of its stages; nothing else.
 * Any thread, but for {@link #runStages()}, which is confined to the thread that stands in for the pipeline.
 *
 * <pre>
 *   I/O loops                 pipeline                                  I/O loops
 *
 *   RingPublisher 0 ─┐
 *   RingPublisher 1 ─┼─► ring ─► correlate ─► match ─► encode ─┬─► EgressPoller 0 ─► sockets
 *   RingPublisher n ─┘    1          2          3         4    ├─► EgressPoller 1 ─► sockets
 *                         ▲                                    ├─► EgressPoller n ─► sockets
 *                         │                                    └─► JournalPoller 6, if there is a journal
 *                         └──────────── 5 gated by ──────────────────────┘
 *
 *   With a journal that is to hold, the EgressPollers are behind what JournalPoller has seen written.
 *
 *   COMPACT, INVOKER   2, 3 and 4 run in runStages(), on I/O loop 0 or on the test's thread
 *   SHARED             2, 3 and 4 run on one thread
 *   DEDICATED          2, 3 and 4 run on a thread each
 * </pre>
 */
public final class RelayPipeline implements AutoCloseable
{
    private final String threadNamePrefix;
    private final RingBuffer<RelayEvent> ring;
    private final List<BatchEventProcessor<RelayEvent>> processors = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final EgressPoller[] pollers;
    private final RingPublisher[] publishers;
    private final EgressWakeups wakeups;
    private final Encoder encoder;
    private final RelayClock clock;
    private final JournalPoller journalPoller;
    private boolean isBreakTold;
    private final RingBytes ringBytes;
    private final GuardedStage[] stages;
    private final List<StageLatency> latencies;
    private final List<Sequence> consumers = new ArrayList<>();
    private EventPoller<RelayEvent> stagePoller;
    private EventPoller.Handler<RelayEvent> stageHandler;

    RelayPipeline(final PipelineParts parts)
    {
        threadNamePrefix = "ringcast-" + parts.networkName + "-";
        // 1: any loop publishes.
        ring = RingBuffer.createMultiProducer(RelayEvent::new, parts.ringSlots, waitStrategy(parts));
        ringBytes = new RingBytes(parts.ringBytes);
        final int loops = parts.loops.length;
        publishers = new RingPublisher[loops];
        for (int i = 0; i < loops; i++)
        {
            publishers[i] = new RingPublisher(ring, ringBytes, parts.pipelineWaker, parts.loopCounters[i]);
        }
        wakeups = new EgressWakeups(ring, parts.loopWakers, publishers, parts.encodeCounters);
        clock = parts.clock;
        encoder = parts.encoder.apply(ring::getMinimumGatingSequence);

        // 2, 3, 4: correlate, match, encode.
        final GuardedStage correlate =
            parts.guard("correlate", new CorrelateStage(parts.correlator), parts.correlateCounters);
        final GuardedStage match = parts.guard("match", new MatchStage(parts.matcher), parts.matchCounters);
        final EncodeStage encodeStage =
            new EncodeStage(encoder, wakeups, ringBytes, parts.journalSink == null);
        final GuardedStage encode = parts.guard("encode", encodeStage, parts.encodeCounters);
        stages = new GuardedStage[]{correlate, match, encode};
        latencies = List.of(correlate.latency(), match.latency(), encode.latency());
        final Sequence encoded = wireStages(parts, correlate, match, encode);

        // 6: the journal, if there is one, polls behind encode and gates the ring.
        journalPoller = parts.journalSink == null ? null :
            new JournalPoller(ring, encoded, ringBytes, publishers, parts);
        if (journalPoller != null)
        {
            ring.addGatingSequences(journalPoller.sequence());
            consumers.add(journalPoller.written());
        }

        // 5: so does each loop; with a journal that is to hold it polls behind what is written.
        final Sequence delivered = journalPoller == null ? encoded : journalPoller.delivered();
        pollers = new EgressPoller[loops];
        final Sequence[] loopSequences = new Sequence[loops];
        for (int i = 0; i < loops; i++)
        {
            final EventPoller<RelayEvent> poller = ring.newPoller(delivered);
            loopSequences[i] = poller.getSequence();
            pollers[i] = new EgressPoller(poller, parts.loops[i], publishers[i], parts.loopCounters[i]);
        }
        ring.addGatingSequences(loopSequences);
        consumers.addAll(List.of(loopSequences));
        wakeups.setLoopSequences(loopSequences);
    }

    /** Starts the pipeline's threads, if the mode has any, and measures from here on. */
    public void start()
    {
        for (final GuardedStage stage : stages)
        {
            stage.measure();
        }
        threads.forEach(Thread::start);
    }

    /**
     * Has the clock of the stages go on where that of an earlier process was; before the start.
     *
     * @param offsetNs what is added to the system's steady clock, in nanoseconds.
     */
    public void setClockOffsetNs(final long offsetNs)
    {
        clock.setOffsetNs(offsetNs);
        for (final GuardedStage stage : stages)
        {
            stage.setClockOffsetNs(offsetNs);
        }
        for (int loop = 0; loop < publishers.length; loop++)
        {
            publishers[loop].setClockOffsetNs(offsetNs);
            pollers[loop].setClockOffsetNs(offsetNs);
        }
    }

    /**
     * Runs the stages over all that is published, on the calling thread; in the modes that have no pipeline thread.
     * The caller then polls its own loop; other loops with work have been woken.
     *
     * @return true if there was anything.
     */
    public boolean runStages()
    {
        try
        {
            if (stagePoller.poll(stageHandler) != EventPoller.PollState.PROCESSING)
            {
                return false;
            }
        }
        catch (final Exception e)
        {
            throw new IllegalStateException("guarded stages do not throw", e);
        }
        wakeups.wake();
        return true;
    }

    /**
     * Tells how long texts take up to the end of each stage.
     *
     * @return one for each stage, in their order; each is readable from any thread.
     */
    public List<StageLatency> latencies()
    {
        return latencies;
    }

    /**
     * Gives one loop's way into the ring.
     *
     * @param loopIndex which loop.
     * @return its publisher.
     */
    public RingPublisher publisher(final int loopIndex)
    {
        return publishers[loopIndex];
    }

    /**
     * Gives one loop's way out of the ring.
     *
     * @param loopIndex which loop.
     * @return its poller.
     */
    public EgressPoller poller(final int loopIndex)
    {
        return pollers[loopIndex];
    }

    /**
     * Gives what records the ring's input.
     *
     * @return the journal's poller, or null if nothing is recorded.
     */
    public JournalPoller journal()
    {
        return journalPoller;
    }

    /**
     * Tells the stages that time passes, and once that the journal was given up. On the thread of the first loop.
     *
     * @param nowNs the time.
     * @return false if the ring has no space for it: the next one does its work.
     */
    public boolean tryTick(final long nowNs)
    {
        isBreakTold = isBreakTold || journalPoller != null && journalPoller.isBroken() &&
            publishers[0].tryPublish(EventKind.JOURNAL_BROKEN, ConnectionId.NONE, 0, nowNs);
        return publishers[0].tryPublish(EventKind.TICK, ConnectionId.NONE, 0, nowNs);
    }

    /**
     * Begins to bring the stages to where an earlier process left them; before the start.
     *
     * @return takes what that process recorded.
     */
    public PipelineRestore restore()
    {
        return new PipelineRestore(
            ring, ringBytes, new StageChain(null, stages), consumers,
            journalPoller == null ? new Sequence() : journalPoller.sequence(),
            Arrays.stream(stages).map(GuardedStage::stage).toArray(Stage[]::new));
    }

    /** The slot itself, for a replay. */
    RelayEvent event(final long sequence)
    {
        return ring.get(sequence);
    }

    /**
     * How many slots there are.
     *
     * @return the number.
     */
    public long ringSlots()
    {
        return ring.getBufferSize();
    }

    /** The slot that a sequence stands for; to be looked at while no stage and no loop runs. */
    RelayEvent slot(final long sequence)
    {
        return ring.get(sequence);
    }

    /**
     * How many slots are free.
     *
     * @return the number.
     */
    public long remainingCapacitySlots()
    {
        return ring.remainingCapacity();
    }

    /** Stops the pipeline's threads; after the loops have polled for the last time. */
    public void stop()
    {
        processors.forEach(BatchEventProcessor::halt);
        for (final Thread thread : threads)
        {
            join(thread);
        }
    }

    /** Stops the pipeline's threads and gives the chunks back; after the journal has polled for the last time. */
    @Override
    public void close()
    {
        stop();
        encoder.close();
    }

    private Sequence wireStages(
        final PipelineParts parts, final GuardedStage correlate, final GuardedStage match, final GuardedStage encode)
    {
        switch (parts.mode)
        {
            case SHARED:
                return addThread(
                    parts, "pipeline", parts.exceptionHandler(parts.encodeCounters),
                    new StageChain(wakeups, correlate, match, encode));

            case DEDICATED:
                final Sequence correlated = addThread(
                    parts, "correlate", parts.exceptionHandler(parts.correlateCounters),
                    new StageChain(null, correlate));
                final Sequence matched = addThread(
                    parts, "match", parts.exceptionHandler(parts.matchCounters),
                    new StageChain(null, match), correlated);
                return addThread(
                    parts, "encode", parts.exceptionHandler(parts.encodeCounters),
                    new StageChain(wakeups, encode), matched);

            default:
                final StageChain chain = new StageChain(null, correlate, match, encode);
                stagePoller = ring.newPoller();
                stageHandler = (event, sequence, endOfBatch) ->
                {
                    chain.onEvent(event, sequence, endOfBatch);
                    return true;
                };
                consumers.add(stagePoller.getSequence());
                return stagePoller.getSequence();
        }
    }

    private Sequence addThread(
        final PipelineParts parts, final String name, final StageExceptionHandler exceptionHandler,
        final EventHandler<RelayEvent> handler, final Sequence... behind)
    {
        final SequenceBarrier barrier = ring.newBarrier(behind);
        final BatchEventProcessor<RelayEvent> processor =
            new BatchEventProcessorBuilder().build(ring, barrier, handler);
        processor.setExceptionHandler(exceptionHandler);
        processors.add(processor);
        consumers.add(processor.getSequence());
        final Runnable onThreadStart = parts.onThreadStart;
        final Runnable body = () ->
        {
            onThreadStart.run();
            processor.run();
        };
        final Thread thread = new Thread(body, threadNamePrefix + name);
        thread.setDaemon(true);
        threads.add(thread);
        return processor.getSequence();
    }

    /**
     * A pipeline thread sleeps on a lock while there is nothing to do, or spins if it has a core of its own; in the
     * other modes nobody waits.
     */
    private static WaitStrategy waitStrategy(final PipelineParts parts)
    {
        if (parts.mode != ThreadingMode.SHARED && parts.mode != ThreadingMode.DEDICATED)
        {
            return new YieldingWaitStrategy();
        }
        return parts.isSpinning ? new BusySpinWaitStrategy() : new BlockingWaitStrategy();
    }

    private static void join(final Thread thread)
    {
        try
        {
            thread.join();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }
}
