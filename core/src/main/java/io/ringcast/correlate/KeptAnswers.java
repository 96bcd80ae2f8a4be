package io.ringcast.correlate;

import io.ringcast.frame.FrameView;
import io.ringcast.metrics.CounterSet;

/**
 * Which answers are kept for equal calls, and when what is latest has changed.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>An <b>era</b> is the time in which the latest state is taken for the same. It ends with a head that no upstream
 * has announced before, with the answer to a call that may have changed something (a test node mines before it
 * announces), when an upstream or its feed of heads is lost, and after {@link #LIMIT_ERA_NS}, should heads stay away
 * unnoticed. An answer about the latest block is kept if call and answer fall into one era, and the upstream announces
 * heads and is not behind. All is forgotten when the chain is begun anew below what was final.
 */
final class KeptAnswers
{
    static final long LIMIT_ERA_NS = 15_000_000_000L;

    private final AnswerCache cache;
    private final CacheRules rules = new CacheRules();
    private final FinalBlock finalBlock = new FinalBlock();
    private final LaneHeads heads;
    private long era;
    private long eraSinceNs;

    KeptAnswers(final long cacheBytes, final LaneHeads heads, final CounterSet counters)
    {
        this.heads = heads;
        cache = new AnswerCache(cacheBytes, counters);
    }

    long era()
    {
        return era;
    }

    /** Whether an upstream announces heads and is not behind. */
    boolean isCurrent(final int laneIndex)
    {
        return heads.isLive(laneIndex) && heads.isAtShown(laneIndex) && heads.hasReached(laneIndex, Long.MAX_VALUE);
    }

    /** Finds the answer to a call, or null. */
    HeldAnswer find(final CallKey key, final int flags)
    {
        return cache.isOff() || !CacheRules.mayKeep(flags) ? null : cache.find(key);
    }

    /** Takes what an upstream has answered; keeps it if it may. */
    void offer(final PendingCall call, final int laneIndex, final byte[] bytes, final FrameView view)
    {
        if (cache.isOff() || !CacheRules.mayKeep(call.flags) || call.keyHash == PendingCall.NO_KEY ||
            ClientCalls.isError(bytes, view) || CacheRules.isNull(bytes, view))
        {
            return;
        }
        if ((call.flags & MethodTable.FOREVER) != 0)
        {
            cache.put(call, HeldAnswer.kept(bytes, view, call.answeredNumber), false);
        }
        else if ((call.flags & MethodTable.LATEST) != 0)
        {
            // It may have been behind when it got the call, and have caught up since.
            if (call.wasCurrent && call.era == era && isCurrent(laneIndex))
            {
                cache.put(call, HeldAnswer.kept(bytes, view, call.answeredNumber), true);
            }
        }
        else if ((call.flags & MethodTable.BY_HASH) != 0)
        {
            offerByHash(call, bytes, view);
        }
    }

    /** The latest state may be another now. */
    void endEra(final long nowNs)
    {
        era++;
        eraSinceNs = nowNs;
        cache.dropLatest();
    }

    /**
     * A new head has come.
     *
     * @return true if an upstream should be asked for the final block.
     */
    boolean onNewHead(final long nowNs)
    {
        endEra(nowNs);
        if (finalBlock.tryForget(heads.shownNumber()))
        {
            cache.clear();
        }
        return finalBlock.onNewHead();
    }

    /** An upstream has said which block is final. */
    void onFinalBlock(final byte[] bytes, final FrameView view)
    {
        finalBlock.onAnswer(bytes, view, heads.shownNumber());
    }

    void onTick(final long nowNs)
    {
        if (nowNs - eraSinceNs >= LIMIT_ERA_NS)
        {
            endEra(nowNs);
        }
    }

    private void offerByHash(final PendingCall call, final byte[] bytes, final FrameView view)
    {
        final long number = rules.blockNumber(call, bytes, view);
        if (number < 0)
        {
            return;
        }
        if (finalBlock.isFinal(number))
        {
            cache.put(call, HeldAnswer.kept(bytes, view, call.answeredNumber), false);
        }
        else
        {
            finalBlock.want();
        }
    }
}
