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
        /** The last element follows a block of the chain, or begins where the chain began. */
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
            if (head.number == log.baseNumber() || log.isOnChain(head.number - 1, head.parentHash))
            {
                return End.CONNECTED;
            }
            if (length == heads.length || head.number <= log.oldestNumber())
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
            head = parent;
        }
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
