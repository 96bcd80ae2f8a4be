package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.lane.Head;
import io.ringcast.lane.HeadArbiter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks near the end of the chain that a subscriber was given, or is to be given, from its history: the way from
 * what can't change any more to the block behind which it goes on with what is published.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Blocks are known by hash, so that it does not matter which branch an upstream is on. When the chain leaves some of
 * them there is a new way; what both ways share stays, and what was sent of the old one is told as removed.
 *
 * <pre>
 *   read by number | sent ........ | to be asked for ...... target | what is published
 *                  ^ firstNumber   ^ the branch of a new target may leave the old one anywhere
 * </pre>
 */
final class HistoryTail
{
    private final HeadArbiter heads;
    private final List<TailBlock> blocks = new ArrayList<>();
    /** While the way is looked for: its end that is known. */
    private final ArrayDeque<TailBlock> path = new ArrayDeque<>();
    private final HistorySeam target = new HistorySeam();
    private final HistorySeam seam = new HistorySeam();
    private final long[] walkHash = new long[HexWords.WORDS];
    private long walkNumber;
    private boolean hasTarget;
    private boolean isWalking;
    private long firstNumber;
    private int asked;
    /** How many of the blocks, from the first, the chain leads through; counted from the target on. */
    private int onChain;

    HistoryTail(final HeadArbiter heads)
    {
        this.heads = heads;
    }

    /** What comes before a block was read by number. */
    void begin(final long first)
    {
        firstNumber = first;
    }

    long firstNumber()
    {
        return firstNumber;
    }

    boolean hasTarget()
    {
        return hasTarget;
    }

    HistorySeam target()
    {
        return target;
    }

    List<TailBlock> blocks()
    {
        return blocks;
    }

    boolean isWholeOnChain()
    {
        return onChain == blocks.size();
    }

    /** Forgets where it leads to, and all that has not been sent. */
    void dropTarget()
    {
        hasTarget = false;
        isWalking = false;
        path.clear();
        while (!blocks.isEmpty() && !blocks.get(blocks.size() - 1).isSent)
        {
            blocks.remove(blocks.size() - 1);
        }
        asked = blocks.size();
    }

    /**
     * Begins to look for the way to the best place there is: the newest behind which one can go on with what is
     * published; else the newest block.
     *
     * @param kind            finds such a place.
     * @param latest          the newest block as an upstream told it; counts while no head is known.
     * @param isOfWholeBlocks whether to wait rather than to take back what is to be told again.
     */
    void aim(final HistoryKind kind, final HistorySeam latest, final boolean isOfWholeBlocks)
    {
        if (kind.tryFindSeam(seam))
        {
            if (!isOfWholeBlocks || !isAheadOf(seam))
            {
                aimAt(seam);
            }
        }
        else if (heads.hasHead())
        {
            seam.number = heads.tipNumber();
            seam.position = HistorySeam.NO_POSITION;
            if (heads.tryCopyHash(seam.number, seam.hash))
            {
                aimAt(seam);
            }
        }
        else
        {
            aimAt(latest);
        }
    }

    /** Whether it leads to where one can't go on any more, or can't go on but could elsewhere. */
    boolean hasOldTarget(final HistoryKind kind, final long oldestPosition)
    {
        return hasTarget && (target.hasPosition() ? target.position < oldestPosition : kind.tryFindSeam(seam));
    }

    /** Whether there is another place to go on behind; the same block at another position counts if that matters. */
    boolean hasFurtherTarget(final HistoryKind kind, final boolean isPositionOfUse)
    {
        return kind.tryFindSeam(seam) && (target.number != seam.number ||
            !HexWords.equal(target.hash, 0, seam.hash, 0) || isPositionOfUse && target.position != seam.position);
    }

    /** Whether more was sent than leads to a block, and the chain has not left it: there will be another place. */
    private boolean isAheadOf(final HistorySeam place)
    {
        if (blocks.isEmpty())
        {
            return false;
        }
        final TailBlock last = blocks.get(blocks.size() - 1);
        return last.number > place.number && (last.number > heads.tipNumber() ||
            heads.tryCopyHash(last.number, walkHash) && last.isHash(walkHash));
    }

    /** Begins to look for the way to a block. */
    private void aimAt(final HistorySeam place)
    {
        dropTarget();
        hasTarget = true;
        isWalking = true;
        target.number = place.number;
        target.position = place.position;
        System.arraycopy(place.hash, 0, target.hash, 0, HexWords.WORDS);
        System.arraycopy(place.hash, 0, walkHash, 0, HexWords.WORDS);
        walkNumber = place.number;
    }

    boolean isWalking()
    {
        return isWalking;
    }

