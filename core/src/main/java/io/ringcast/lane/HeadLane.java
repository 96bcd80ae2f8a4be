package io.ringcast.lane;

import io.ringcast.frame.HexWords;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Where one upstream stands in the stream of heads.
 * Confined to the thread that runs match.
 */
final class HeadLane implements AskedLane
{
    /**
     * How many of its heads wait for what is missing before them, with {@link HeadStore#queueBytes} of text; beyond it
     * the gap is declared.
     */
    static final int QUEUE_LIMIT = 64;
    static final long NO_CALL = 0;

    /** For so many heads after a jump over entries the lane may still turn out to be where it was. */
    private static final int UNSURE_HEADS = 3;

    final int index;
    final LaneScore score = new LaneScore();
    /** The log's index behind what it has said. */
    long cursor;
    /** Where the cursor stood before it last moved over entries that the lane had not said. */
    private long cursorBeforeJump;
    private int unsureHeads;
    /** The last head that it and the log have in common. */
    final long[] agreedHash = new long[HexWords.WORDS];
    boolean hasAgreed;
    final long[] lastHash = new long[HexWords.WORDS];
    /** True if it was left out when it said that: it counts when it is said again. */
    private boolean isLastUnheard;
    /** True while its feed of heads is accepted. */
    boolean isLive;
    /** True if the feed that was accepted is made up by polls of its connection, and so comes later than pushes. */
    boolean isFedByPolls;
    /** True once it has said something on the connection that it has. */
    boolean hasSpoken;
    /** True once it has said a head on that connection, be it the same as last on the one before. */
    boolean isPlaceKnown;
    /** Its heads that can't be judged yet, in its order. */
    final ArrayDeque<Head> queue = new ArrayDeque<>(QUEUE_LIMIT);
    /** True while the first of them waits for a fetch. */
    boolean isRepairing;
    /** True while one of them is an item that subscribers wait for, and not only the answer to the relay's question. */
    boolean isPushHeld;
    /** On the clock of the repair, as the next. */
    long repairingSinceNs;
    long progressAtNs;
    /** Which change it was last judged after, though it is overdue; nothing else can have changed the judgement. */
    long overdueJudgedAt;
    boolean isLeftOut;
    long leftOutUntilNs;
    long lastNumber = -1;
    /** The number of the first head that it said of this chain, or answered with; -1 before. */
    long firstNumber = -1;
    /** Counts what it says. */
    long saidHeads;
    long lastHeadAtNs;
    /** True if it is to be asked for the anchor at the next tick. */
    boolean isAnchorDue;
    /** The call that asks it for the anchor, or {@link #NO_CALL}. */
    long anchorCallId = NO_CALL;
    /** The call that asks it for its newest head, since it is silent; 0 if there is none. */
    long newestCallId;
    long newestAskedAtNs;
    /** True once it has answered that with a head that it has not pushed. */
    boolean hasHiddenHead;
    /** What it has answered last to such calls, before it ever said anything. */
    private final long[] shownHash = new long[HexWords.WORDS];
    private boolean hasShown;
    /** How often it was found silent since it last pushed. */
    int silences;
    /** True while it is asked for its newest head at the chain's pace, since it does not push. */
    boolean isPolled;
    /** True while it is polled because it refuses the feed, and not because it has accepted it and pushes nothing. */
    boolean isRefusing;
    int pollFailures;
    LaneMark mark = LaneMark.NONE;
    /** True since it was found silent, until it pushes a head or is polled; then if it does not even answer. */
    boolean isSilent;
    long lastAgreedAtNs;

    HeadLane(final int index)
    {
        this.index = index;
    }

    /** Its feed of heads begins or ends: where it is, it has yet to say. */
    void setLive(final boolean isNowLive)
    {
        isLive = isNowLive;
        isPolled &= !isRefusing;
        isRefusing = false;
        hasSpoken = false;
        isPlaceKnown = false;
    }

    /** It refuses its feed of heads, and has shown that it can be asked. */
    void pollInstead(final long nowNs)
    {
        setLive(true);
        noteLife(nowNs);
        isRefusing = true;
        isPolled = true;
        isSilent = false;
        pollFailures = 0;
        newestAskedAtNs = nowNs;
    }

    /** The chain begins anew with the next head that is said. */
    void forgetChain()
    {
        clearQueue();
        cursor = 0;
        cursorBeforeJump = 0;
        unsureHeads = 0;
        hasAgreed = false;
        // Nobody asks it for anything: that it says nothing is no fault.
        isSilent = false;
        lastNumber = -1;
        firstNumber = -1;
        Arrays.fill(lastHash, 0);
    }

