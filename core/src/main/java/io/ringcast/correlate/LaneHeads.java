package io.ringcast.correlate;

import io.ringcast.frame.HexWords;
import io.ringcast.lane.HeadKeys;

import java.util.Arrays;

/**
 * How far each upstream is, and the highest head that a client can have been shown.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>The <b>shown head</b> is the highest of the heads that the upstreams announced last, as far as they bind. Match
 * publishes at most that, so a call that goes to an upstream at the shown head is never answered from before what its
 * caller has seen. Of several as high, it is the one that match publishes: that the quorum has announced, and of those
 * the first. Who is on it is asked before those that are as far on another branch.
 *
 * <p>An upstream that announces absurd numbers must not draw all calls to itself for ever. Heads that follow one
 * another by parent hash are a <b>run</b>. A run is proved when two upstreams have announced one of its heads, or when
 * it builds on a proved one, as the relay's own fetches of missing blocks may show. The head of a proved run binds
 * while its upstream is up, and {@link #LIMIT_ALONE_NS} longer. That of another run binds while no other upstream
 * announces heads; else for {@link #LIMIT_ALONE_NS} from its begin, and only if it is at most {@link #LIMIT_JUMP} above
 * what is proved: match publishes nothing from farther away.
 *
 * <p>Answers show blocks, too, and may do so before an upstream announces them: what an answer has shown binds those
 * who got it, for {@link #LIMIT_ALONE_NS} at most unless it is announced, or until its upstream leaves the branch.
 */
final class LaneHeads
{
    static final long LIMIT_JUMP = 256;
    static final long LIMIT_ALONE_NS = 30_000_000_000L;

    /** An upstream that has pushed no head for so many blocks is silent. */
    private static final int SILENT_BLOCKS = 3;
    private static final int KNOWN_HEADS = 512;
    static final long NONE = -1;
    private static final int UNKNOWN = -1;

    /** One upstream's last head. */
    private static final class Lane
    {
        boolean isUp;
        /** Its feed of heads is live. */
        boolean isLive;
        /** It has announced a head since it is up. */
        boolean isFresh;
        boolean isProved;
        long run;
        /** The block that the oldest known head of an unproved run builds on. */
        final long[] root = new long[HexWords.WORDS];
        long rootNumber = NONE;
        long number = NONE;
        final long[] hash = new long[HexWords.WORDS];
        /** The number of the last head that it has announced by itself, be it on a connection before. */
        long pushedNumber = NONE;
        /** The highest block that its answers have shown since it is up. */
        long answeredNumber = NONE;
        /** Which of all announcements the last head was, be it repeated. */
        long order;
        /** Since when it is down, or an unproved run goes on. */
        long aloneSinceNs;
    }

    private final Lane[] lanes;
    private final HeadKeys head = new HeadKeys();
    /** Heads by their hash; a newer one takes the place of an older one. */
    private final long[] knownHashes = new long[KNOWN_HEADS * HexWords.WORDS];
    private final long[] knownRun = new long[KNOWN_HEADS];
    private final boolean[] knownProved = new boolean[KNOWN_HEADS];
    private final int[] knownLane = new int[KNOWN_HEADS];
    /** A hash alone proves nothing: who tells another number with it is on no known chain. */
    private final long[] knownNumber = new long[KNOWN_HEADS];
    private final int quorum;
    private long runCount;
    private long orders;
    private long shownNumber = NONE;
    private final long[] shownHash = new long[HexWords.WORDS];
    /** A block above all that was announced, which an answer has shown a client; or -1. */
    private long answeredNumber = NONE;
    private int answeredLane;
    private long answeredAtNs;

    LaneHeads(final int laneCount, final int quorum)
    {
        this.quorum = quorum;
        lanes = new Lane[laneCount];
        for (int i = 0; i < laneCount; i++)
        {
            lanes[i] = new Lane();
        }
    }

