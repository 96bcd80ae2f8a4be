package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.TimingConfig;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;

/**
 * A relay between a chain that forks, told by upstreams that lose, fail, go and come back, and clients that a subclass
 * has.
 * Confined to the test's thread; decided by its seed.
 */
abstract class ChainTraffic implements SeededTraffic
{
    static final long STEP_NS = 400_000_000L;
    /** The relay gives up a hole that nobody fills while its upstreams go on and on. */
    private static final int LIMIT_UNSETTLED_BLOCKS = 8;
    /** To the same question; else the relay's own patience would end, and it would declare a gap. */
    private static final int LIMIT_BAD_ANSWERS = 2;

    final Random random;
    final PastChain chain;
    final FakeRelay relay;
    private final boolean[] isUp;
    private final Map<String, Integer> badAnswers = new HashMap<>();
    private boolean isFailing = true;
    private int unsettledBlocks;

    /** The timing is what the relay shall have besides its patience; it may be drawn at random. */
    ChainTraffic(
        final long seed, final Random random, final PastChain chain, final Consumer<TimingConfig.Builder> timing)
    {
        this(seed, random, chain, timing, DeliveryConfig.defaults());
    }

    ChainTraffic(
        final long seed, final Random random, final PastChain chain, final Consumer<TimingConfig.Builder> timing,
        final DeliveryConfig delivery)
    {
        this.random = random;
        this.chain = chain;
        final int laneCount = 1 + random.nextInt(3);
        final NetworkConfig.Builder network = NetworkConfig.builder();
        for (int i = 0; i < laneCount; i++)
        {
            network.upstream("ws://127.0.0.1:8546");
        }
        final TimingConfig.Builder times = TimingConfig.builder().repairDeadlineMs(60_000);
        timing.accept(times);
        final RelayConfig.Builder config = RelayConfig.builder().ringSlots(1 << 12)
            .limits(LimitsConfig.builder().staleGaps(1_000).build())
            .timing(times.build()).delivery(delivery);
        relay = seed % 4 == 0 ? FakeRelay.recorded(config, network) :
            new FakeRelay(config, network, ThreadingMode.INVOKER, parts -> { });
        isUp = new boolean[laneCount];
    }

    /** The clients look at what they have got. */
    abstract void readClients();

    /** Between two texts of an upstream about one block. */
    void betweenItems()
    {
    }

    /** Tells whether an upstream may fail to answer a question. */
    abstract boolean mayFail(String method, String params);

    /** Tells whether an upstream that fails says nothing at all. */
    boolean isSilent()
    {
        return false;
    }

    /** An answer of the same meaning, which may be longer. */
    String padded(final String answer)
    {
        return answer;
    }

    /** An upstream has answered. */
    void onAnswered(final String answer)
    {
    }

    /** An upstream has gone. */
    void onLaneLost()
    {
    }

    /** The chain has so many blocks, and all upstreams are there. */
    final void begin(final int blocks)
    {
        for (int i = 0; i < blocks; i++)
        {
            chain.grow();
        }
        upAll();
    }

    /** All come back, agree and answer. */
    final void endFailures()
    {
        isFailing = false;
        upAll();
    }

    /** Nobody could tell in time, and the relay has said so: there is nothing to hold it to. */
    final boolean hasGap()
    {
        return relay.count(RelayCounter.LOG_GAPS) + relay.count(RelayCounter.HEAD_GAPS) > 0;
    }

    final void checkNoFault()
    {
        if (relay.count(RelayCounter.STAGE_FAILURES) + relay.count(RelayCounter.EGRESS_FAILURES) > 0)
        {
            throw new AssertionError("a stage failed");
        }
    }

    @Override
    public final void close()
    {
        relay.close();
    }

    /** An upstream goes, or comes back. */
    final void toggle()
    {
        final int lane = random.nextInt(isUp.length);
        if (isUp[lane])
        {
            down(lane);
        }
        else
        {
            up(lane);
        }
    }

    /**
     * The chain leaves so many of its newest blocks at most for others, and now and then comes back to them.
     *
     * @return true if it came back.
     */
    final boolean fork(final int limitDepth)
    {
        return fork(limitDepth, left -> 1 + random.nextInt(left + 1), false);
    }