    /** It has begun anew, or there was nothing to push: nothing is asked. */
    void noteLife(final long nowNs)
    {
        lastHeadAtNs = nowNs;
        newestCallId = 0;
        hasHiddenHead = false;
    }

    /** It pushes what it has. */
    void notePush(final long nowNs)
    {
        noteLife(nowNs);
        isAnchorDue = false;
        isSilent = false;
        silences = 0;
        isPolled = false;
        pollFailures = 0;
        if (mark == LaneMark.SILENT)
        {
            mark = LaneMark.NONE;
        }
    }

    /** A time that is not held against it. */
    void forgive(final long pauseNs, final long nowNs)
    {
        lastHeadAtNs = WaitClock.forgiven(lastHeadAtNs, pauseNs, nowNs);
        newestAskedAtNs = WaitClock.forgiven(newestAskedAtNs, pauseNs, nowNs);
    }

    void noteShown(final long[] hash)
    {
        hasShown = true;
        System.arraycopy(hash, 0, shownHash, 0, HexWords.WORDS);
    }

    boolean hasShownAnother(final long[] hash)
    {
        return hasShown && !HexWords.equal(shownHash, 0, hash, 0);
    }

    boolean isLast(final long[] hash)
    {
        return HexWords.equal(lastHash, 0, hash, 0);
    }

    void noteNumber(final long number)
    {
        lastNumber = number;
        firstNumber = firstNumber < 0 ? number : firstNumber;
    }

    /** Notes a head that the lane says; true if it was the last one that it said, too. */
    boolean repeats(final Head head)
    {
        saidHeads++;
        final boolean isRepeated = !isLastUnheard && head.isHash(lastHash);
        isLastUnheard = false;
        System.arraycopy(head.hash, 0, lastHash, 0, HexWords.WORDS);
        return isRepeated;
    }

    /** What it has just said was not judged, since it is left out. */
    void noteUnheard()
    {
        isLastUnheard = true;
    }

    /** Not if it is known to be well below the number. Nodes have a block before they tell of it. */
    @Override
    public boolean mayHave(final long number)
    {
        return isLive && !(isPlaceKnown && number - lastNumber >= LaggingLanes.BEHIND_BLOCKS);
    }

    /**
     * Whether it is left out, since it contradicts the others or is silent: it is no witness of what the chain is, and
     * others are asked first.
     */
    @Override
    public boolean isOut()
    {
        return isLeftOut || isSilent;
    }

    void enqueue(final Head head)
    {
        head.pins++;
        queue.add(head);
    }

    /** How much memory the texts of its heads take that wait, in bytes. */
    int queuedBytes()
    {
        int queued = 0;
        for (final Head head : queue)
        {
            queued += head.bytes.length;
        }
        return queued;
    }

    /** Lets the first head go; there is none if the judgement has emptied the queue. */
    boolean tryDequeue()
    {
        final Head head = queue.poll();
        isRepairing = false;
        isPushHeld &= !queue.isEmpty();
        if (head != null)
        {
            head.pins--;
        }
        return head != null;
    }

    void clearQueue()
    {
        while (tryDequeue())
        {
            isRepairing = false;
        }
    }

    /**
     * Finds what the lane says in the log; a lane that is behind may say next what its cursor has jumped over, since
     * the log had its last head twice.
     *
     * @return the index, or -1.
     */
    long find(final HeadLog log, final long[] hash)
    {
        return log.find(Math.min(cursor, cursorBeforeJump), hash);
    }

    /** The lane's own head was published: there is no doubt where it is. */
    void agreeAtEnd(final Head head, final long end, final long nowNs)
    {
        cursor = end;
        cursorBeforeJump = end;
        unsureHeads = 0;
        agree(head, end, false, nowNs);
    }

    void agree(final Head head, final long newCursor, final boolean isJump, final long nowNs)
    {
        if (isJump)
        {
            cursorBeforeJump = unsureHeads > 0 ? cursorBeforeJump : cursor;
            unsureHeads = UNSURE_HEADS;
        }
        else if (unsureHeads == 0 || --unsureHeads == 0 || newCursor < cursor)
        {
            cursorBeforeJump = newCursor;
            unsureHeads = 0;
        }
        cursor = newCursor;
        hasAgreed = true;
        lastAgreedAtNs = nowNs;
        System.arraycopy(head.hash, 0, agreedHash, 0, HexWords.WORDS);
    }

    LaneStatus status(final String name, final long nowNs)
    {
        return new LaneStatus(
            name, score.isUp(), isLive, isOut(), mark, isPolled, false, lastNumber, score.wins, score.seconds,
            score.marginUs(50), score.marginUs(99), score.largestMarginUs(), score.late, score.missing, score.wrong,
            score.resets, score.connects, TimeUnit.NANOSECONDS.toMillis(score.connectedNs(nowNs)));
    }
}
