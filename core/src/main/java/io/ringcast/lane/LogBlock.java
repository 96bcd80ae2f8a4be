package io.ringcast.lane;

import io.ringcast.config.NetworkConfig;
import io.ringcast.frame.HexWords;

import java.util.Arrays;

/**
 * The logs of one block that one feed knows of, in order of their index, and how much of them is published.
 * Confined to the thread that runs match; owned by {@link LogBlocks}, which fills it again for another block.
 */
final class LogBlock extends BlocksByHash.Entry<LogBlock>
{
    private static final int USUAL_BYTES = 4_096;
    private static final int USUAL_LOGS = 16;
    static final long NEVER = Long.MIN_VALUE / 2;
    /** Set in what is said of a log that stands among those that are to be told as removed, and was never told. */
    private static final int UNTOLD = 1 << 31;

    long number;
    /** True while the published heads lead through it. */
    boolean isOnChain;
    /** What is known of its place, if logs of it came before any head was known; set by {@link LogBlocks} alone. */
    EarlyLogs.Place early = EarlyLogs.Place.SETTLED;
    /** True if nothing more is waited for: all its logs are known, or were given up. */
    boolean isComplete;
    /** True if it counts as complete because the feed had not told from its beginning, or not at all. */
    boolean isExempt;
    boolean hasBloom;
    boolean isBloomZero;
    /** True if its bloom does not rule out that it has logs of the feed's filter; known of filters only. */
    boolean mayMatch;
    /** True if its logs are waited for until they are fetched: only one lane could tell them, and is not proved to. */
    boolean isDoubted;
    /** True if only the word of a lane that told logs before stands for it that it has none; to be looked after. */
    boolean isTrusted;
    /** True if its head was fetched: then its logs are, too. */
    boolean isHeadFetched;
    boolean isFetching;
    /** True if it lies in a gap of the heads: the chain went on without it, and its logs are told as late. */
    boolean isInGap;
    /** True if a gap was declared in its logs. */
    boolean isGapDeclared;
    /** True if it was declared that the chain has left it before all its logs could be told. */
    boolean isVisitCut;
    /** True if there was no room for some of its logs. */
    boolean isCrowded;
    /** True if logs of it came before any head was known that too few lanes told to be kept, or took back. */
    boolean isUnconfirmed;
    /** True if a log of it came when its place had passed, and was not kept: the chain may come back to the block. */
    boolean isHeardInPart;
    /** True if a gap was declared, since it was not known in time whether the logs that wait have a place. */
    boolean isPlaceLost;
    long fetchingSinceNs;
    /** How many of its logs are published, from the first; they are told as removed if the chain leaves the block. */
    int published;
    /** How many of those are still to be told as removed. */
    int removing;
    /** The slot in which its bytes were last handed on. */
    long handedOnAtSlot;
    int count;
    int[] indexes = new int[USUAL_LOGS];
    int[] offsets = new int[USUAL_LOGS];
    int[] lengths = new int[USUAL_LOGS];
    byte[] bytes = new byte[0];
    int size;

    /** True if nobody could tell in time what it has. */
    boolean isGivenUp;
    /** Bit i is set if lane i has answered which logs it has. */
    int answeredMask;
    /** Bit i is set if lane i has answered with logs that are not counted from 0 without a hole. */
    int sparseMask;
    /** Since when a log of it waits for other lanes to tell it, too; {@link #NEVER} if none does. */
    long unconfirmedSinceNs = NEVER;

    /** Since when the chain led through it, on the clock that stands still while the relay does. */
    long onChainAtNs = NEVER;
    /** How many steps of {@link LogVisits} are about it. */
    int visits;
    /** True if the chain has left it at least once, and what was known of it then has been told. */
    boolean isVisitOver;

    /** Since when what is behind it waits for a lane that is in its middle; {@link #NEVER} if nothing has. */
    long heldSinceNs = NEVER;

