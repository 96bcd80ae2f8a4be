package io.ringcast.lane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The arbitration's own calls that have no answer yet; each goes from upstream to upstream until one knows.
 * Confined to the thread that runs match.
 */
final class Fetches
{
    /** After so many rounds through the upstreams whoever wants it has to ask anew. */
    private static final int MAX_ROUNDS = 4;

    /** One thing wanted. */
    static final class Fetch
    {
        final String call;
        /** The hash wanted, or null. */
        final long[] hash;
        /** The number wanted, or -1. */
        final long number;
        long id;
        int laneIndex;
        int triedMask;
        long sentAtNs;
        int rounds;

        Fetch(final String call, final long[] hash, final long number)
        {
            this.call = call;
            this.hash = hash;
            this.number = number;
        }

        /** What is asked for by number saves time if it comes; if not, it is asked for by its hash. */
        boolean isOnce()
        {
            return hash == null && number >= 0;
        }
    }

    /** Sends a call and gives its id. */
    interface Sender
    {
        long send(int laneIndex, String call);
    }

    private final List<Fetch> pending = new ArrayList<>();
    private final int laneCount;
    private final long attemptNs;
    private final IntPredicate isLive;
    private final Sender sender;

    Fetches(final int laneCount, final long attemptNs, final IntPredicate isLive, final Sender sender)
    {
        this.laneCount = laneCount;
        this.attemptNs = attemptNs;
        this.isLive = isLive;
        this.sender = sender;
    }

    boolean isEmpty()
    {
        return pending.isEmpty();
    }

    /** Asks, the preferred lane first; if none is live, as soon as one is. */
    void start(final Fetch fetch, final int preferredLane, final long nowNs)
    {
        pending.add(fetch);
        send(fetch, isLive.test(preferredLane) ? preferredLane : nextLane(fetch), nowNs);
    }

    boolean isWanted(final long[] hash, final long number)
    {
        for (int i = 0; i < pending.size(); i++)
        {
            final Fetch fetch = pending.get(i);
            if (fetch.hash != null ? Arrays.equals(fetch.hash, hash) : fetch.number == number)
            {
                return true;
            }
        }
        return false;
    }

    /** Takes the call that an answer is for; null if it is not waited for any more. */
    Fetch take(final long id)
    {
        for (int i = 0; i < pending.size(); i++)
        {
            if (pending.get(i).id == id)
            {
                return pending.remove(i);
            }
        }
        return null;
    }

    /** An upstream could not answer: the next one is asked. */
    void tryNext(final Fetch fetch, final long nowNs)
    {
        if (fetch.isOnce())
        {
            return;
        }
        pending.add(fetch);
        final int lane = nextLane(fetch);
        if (lane >= 0)
        {
            send(fetch, lane, nowNs);
        }
        else
        {
            // All have been asked: once more round, but not before time has passed.
            fetch.id = 0;
            fetch.sentAtNs = nowNs;
        }
    }

    /** What nobody could be asked for is asked at once. */
    void onLaneLive(final long nowNs)
    {
        for (int i = 0; i < pending.size(); i++)
        {
            final Fetch fetch = pending.get(i);
            if (fetch.id == 0)
            {
                fetch.triedMask = 0;
                send(fetch, nextLane(fetch), nowNs);
            }
        }
    }

    void onLaneDown(final int laneIndex)
    {
        for (int i = 0; i < pending.size(); i++)
        {
            final Fetch fetch = pending.get(i);
            if (fetch.id != 0 && fetch.laneIndex == laneIndex)
            {
                fetch.id = 0;
                fetch.sentAtNs -= attemptNs;
            }
        }
    }

    void onTime(final long nowNs)
    {
        for (int i = 0; i < pending.size(); i++)
        {
            final Fetch fetch = pending.get(i);
            if (nowNs - fetch.sentAtNs >= attemptNs)
            {
                int lane = nextLane(fetch);
                if (lane < 0 && fetch.triedMask != 0)
                {
                    fetch.triedMask = 0;
                    fetch.rounds++;
                    lane = nextLane(fetch);
                }
                if (fetch.rounds == MAX_ROUNDS || fetch.isOnce())
                {
                    pending.remove(i--);
                }
                else
                {
                    send(fetch, lane, nowNs);
                }
            }
        }
    }

    /** Nobody waits for blocks any more. */
    void forgetBlocks()
    {
        for (int i = pending.size() - 1; i >= 0; i--)
        {
            if (pending.get(i).hash != null || pending.get(i).number >= 0)
            {
                pending.remove(i);
            }
        }
    }

    void forget(final long[] hash)
    {
        pending.removeIf(fetch -> Arrays.equals(fetch.hash, hash));
    }

    void clear()
    {
        pending.clear();
    }

    private void send(final Fetch fetch, final int laneIndex, final long nowNs)
    {
        fetch.sentAtNs = nowNs;
        fetch.id = 0;
        if (laneIndex >= 0)
        {
            fetch.laneIndex = laneIndex;
            fetch.triedMask |= 1 << laneIndex;
            fetch.id = sender.send(laneIndex, fetch.call);
        }
    }

    private int nextLane(final Fetch fetch)
    {
        for (int lane = 0; lane < laneCount; lane++)
        {
            if ((fetch.triedMask >>> lane & 1) == 0 && isLive.test(lane))
            {
                return lane;
            }
        }
        return -1;
    }
}