    /**
     * Notes a head.
     *
     * @return true if no upstream has announced it before, or if this one comes back to it from another branch: what
     *         was true of the latest block may no longer be.
     */
    boolean onHead(final int laneIndex, final byte[] bytes, final int offset, final int length, final long nowNs)
    {
        if (!head.tryRead(bytes, offset, length))
        {
            return true;
        }
        lanes[laneIndex].isLive = true;
        lanes[laneIndex].pushedNumber = head.number;
        final boolean isNew = find(head.hash) == UNKNOWN || isReturn(lanes[laneIndex]);
        note(laneIndex, nowNs);
        findShown(nowNs);
        return isNew;
    }

    private void note(final int laneIndex, final long nowNs)
    {
        final Lane lane = lanes[laneIndex];
        lane.isFresh = true;
        if (head.number <= lane.number && isReturn(lane))
        {
            // What it has answered may lie on the branch that it has left.
            lane.answeredNumber = NONE;
            answeredNumber = answeredLane == laneIndex ? NONE : answeredNumber;
        }
        lane.order = HexWords.equal(lane.hash, 0, head.hash, 0) ? lane.order : ++orders;
        lane.number = head.number;
        copy(head.hash, lane.hash);
        final int known = find(head.hash);
        if (known == UNKNOWN)
        {
            final int parent = find(head.parentHash);
            if (parent != UNKNOWN && knownNumber[parent] == head.number - 1)
            {
                join(laneIndex, parent, nowNs);
            }
            else
            {
                beginRun(lane, nowNs);
            }
            remember(laneIndex);
        }
        else if (knownNumber[known] != head.number)
        {
            beginRun(lane, nowNs);
        }
        else
        {
            join(laneIndex, known, nowNs);
            if (knownLane[known] != laneIndex && !lane.isProved)
            {
                prove(lane.run);
            }
        }
    }

    /**
     * A block that the relay fetched: it may be the link between a run and what is proved, and the upstream that gave
     * it is as far as this at least, though it may push nothing for long.
     *
     * @return true if it is a head that nobody has told of before, or one that the upstream comes back to.
     */
    boolean onFetched(final int laneIndex, final byte[] bytes, final int offset, final int length, final long nowNs)
    {
        if (!head.tryRead(bytes, offset, length))
        {
            return false;
        }
        final boolean isNext = head.number >= lanes[laneIndex].number;
        // Who reads the past asks for blocks that are long since known: nothing is new with them.
        final boolean isNear = head.number >= shownNumber - LIMIT_JUMP;
        final boolean isNew = isNear && find(head.hash) == UNKNOWN || isNext && isReturn(lanes[laneIndex]);
        final int parent = find(head.parentHash);
        for (final Lane lane : lanes)
        {
            if (lane.run != 0 && !lane.isProved && lane.rootNumber == head.number &&
                HexWords.equal(lane.root, 0, head.hash, 0))
            {
                copy(head.parentHash, lane.root);
                lane.rootNumber--;
                if (parent != UNKNOWN && knownProved[parent])
                {
                    prove(lane.run);
                }
            }
        }
        if (isNext)
        {
            note(laneIndex, nowNs);
        }
        findShown(nowNs);
        return isNew;
    }

    /**
     * An answer has shown a client that there is a block. Nodes answer from a block before they have announced it.
     *
     * @param laneIndex which upstream has answered.
     * @param number    the block's number, or -1.
     * @return true if the block is above all that has been announced or shown.
     */
    boolean onAnswered(final int laneIndex, final long number, final long nowNs)
    {
        final Lane lane = lanes[laneIndex];
        final boolean isKnown = number <= lane.number && lane.isFresh;
        if (isKnown || shownNumber == NONE || number > shownNumber + LIMIT_JUMP)
        {
            return false;
        }
        lane.answeredNumber = Math.max(lane.answeredNumber, number);
        final boolean isNewer = number > Math.max(shownNumber, answeredNumber);
        if (isNewer)
        {
            answeredNumber = number;
            answeredLane = laneIndex;
            answeredAtNs = nowNs;
        }
        return isNewer;
    }

