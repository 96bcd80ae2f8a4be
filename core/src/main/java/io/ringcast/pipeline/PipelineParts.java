package io.ringcast.pipeline;

import com.lmax.disruptor.EventHandler;
import io.netty.buffer.ByteBufAllocator;
import io.ringcast.config.JournalConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.ProfileChoice;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.UpstreamConfig;
import io.ringcast.correlate.Correlator;
import io.ringcast.egress.EgressLoop;
import io.ringcast.encode.Encoder;
import io.ringcast.journal.JournalSink;
import io.ringcast.lane.LaneStatus;
import io.ringcast.match.Matcher;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.StageLatency;
import io.ringcast.metrics.SubscriptionGauge;
import io.ringcast.session.FailedForwards;
import io.ringcast.session.RelayClock;
import io.ringcast.session.Stamping;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Everything a pipeline is made of, built from the configuration of one network.
 * Confined to the thread that starts the relay.
 */
public final class PipelineParts
{
    private static final int SEED_BYTES = 32;
    private static final int FEW_SLOTS = 16;

    final ThreadingMode mode;
    final String networkName;
    final String epoch;
    int ringSlots;
    final long ringBytes;
    /** A set for each stage: in DEDICATED mode each has a thread of its own, and a set has one writer. */
    final CounterSet correlateCounters = new CounterSet();
    final CounterSet matchCounters = new CounterSet();
    final CounterSet encodeCounters = new CounterSet();
    final CounterSet[] loopCounters;
    final Correlator correlator;
    final Matcher matcher;
    final Function<LongSupplier, Encoder> encoder;
    final EgressLoop[] loops;
    final RelayClock clock;
    final Consumer<Error> onFatalError;
    final JournalConfig journalConfig;
    final CounterSet journalCounters = new CounterSet();
    /** Null if nothing is recorded. */
    JournalSink journalSink;
    /** Whether pipeline threads spin rather than sleep. */
    final boolean isSpinning;
    Runnable onThreadStart = () -> { };
    LoopWaker pipelineWaker = () -> { };
    LoopWaker[] loopWakers;
    UnaryOperator<EventHandler<RelayEvent>> stageGuard = UnaryOperator.identity();

    /**
     * Builds the parts.
     *
     * @param config       the relay's configuration.
     * @param network      the network that the pipeline is for.
     * @param mode         which threads run the stages.
     * @param loopCounters the counters of each I/O loop; as many as there are loops.
     * @param allocator    makes the chunks of encoded frames.
     * @param onFatalError told of an error that no process should survive.
     */
    public PipelineParts(
        final RelayConfig config, final NetworkConfig network, final ThreadingMode mode,
        final CounterSet[] loopCounters, final ByteBufAllocator allocator, final Consumer<Error> onFatalError)
    {
        this(config, network, mode, loopCounters, allocator, onFatalError, newSeed());
    }

    /**
     * Builds the parts of a pipeline whose run can be repeated.
     *
     * @param config       the relay's configuration.
     * @param network      the network that the pipeline is for.
     * @param mode         which threads run the stages.
     * @param loopCounters the counters of each I/O loop; as many as there are loops.
     * @param allocator    makes the chunks of encoded frames.
     * @param onFatalError told of an error that no process should survive.
     * @param seed         {@link #newSeed()}, or that of the run that is repeated.
     */
    public PipelineParts(
        final RelayConfig config, final NetworkConfig network, final ThreadingMode mode,
        final CounterSet[] loopCounters, final ByteBufAllocator allocator, final Consumer<Error> onFatalError,
        final byte[] seed)
    {
        this(config, network, mode, loopCounters, allocator, onFatalError, seed, RelayClock.ofSystem());
    }

