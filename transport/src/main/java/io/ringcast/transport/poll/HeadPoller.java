package io.ringcast.transport.poll;

import io.ringcast.frame.HexWords;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Says every new head of an upstream that does not push, in the order of the chain.
 * Confined to the upstream's I/O loop.
 *
 * <p>Each poll asks for the number of the newest block and then for every block since the last one, not only for the
 * newest. A block whose parent is another than the head that was said before is a reorg: its ancestors are fetched by
 * hash down to one that was said, and the new branch is said from there, as geth does. Where the number does not
 * change, every second poll looks at the hash too, since a block may be replaced by another of its height. A chain that
 * stays below all that is known has been begun anew, as test nodes can: it is followed from where it is.
 *
 * <p>One call is under way at a time.
 */
final class HeadPoller
{
    /** Takes what was found. */
    interface Taker
    {
        void onHead(PolledHead head);
    }

    /** How many blocks are fetched one by one; what is further back is given up, and counted. */
    static final int MAX_WALK_BLOCKS = 256;

    /** So often in a row the newest number is below all that is known until it is the chain that was begun anew. */
    static final int MAX_FAR_BEHIND_POLLS = 32;

    private static final int MALFORMED = -32603;

    private enum Wanted
    {
        /** The first block of all: the chain is followed from there. */
        BASELINE,
        /** One far back, for its timestamp. */
        PACE,
        /** The one behind the last that was said. */
        NEXT,
        /** The one at the newest number, which was said before. */
        CHECK,
        /** The parent of a block on a new branch. */
        ANCESTOR
    }

    private final PollCalls calls;
    private final PollPace pace;
    private final CounterSet counters;
    private final Taker taker;
    private final HeadReader reader = new HeadReader();
    private final KnownHeads known = new KnownHeads();
    private final ArrayDeque<PolledHead> branch = new ArrayDeque<>();
    private final PollTaker numberTaker = new NumberTaker();
    private final PollTaker blockTaker = new BlockTaker();
    private Wanted wanted;
    private long newestNumber;
    private long[] wantedHash;
    private long paceTipSeconds;
    private int unchangedPolls;
    private int farBehindPolls;
    private boolean isAfterGap;
    private boolean isBusy;
    private String failure;

    HeadPoller(final PollCalls calls, final PollPace pace, final CounterSet counters, final Taker taker)
    {
        this.calls = calls;
        this.pace = pace;
        this.counters = counters;
        this.taker = taker;
    }

    /** True while a poll is under way: the next one waits for it. */
    boolean isBusy()
    {
        return isBusy;
    }

    /** Why the last poll failed, or null. */
    String failure()
    {
        return failure;
    }

    /** Looks for new heads. */
    void poll()
    {
        isBusy = true;
        counters.increment(RelayCounter.POLLS);
        calls.call("eth_blockNumber", "[]", numberTaker);
    }

    /** Forgets where it was: the chain is followed anew from its tip, as a new subscription at a node would. */
    void restartWhenIdle()
    {
        if (!isBusy)
        {
            known.clear();
            isAfterGap = false;
        }
    }

    private void onNumber(final long number)
    {
        newestNumber = number;
        farBehindPolls = known.isEmpty() || number >= known.lowest() ? 0 : farBehindPolls + 1;
        if (known.isEmpty())
        {
            fetch(number, Wanted.BASELINE);
        }
        else if (number - known.tip() > MAX_WALK_BLOCKS)
        {
            giveUpWhatIsBetween();
            fetch(number, Wanted.BASELINE);
        }
        else if (farBehindPolls >= MAX_FAR_BEHIND_POLLS)
        {
            farBehindPolls = 0;
            giveUpWhatIsBetween();
            fetch(number, Wanted.BASELINE);
        }
        else if (number > known.tip())
        {
            fetch(known.tip() + 1, Wanted.NEXT);
        }
        else if (number < known.lowest() || number == known.tip() && ++unchangedPolls % 2 != 0)
        {
            // A server behind a balancer may be behind what another one has said.
            succeed();
        }
        else
        {
            fetch(number, Wanted.CHECK);
        }
    }

    private void fetch(final long number, final Wanted what)
    {
        wanted = what;
        calls.call("eth_getBlockByNumber", "[\"0x" + Long.toHexString(number) + "\",false]", blockTaker);
    }