    /** The highest block that an upstream's answers have shown since it is up, as far as it counts; or -1. */
    long answeredNumber(final int laneIndex)
    {
        return lanes[laneIndex].answeredNumber;
    }

    /**
     * Whether an upstream has a block that a client has been shown by an answer; should the chain have become shorter
     * since, whether it has what there is.
     *
     * @param number the block's number, or -1 if the client was shown none.
     */
    boolean hasReached(final int laneIndex, final long number)
    {
        final long needed = Math.min(number, Math.max(shownNumber, answeredNumber));
        final Lane lane = lanes[laneIndex];
        return needed == NONE || lane.answeredNumber >= needed ||
            lane.number >= needed && (lane.isFresh || !isAnyFresh());
    }

    /** An upstream's feed of heads begins or ends. */
    void setLive(final int laneIndex, final boolean isLive)
    {
        lanes[laneIndex].isLive = isLive;
    }

    /** An upstream comes or goes. Its last head is kept: a client may have been shown it. */
    void setUp(final int laneIndex, final boolean isUp, final long nowNs)
    {
        final Lane lane = lanes[laneIndex];
        lane.isUp = isUp;
        lane.isLive = false;
        lane.isFresh = false;
        lane.answeredNumber = NONE;
        lane.aloneSinceNs = nowNs;
    }

    void onTick(final long nowNs)
    {
        if (nowNs - answeredAtNs >= LIMIT_ALONE_NS)
        {
            answeredNumber = NONE;
        }
        findShown(nowNs);
    }

    /** Whether an upstream has all that a client can have been shown. */
    boolean isAtShown(final int laneIndex)
    {
        final Lane lane = lanes[laneIndex];
        return shownNumber == NONE || lane.number >= shownNumber && (lane.isFresh || !isAnyFresh());
    }

    /** Whether it is on the shown head itself. */
    boolean isOnShown(final int laneIndex)
    {
        final Lane lane = lanes[laneIndex];
        return shownNumber != NONE && lane.number == shownNumber &&
            HexWords.equal(lane.hash, 0, shownHash, 0);
    }

    /**
     * Whether it has announced nothing for some blocks, though it may have said where it is when it was asked: nothing
     * shows that it follows the chain from there on.
     */
    boolean isSilent(final int laneIndex)
    {
        return shownNumber - lanes[laneIndex].pushedNumber >= SILENT_BLOCKS;
    }

    /** Whether it announces heads, so that its state is known to be that of its last head until the next. */
    boolean isLive(final int laneIndex)
    {
        return lanes[laneIndex].isLive && lanes[laneIndex].isFresh;
    }

    /** The number of the shown head, or -1 if there is none. */
    long shownNumber()
    {
        return shownNumber;
    }

    /** How far a node is after a reconnect is not known until it says so; if none has said so, the last word stands. */
    private boolean isAnyFresh()
    {
        for (final Lane lane : lanes)
        {
            if (lane.isUp && lane.isFresh)
            {
                return true;
            }
        }
        return false;
    }

    /** Whether a head is no step of an upstream along a chain, and so may leave what it has announced last. */
    private boolean isReturn(final Lane lane)
    {
        return lane.number != NONE && !HexWords.equal(head.hash, 0, lane.hash, 0) &&
            !HexWords.equal(head.parentHash, 0, lane.hash, 0);
    }

    private boolean isOnlyOne(final Lane lane)
    {
        for (final Lane other : lanes)
        {
            if (other != lane && other.isUp && other.isFresh)
            {
                return false;
            }
        }
        return true;
    }

    private void join(final int laneIndex, final int known, final long nowNs)
    {
        final Lane lane = lanes[laneIndex];
        if (lane.run == knownRun[known])
        {
            return;
        }
        lane.run = knownRun[known];
        lane.isProved = knownProved[known];
        lane.aloneSinceNs = nowNs;
        Arrays.fill(lane.root, 0);
    }