    PipelineParts(
        final RelayConfig config, final NetworkConfig network, final ThreadingMode mode,
        final CounterSet[] loopCounters, final ByteBufAllocator allocator, final Consumer<Error> onFatalError,
        final byte[] seed, final RelayClock clock)
    {
        this.mode = mode;
        this.clock = clock;
        final RandomGenerator random = new StageRandom(ByteBuffer.wrap(seed).getLong());
        epoch = newEpoch(random);
        this.loopCounters = loopCounters.clone();
        networkName = network.name();
        journalConfig = config.journal();
        isSpinning = config.profile() == ProfileChoice.LOW_LATENCY;
        ringSlots = config.ringSlots();
        ringBytes = config.limits().unfinishedBytes();
        final int laneCount = network.upstreams().size();
        final FailedForwards failedForwards = new FailedForwards();
        correlator = new Correlator(
            network, config.limits(), config.timing(), random, failedForwards, correlateCounters);
        final Stamping stamping = new Stamping(
            epoch, network.upstreams().stream().map(UpstreamConfig::name).toList(),
            config.timing().clockErrorNs(), config.timing().clockSync().text(), clock);
        matcher = new Matcher(network, config, stamping, seed, matchCounters);
        encoder = passedSequence -> new Encoder(
            network.dialect().errorEnd(), stamping, config.limits().batchResponseBytes(), new int[laneCount], allocator,
            passedSequence, failedForwards, encodeCounters);
        this.onFatalError = onFatalError;
        loops = new EgressLoop[loopCounters.length];
        loopWakers = new LoopWaker[loopCounters.length];
        Arrays.fill(loopWakers, (LoopWaker)() -> { });
        for (int i = 0; i < loops.length; i++)
        {
            loops[i] = new EgressLoop(
                i, laneCount, TimeUnit.MILLISECONDS.toNanos(config.timing().activationFallbackMs()),
                this.loopCounters[i]);
        }
    }

    /**
     * Makes what all that is random in the stages comes from: two pipelines with the same do the same.
     *
     * @return bytes that nobody can guess.
     */
    public static byte[] newSeed()
    {
        final byte[] seed = new byte[SEED_BYTES];
        new SecureRandom().nextBytes(seed);
        return seed;
    }

    /**
     * Sets how sleeping threads are woken.
     *
     * @param pipeline wakes the thread that runs the stages, if a publisher has to.
     * @param loop     wakes the I/O loops, by index; null for one that polls by itself after the stages have run.
     * @return this.
     */
    public PipelineParts wakers(final LoopWaker pipeline, final LoopWaker[] loop)
    {
        pipelineWaker = pipeline;
        loopWakers = loop.clone();
        return this;
    }

    /**
     * Makes the ring small, for a pipeline that is never started: only one slot at a time goes through it. What the
     * stages make of the slots is the same.
     *
     * @return this.
     */
    public PipelineParts neverStarted()
    {
        ringSlots = Math.min(ringSlots, FEW_SLOTS);
        return this;
    }

    /**
     * Sets where the ring's input is recorded.
     *
     * @param sink takes the records.
     * @return this.
     */
    public PipelineParts journal(final JournalSink sink)
    {
        journalSink = sink;
        return this;
    }

    /**
     * Gives the counters of the journal's thread.
     *
     * @return a set.
     */
    public CounterSet journalCounters()
    {
        return journalCounters;
    }

    /**
     * Sets what each of the pipeline's threads does before its first event.
     *
     * @param action runs on the thread that starts.
     * @return this.
     */
    public PipelineParts threadStart(final Runnable action)
    {
        onThreadStart = action;
        return this;
    }

    /**
     * Gives the counters of the pipeline's threads.
     *
     * @return a set for each stage.
     */
    public List<CounterSet> pipelineCounters()
    {
        return List.of(correlateCounters, matchCounters, encodeCounters);
    }

    /**
     * Gives the numbers of live subscriptions.
     *
     * @return by kind; readable from any thread.
     */
    public SubscriptionGauge subscriptions()
    {
        return matcher.subscriptions();
    }

    /**
     * Gives the scoreboard of the upstreams.
     *
     * @return tells how each does, at most about a second ago; readable from any thread.
     */
    public Supplier<List<LaneStatus>> lanes()
    {
        return matcher.lanes();
    }

    /**
     * Names this life of the relay, within which the items of a topic are numbered.
     *
     * @return 7 letters and digits, hardly ever used before.
     */
    public String epoch()
    {
        return epoch;
    }

    private static String newEpoch(final RandomGenerator random)
    {
        final long first = 36L * 36 * 36 * 36 * 36 * 36;
        return Long.toString(first + random.nextLong(35 * first), 36);
    }

    GuardedStage guard(final String name, final Stage stage, final CounterSet counters)
    {
        return new GuardedStage(
            stage, stageGuard.apply(stage), exceptionHandler(counters), new StageLatency(name));
    }

    StageExceptionHandler exceptionHandler(final CounterSet counters)
    {
        return new StageExceptionHandler(counters, onFatalError);
    }

    /**
     * Wires the parts.
     *
     * @return a pipeline that is not started.
     */
    public RelayPipeline build()
    {
        return new RelayPipeline(this);
    }
}