    /** Bit i of a log's is set if lane i has pushed it. */
    private int[] saidMasks = new int[USUAL_LOGS];
    /** Bit i of a log's is set if lane i has told it, be it in an answer. */
    private int[] votedMasks = new int[USUAL_LOGS];
    private final int[] saidCounts = new int[NetworkConfig.MAX_UPSTREAMS];

    void reset(final long[] newHash, final long newNumber)
    {
        System.arraycopy(newHash, 0, hash, 0, HexWords.WORDS);
        number = newNumber;
        isOnChain = false;
        early = EarlyLogs.Place.SETTLED;
        isComplete = false;
        isExempt = false;
        hasBloom = false;
        isBloomZero = false;
        mayMatch = false;
        isDoubted = false;
        isTrusted = false;
        isHeadFetched = false;
        isFetching = false;
        isInGap = false;
        isCrowded = false;
        isUnconfirmed = false;
        isHeardInPart = false;
        isPlaceLost = false;
        isGapDeclared = false;
        isVisitCut = false;
        isGivenUp = false;
        answeredMask = 0;
        sparseMask = 0;
        unconfirmedSinceNs = NEVER;
        heldSinceNs = NEVER;
        onChainAtNs = NEVER;
        isVisitOver = false;
        published = 0;
        removing = 0;
        handedOnAtSlot = NEVER;
        count = 0;
        size = 0;
        Arrays.fill(saidCounts, 0);
    }

    /** Finds a log's place, or -1 - the place where it would go. */
    int find(final int logIndex)
    {
        if (count == 0 || logIndex > indexes[count - 1])
        {
            return -1 - count;
        }
        return Arrays.binarySearch(indexes, 0, count, logIndex);
    }