    private void fetchAncestor(final long[] hash)
    {
        wanted = Wanted.ANCESTOR;
        wantedHash = hash;
        calls.call("eth_getBlockByHash", "[\"" + HexWords.toText(hash, 0) + "\",false]", blockTaker);
    }

    private void onBlock(final PolledHead head)
    {
        switch (wanted)
        {
            case BASELINE -> onBaseline(head);

            case PACE ->
            {
                pace.onBlock(head.number(), head.timestampSeconds());
                pace.onBlock(newestNumber, paceTipSeconds);
                succeed();
            }

            case CHECK ->
            {
                if (known.contains(head.number(), head.hash()))
                {
                    succeed();
                }
                else
                {
                    onBranch(head);
                }
            }

            default -> onBranch(head);
        }
    }

    private void onBaseline(final PolledHead head)
    {
        known.put(head.number(), head.hash());
        pace.onBlock(head.number(), head.timestampSeconds());
        if (isAfterGap)
        {
            isAfterGap = false;
            taker.onHead(head);
            succeed();
            return;
        }
        paceTipSeconds = head.timestampSeconds();
        fetch(Math.max(0, head.number() - PollPace.SPAN_BLOCKS), Wanted.PACE);
    }

    /** The block goes below those that wait, if any; once its parent is one that was said, all of them are said. */
    private void onBranch(final PolledHead head)
    {
        branch.addFirst(head);
        final long parentNumber = head.number() - 1;
        if (known.contains(parentNumber, head.parentHash()))
        {
            sayBranch();
        }
        else if (branch.size() >= MAX_WALK_BLOCKS || parentNumber < known.lowest())
        {
            counters.increment(RelayCounter.POLL_GAPS);
            sayBranch();
        }
        else
        {
            fetchAncestor(head.parentHash());
        }
    }

    private void sayBranch()
    {
        for (PolledHead head = branch.pollFirst(); head != null; head = branch.pollFirst())
        {
            known.put(head.number(), head.hash());
            pace.onBlock(head.number(), head.timestampSeconds());
            taker.onHead(head);
        }
        if (known.tip() < newestNumber)
        {
            fetch(known.tip() + 1, Wanted.NEXT);
        }
        else
        {
            succeed();
        }
    }

    private void giveUpWhatIsBetween()
    {
        counters.increment(RelayCounter.POLL_GAPS);
        known.clear();
        isAfterGap = true;
    }

    /** Whether the block is the one that was asked for: a node behind a balancer may answer from another's view. */
    private boolean isWanted(final PolledHead head)
    {
        return switch (wanted)
        {
            case NEXT -> head.number() == known.tip() + 1;
            case ANCESTOR -> Arrays.equals(head.hash(), wantedHash) && head.number() == branch.peek().number() - 1;
            case PACE -> head.number() < newestNumber;
            default -> head.number() == newestNumber;
        };
    }

    private void succeed()
    {
        isBusy = false;
        failure = null;
        branch.clear();
        pace.onSuccess();
    }

    private void fail(final String message)
    {
        isBusy = false;
        failure = message;
        branch.clear();
        pace.onFailure();
        counters.increment(RelayCounter.POLL_FAILURES);
    }

    private final class NumberTaker implements PollTaker
    {
        @Override
        public void onResult(final byte[] bytes, final int offset, final int length)
        {
            final long number = HexWords.quantity(bytes, offset, length);
            if (number < 0)
            {
                onFailure(MALFORMED, "eth_blockNumber is no quantity");
                return;
            }
            onNumber(number);
        }

        @Override
        public void onFailure(final int code, final String message)
        {
            fail(message);
        }
    }

    private final class BlockTaker implements PollTaker
    {
        @Override
        public void onResult(final byte[] bytes, final int offset, final int length)
        {
            if (bytes[offset] == 'n')
            {
                // Not there yet, or not any more; the next poll looks anew.
                succeed();
                return;
            }
            final PolledHead head = reader.read(bytes, offset, length);
            if (head == null || !isWanted(head))
            {
                onFailure(MALFORMED, head == null ? "a block without number, hash and parentHash" : "another block");
                return;
            }
            onBlock(head);
        }

        @Override
        public void onFailure(final int code, final String message)
        {
            if (wanted == Wanted.PACE)
            {
                // Some nodes keep no old blocks; the pace is then learned from the new ones.
                succeed();
                return;
            }
            fail(message);
        }
    }
}
