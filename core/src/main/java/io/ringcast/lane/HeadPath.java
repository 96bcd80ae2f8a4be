package io.ringcast.lane;

/**
 * The way from the published chain to a head, through what is kept.
 * Confined to the thread that runs match; walked anew for each head.
 */
final class HeadPath
{
    /** How a walk ended. */
    enum End
    {
        /** The last element follows a block of the chain, or begins where the chain began, or below with a new one. */
        CONNECTED,
        /** The parent of the last element is not kept. */
        MISSING,
        /** Farther than the bound. */
        TOO_FAR,
        /** A number that does not follow its parent's. */
        WRONG,
        /** The same, but upstreams contradict each other about the parent. */
        UNSURE
    }

    /** A chain begins with block 0, which nobody mines and nobody tells of. */
    private static final long FIRST_NUMBER = 1;

    private final HeadStore store;
    private final HeadLog log;
    private final Head[] heads;
    private int length;

    HeadPath(final HeadStore store, final HeadLog log, final int limit)
    {
        this.store = store;
        this.log = log;
        heads = new Head[limit];
    }

    /** Walks from a head towards the chain, and notes on the way that the lane has said each. */
    End walk(final Head tip, final int laneBit)
    {
        length = 0;
        Head head = tip;
        while (true)
        {
            head.saidMask |= head.isContested() ? 0 : laneBit;
            heads[length++] = head;
            if (isBottom(head))
            {
                return End.CONNECTED;
            }
            if (length == heads.length || isOld(head))
            {
                return End.TOO_FAR;
            }
            final Head parent = store.find(head.parentHash);
            if (parent == null)
            {
                return End.MISSING;
            }
            if (parent.number != head.number - 1)
            {
                return parent.isContested() ? End.UNSURE : End.WRONG;
            }
            if (head.number <= log.baseNumber() && log.mayHaveHad(parent))
            {
                return End.CONNECTED;
            }
            if (isOld(parent))
            {
                return End.TOO_FAR;
            }
            head = parent;
        }
    }

    /**
     * Whether what is below a head was published, or was there before. Where the chain began, and below, that ends with
     * the first block that may have been there; a chain that has begun anew has none.
     */
    private boolean isBottom(final Head head)
    {
        return log.isOnChain(head.number - 1, head.parentHash) || head.number <= log.baseNumber() && (
            head.number <= FIRST_NUMBER || log.mayHaveHad(head) ||
            head.number == log.baseNumber() && log.isBaseParent(head.parentHash));
    }

    /** Whether a head is as old as what has been overwritten, and may have been published. */
    private boolean isOld(final Head head)
    {
        return head.number > log.baseNumber() && head.number <= log.oldestNumber() && log.mayHaveHad(head);
    }

    /** Whether, of all that is contested on the way, the version that is kept has enough who vouch for it. */
    boolean isVouched(final int quorum)
    {
        for (int i = 0; i < length; i++)
        {
            if (heads[i].isContested() && heads[i].seenCount() < quorum)
            {
                return false;
            }
        }
        return true;
    }

    int length()
    {
        return length;
    }

    /** The element that many steps before the head that was walked from; 0 is that head. */
    Head get(final int stepsBack)
    {
        return heads[stepsBack];
    }

    /** The one walked to. */
    Head first()
    {
        return heads[length - 1];
    }
}