    /**
     * The chain leaves so many of its newest blocks at most for others, and now and then comes back to them.
     *
     * @param limitDepth how many at most.
     * @param addedFor   how many others come in their place at first, by how many were left.
     * @param goesOn     whether one more follows at once when it has come back.
     * @return true if it came back.
     */
    final boolean fork(final int limitDepth, final IntUnaryOperator addedFor, final boolean goesOn)
    {
        final long height = chain.tip.number();
        final PastChain.Block before = chain.tip;
        final int added = addedFor.applyAsInt(chain.goBack(1 + random.nextInt(limitDepth)));
        for (int i = 0; i < added; i++)
        {
            tell(chain.grow());
        }
        final boolean isBack = random.nextInt(3) == 0;
        if (isBack)
        {
            comeBack(before, added);
            if (goesOn)
            {
                tell(chain.grow());
            }
        }
        while (chain.tip.number() <= height)
        {
            tell(chain.grow());
        }
        return isBack;
    }

    /** The chain leaves its newest blocks and comes back to a block where it was. */
    private void comeBack(final PastChain.Block to, final int leftBlocks)
    {
        chain.goBack(leftBlocks);
        final Deque<PastChain.Block> way = new ArrayDeque<>();
        for (PastChain.Block block = to; block != chain.tip; block = block.parent())
        {
            way.addFirst(block);
        }
        way.forEach(block -> tell(chain.lead(block)));
    }

    /** Each upstream that is there tells of a block, or misses it. */
    final void tell(final PastChain.Block block)
    {
        if (++unsettledBlocks == LIMIT_UNSETTLED_BLOCKS)
        {
            unsettledBlocks = 0;
            settle(1_000);
        }
        for (int lane = 0; lane < isUp.length; lane++)
        {
            if (isUp[lane] && random.nextInt(8) > 0)
            {
                say(lane, block);
            }
        }
    }

    /** Every upstream tells of a block. */
    final void tellSurely(final PastChain.Block block)
    {
        for (int lane = 0; lane < isUp.length; lane++)
        {
            say(lane, block);
        }
    }

    /** A step is over: the nodes give a few answers, or all that they owe, and now and then time passes. */
    final void rest(final int limitAnswers)
    {
        settle(random.nextInt(4) == 0 ? 1_000 : random.nextInt(limitAnswers));
        if (random.nextInt(4) == 0)
        {
            pass(STEP_NS);
        }
    }

    final void pass(final long passedNs)
    {
        relay.tick(passedNs);
        settle(1_000);
    }

    /** Lets the relay and the nodes talk; the nodes give so many answers at most. */
    final void settle(final int limitAnswers)
    {
        relay.run();
        int left = limitAnswers;
        boolean isProgress = true;
        while (isProgress)
        {
            isProgress = false;
            for (int lane = 0; lane < isUp.length; lane++)
            {
                final String call = left > 0 ? relay.nodes.get(lane).received.poll() : null;
                if (call != null)
                {
                    left--;
                    answer(lane, call);
                    relay.run();
                    isProgress = true;
                }
            }
        }
        readClients();
    }

    private void say(final int lane, final PastChain.Block block)
    {
        relay.nodeSays(lane, PastChain.item("0xaa", block.head()));
        for (final String log : block.logs())
        {
            betweenItems();
            relay.nodeSays(lane, PastChain.item("0xbb", log));
        }
        settle(random.nextInt(3));
    }

    private void upAll()
    {
        for (int lane = 0; lane < isUp.length; lane++)
        {
            if (!isUp[lane])
            {
                up(lane);
            }
        }
    }

    private void up(final int lane)
    {
        isUp[lane] = true;
        relay.nodeUp(lane);
        settle(1_000);
    }

    private void down(final int lane)
    {
        isUp[lane] = false;
        relay.nodes.get(lane).received.clear();
        relay.nodeDown(lane);
        onLaneLost();
        settle(0);
    }

    private void answer(final int lane, final String text)
    {
        final Matcher call = PastChain.CALL.matcher(text);
        if (!call.matches())
        {
            throw new AssertionError("not a call: " + text);
        }
        final boolean isBad = isFailing && mayFail(call.group(2), call.group(3)) && random.nextInt(6) == 0 &&
            badAnswers.merge(call.group(3), 1, Integer::sum) <= LIMIT_BAD_ANSWERS;
        if (isBad && isSilent())
        {
            return;
        }
        final String answer = isBad ? PastChain.error("overloaded") : chain.answer(call.group(2), call.group(3));
        onAnswered(answer);
        relay.nodeSays(lane, "{\"jsonrpc\":\"2.0\",\"id\":" + call.group(1) + ',' + padded(answer) + '}');
    }
}