    /** The block whose parent has to be known to go on. */
    TailBlock walkedTo()
    {
        return path.peekFirst();
    }

    /** The parent of {@link #walkedTo} is known. */
    void onParent(final long[] parentHash)
    {
        System.arraycopy(parentHash, 0, walkHash, 0, HexWords.WORDS);
        walkNumber--;
    }

    /**
     * Looks further back, as far as is known.
     *
     * @param left takes the blocks that were sent and are not on the way, the newest first.
     * @return false if {@link #walkedTo} has to be fetched.
     */
    boolean tryWalk(final List<TailBlock> left)
    {
        while (walkNumber >= firstNumber && !isSent(walkNumber, walkHash))
        {
            if (path.isEmpty() || path.peekFirst().number > walkNumber)
            {
                path.addFirst(new TailBlock(walkNumber, walkHash));
            }
            if (walkNumber > firstNumber && !heads.tryCopyParent(walkNumber, path.peekFirst().hash, walkHash))
            {
                return false;
            }
            walkNumber--;
        }
        final int kept = (int)Math.max(0, walkNumber - firstNumber + 1);
        while (blocks.size() > kept)
        {
            left.add(blocks.remove(blocks.size() - 1));
        }
        asked = blocks.size();
        blocks.addAll(path);
        path.clear();
        onChain = blocks.size();
        isWalking = false;
        return true;
    }

    /** Whether it leads to where one can go on with what is published, and all blocks of the way were asked for. */
    boolean isAllAsked()
    {
        return hasTarget && target.hasPosition() && !isWalking && !hasUnasked();
    }

    boolean hasUnasked()
    {
        return asked < blocks.size();
    }

    TailBlock nextUnasked()
    {
        return blocks.get(asked++);
    }

    /**
     * Lets go of what the chain won't leave any more.
     *
     * @param settledNumber up to here.
     * @param settled       takes the blocks.
     */
    void trim(final long settledNumber, final List<TailBlock> settled)
    {
        while (!blocks.isEmpty() && blocks.get(0).number <= settledNumber && blocks.get(0).isSent &&
            !isLeft(blocks.get(0)))
        {
            settled.add(blocks.remove(0));
            firstNumber++;
            asked--;
            onChain--;
        }
    }

    /** Whether the chain has left a block; the subscriber may have been slow since, and has to have it taken back. */
    private boolean isLeft(final TailBlock block)
    {
        return heads.tryCopyHash(block.number, walkHash) && !block.isHash(walkHash);
    }

    /**
     * Behind the target: a head was published.
     *
     * @param head  the head.
     * @param left  takes the blocks that the chain has left by it, the newest first.
     * @return the block that the chain has come back to; null if it has not.
     */
    TailBlock follow(final Head head, final List<TailBlock> left)
    {
        while (onChain > 0 && blocks.get(onChain - 1).number >= head.number())
        {
            left.add(blocks.get(--onChain));
        }
        if (onChain < blocks.size() && blocks.get(onChain).number == head.number() &&
            head.hasHash(blocks.get(onChain).hash))
        {
            return blocks.get(onChain++);
        }
        return null;
    }

    /** Whether a head that was published follows neither another one nor what was sent: blocks between are missing. */
    boolean isBrokenBy(final Head head)
    {
        final long parent = head.number() - 1;
        if (parent < firstNumber || parent >= firstNumber + blocks.size() || heads.tryCopyHash(parent, walkHash))
        {
            return false;
        }
        final int index = (int)(parent - firstNumber);
        return index >= onChain || !head.hasParent(blocks.get(index).hash);
    }

    /**
     * Begins anew with an earlier block.
     *
     * @param sent takes the blocks that were sent, the newest first.
     */
    void beginBefore(final long first, final List<TailBlock> sent)
    {
        dropTarget();
        onChain = 0;
        dropLeft(sent);
        asked = 0;
        firstNumber = first;
    }

    /** Lets go of what the chain has left; it is told as removed already. */
    void dropLeft(final List<TailBlock> dropped)
    {
        while (blocks.size() > onChain)
        {
            dropped.add(blocks.remove(blocks.size() - 1));
        }
    }

    /** Whether a block is one of these, by number and the beginning of its hash. */
    boolean contains(final long number, final long hashStart)
    {
        final long index = number - firstNumber;
        return index >= 0 && index < blocks.size() && blocks.get((int)index).hash[0] == hashStart;
    }

    boolean holds(final TailBlock block)
    {
        final long index = block.number - firstNumber;
        return index >= 0 && index < blocks.size() && blocks.get((int)index) == block;
    }

    private boolean isSent(final long number, final long[] hash)
    {
        final long index = number - firstNumber;
        return index >= 0 && index < blocks.size() && blocks.get((int)index).isHash(hash);
    }
}