    private void beginRun(final Lane lane, final long nowNs)
    {
        lane.run = ++runCount;
        lane.isProved = false;
        lane.aloneSinceNs = nowNs;
        copy(head.parentHash, lane.root);
        lane.rootNumber = head.number - 1;
    }

    private void prove(final long run)
    {
        for (int i = 0; i < KNOWN_HEADS; i++)
        {
            knownProved[i] |= knownRun[i] == run;
        }
        for (final Lane lane : lanes)
        {
            lane.isProved |= lane.run == run;
        }
    }

    private void findShown(final long nowNs)
    {
        long proved = NONE;
        for (final Lane lane : lanes)
        {
            if (lane.isProved && isTimely(lane, nowNs))
            {
                proved = Math.max(proved, lane.number);
            }
        }
        shownNumber = NONE;
        Lane shown = null;
        for (final Lane lane : lanes)
        {
            if (lane.number >= shownNumber && lane.number != NONE && binds(lane, proved, nowNs) &&
                (lane.number > shownNumber || isPublishedBefore(lane, shown)))
            {
                shownNumber = lane.number;
                shown = lane;
            }
        }
        if (shown != null)
        {
            copy(shown.hash, shownHash);
        }
        if (shownNumber == NONE)
        {
            findLowest();
        }
        if (shownNumber >= answeredNumber)
        {
            answeredNumber = NONE;
        }
    }

    /** Whether the head of one lane is published rather than that of another, which is as high. */
    private boolean isPublishedBefore(final Lane lane, final Lane other)
    {
        final boolean hasQuorum = tellers(lane) >= quorum;
        return hasQuorum == tellers(other) >= quorum ? lane.order < other.order : hasQuorum;
    }

    private int tellers(final Lane lane)
    {
        int count = 0;
        for (final Lane other : lanes)
        {
            count += other.isUp && other.isFresh && HexWords.equal(other.hash, 0, lane.hash, 0) ? 1 : 0;
        }
        return count;
    }

    /** Upstreams that contradict each other, and nobody proves one of them right: what all have reached binds. */
    private void findLowest()
    {
        for (final Lane lane : lanes)
        {
            if (lane.isUp && lane.isFresh && (shownNumber == NONE || lane.number < shownNumber))
            {
                shownNumber = lane.number;
                copy(lane.hash, shownHash);
            }
        }
    }

    private boolean binds(final Lane lane, final long proved, final long nowNs)
    {
        if (lane.isProved)
        {
            return isTimely(lane, nowNs);
        }
        final boolean isNear = proved == NONE || lane.number <= proved + LIMIT_JUMP;
        return lane.isUp && lane.isFresh && isOnlyOne(lane) || isNear && nowNs - lane.aloneSinceNs < LIMIT_ALONE_NS;
    }

    private static boolean isTimely(final Lane lane, final long nowNs)
    {
        return lane.isUp || nowNs - lane.aloneSinceNs < LIMIT_ALONE_NS;
    }

    private void remember(final int laneIndex)
    {
        final int slot = slot(head.hash);
        System.arraycopy(head.hash, 0, knownHashes, slot * HexWords.WORDS, HexWords.WORDS);
        knownRun[slot] = lanes[laneIndex].run;
        knownProved[slot] = lanes[laneIndex].isProved;
        knownLane[slot] = laneIndex;
        knownNumber[slot] = head.number;
    }

    private int find(final long[] hash)
    {
        final int slot = slot(hash);
        return knownRun[slot] != 0 && HexWords.equal(knownHashes, slot * HexWords.WORDS, hash, 0) ? slot : UNKNOWN;
    }

    private static int slot(final long[] hash)
    {
        return (int)HexWords.hash(hash, 0, 0) & KNOWN_HEADS - 1;
    }

    private static void copy(final long[] from, final long[] to)
    {
        System.arraycopy(from, 0, to, 0, HexWords.WORDS);
    }
}