    /** Keeps a copy of a log at its place. */
    void insert(final int place, final int logIndex, final byte[] text, final int offset, final int length)
    {
        if (count == indexes.length)
        {
            indexes = Arrays.copyOf(indexes, count * 2);
            offsets = Arrays.copyOf(offsets, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
            saidMasks = Arrays.copyOf(saidMasks, count * 2);
            votedMasks = Arrays.copyOf(votedMasks, count * 2);
        }
        if (size + length > bytes.length)
        {
            // The old array stays as it is: it may have been handed on.
            bytes = Arrays.copyOf(bytes, Math.max(Math.max(USUAL_BYTES, bytes.length * 2), size + length));
        }
        final int moved = count - place;
        System.arraycopy(indexes, place, indexes, place + 1, moved);
        System.arraycopy(offsets, place, offsets, place + 1, moved);
        System.arraycopy(lengths, place, lengths, place + 1, moved);
        System.arraycopy(saidMasks, place, saidMasks, place + 1, moved);
        System.arraycopy(votedMasks, place, votedMasks, place + 1, moved);
        indexes[place] = logIndex;
        offsets[place] = size;
        lengths[place] = length;
        saidMasks[place] = 0;
        votedMasks[place] = 0;
        System.arraycopy(text, offset, bytes, size, length);
        size += length;
        count++;
    }

    void remove(final int place)
    {
        final int moved = count - place - 1;
        for (int lane = 0; lane < saidCounts.length; lane++)
        {
            saidCounts[lane] -= saidMasks[place] >>> lane & 1;
        }
        System.arraycopy(indexes, place + 1, indexes, place, moved);
        System.arraycopy(offsets, place + 1, offsets, place, moved);
        System.arraycopy(lengths, place + 1, lengths, place, moved);
        System.arraycopy(saidMasks, place + 1, saidMasks, place, moved);
        System.arraycopy(votedMasks, place + 1, votedMasks, place, moved);
        count--;
    }

    /** A lane has told a log in an answer. */
    void noteAnswered(final int place, final int lane)
    {
        votedMasks[place] |= 1 << lane;
    }

    /** Enough lanes have told a log before it was put here. */
    void confirm(final int place)
    {
        votedMasks[place] = -1;
    }

    /** A log that is held was taken back before there were heads, or was told again. */
    void setWithdrawn(final int place, final boolean isWithdrawn)
    {
        votedMasks[place] = isWithdrawn ? 0 : -1;
    }

    boolean isWithdrawn(final int place)
    {
        return votedMasks[place] == 0;
    }

    /** What was taken back goes; should the chain come to the block, it is fetched. */
    void dropWithdrawn()
    {
        for (int place = count - 1; place >= published; place--)
        {
            if (isWithdrawn(place))
            {
                remove(place);
                isUnconfirmed = true;
            }
        }
    }

    /** Bit i is set if lane i has told the log at a place. */
    int votes(final int place)
    {
        return votedMasks[place];
    }

    boolean isConfirmed(final int place, final int quorum)
    {
        return Integer.bitCount(votedMasks[place]) >= quorum;
    }

    /** Whether nobody is waited for any more who might confirm a log that too few lanes have told. */
    boolean isRefuting(final int quorum)
    {
        return isGivenUp || Integer.bitCount(answeredMask) >= quorum;
    }

    /** Whether all that is published of it is yet to be told as removed, though the chain may have come back to it. */
    boolean isLeaving()
    {
        return !isOnChain || visits > 0 || removing > 0;
    }

    /** Whether a log would stand before one that is published, or is to be told as removed. */
    boolean isAmidPublished(final int place)
    {
        return place < Math.max(published, removing);
    }

    /** A log has come that stands among those that are yet to be told as removed: it is not one of them. */
    void passOver(final int place)
    {
        saidMasks[place] |= UNTOLD;
        published += published > 0 ? 1 : 0;
        removing += removing > 0 ? 1 : 0;
    }

    /** Takes the last of the logs that are to be told as removed; false if it was never told. */
    boolean tryRemoveLast()
    {
        removing--;
        final boolean isTold = !isUntold(removing);
        saidMasks[removing] &= ~UNTOLD;
        return isTold;
    }

    private boolean isUntold(final int place)
    {
        return (saidMasks[place] & UNTOLD) != 0;
    }

    void noteSaid(final int place, final int lane)
    {
        votedMasks[place] |= 1 << lane;
        if ((saidMasks[place] >>> lane & 1) == 0)
        {
            saidMasks[place] |= 1 << lane;
            saidCounts[lane]++;
        }
    }

    boolean isSaid(final int place, final int lane)
    {
        return (saidMasks[place] >>> lane & 1) != 0;
    }

    /** Whether a lane has said every log that is known of the block. */
    boolean isAllSaidBy(final int lane)
    {
        return saidCounts[lane] == count;
    }

    boolean isAnySaidBy(final int lane)
    {
        return saidCounts[lane] > 0;
    }

    /** Whether a log is missing between those known, if all of a block's logs are wanted. */
    boolean hasHole()
    {
        return count > 0 && indexes[count - 1] != count - 1;
    }

    /** Whether just these logs, of those that count, would be told as removed, and all that is known is published. */
    boolean isTold(final LogChoice wanted, final int[] wantedIndexes, final int wantedCount)
    {
        if (unpublished() > 0)
        {
            return false;
        }
        int found = 0;
        for (int place = 0; place < published; place++)
        {
            if (!isUntold(place) && wanted.isWanted(bytes, offsets[place], lengths[place]))
            {
                if (found == wantedCount || wantedIndexes[found++] != indexes[place])
                {
                    return false;
                }
            }
        }
        return found == wantedCount;
    }

    /** The feed has not told from its beginning: nothing more of it is waited for. */
    void exempt()
    {
        isExempt = !isComplete;
        isComplete = true;
    }

    int unpublished()
    {
        return count - published;
    }

    /** Gives the arrays up: somebody may still read them, or they are large. */
    void dropBytes()
    {
        bytes = new byte[0];
    }
}
