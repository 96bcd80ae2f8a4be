package io.ringcast.correlate;

import java.util.Arrays;

/**
 * The calls that wait for an upstream, found by upstream request id, and by age.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>An upstream request id is not a key to look up but an address: a slot's number and its generation. The client's
 * own id can't be the key, since two outstanding calls may carry the same one.
 *
 * <pre>
 *   bits 51..21   generation
 *   bits 20..1    slot
 *   bit  0        0: a client's call (the relay's own calls carry 1, see OwnCallId)
 * </pre>
 *
 * All calls get the same time to be answered, so the order in which they were opened is the order of their deadlines
 * and a linked list through the slots is the timer.
 */
final class PendingCalls
{
    /** How many slots an upstream request id can name. */
    static final int MAX_SLOTS = 1 << 20;

    private static final int NONE = -1;
    private static final int SLOT_BITS = 20;
    private static final long GENERATION_MASK = (1L << 31) - 1;
    private static final int INITIAL_SLOTS = 64;

    private final int limitCalls;
    private PendingCall[] calls = new PendingCall[0];
    private int[] freeSlots = new int[0];
    private int freeCount;
    private int oldestSlot = NONE;
    private int newestSlot = NONE;
    private int openCount;

    /**
     * Creates an empty table.
     *
     * @param limitCalls how many calls may be open at once, 1 to {@link #MAX_SLOTS}.
     */
    PendingCalls(final int limitCalls)
    {
        this.limitCalls = limitCalls;
    }

    /**
     * Opens a call; its fields other than the address are the caller's to set.
     *
     * @return the call, or null if the table is full.
     */
    PendingCall tryOpen()
    {
        if (freeCount == 0 && !grow())
        {
            return null;
        }
        final PendingCall call = calls[freeSlots[--freeCount]];
        call.generation = call.generation + 1 & GENERATION_MASK;
        call.isOpen = true;
        call.isOwed = true;
        call.olderSlot = newestSlot;
        call.newerSlot = NONE;
        if (newestSlot == NONE)
        {
            oldestSlot = call.slot;
        }
        else
        {
            calls[newestSlot].newerSlot = call.slot;
        }
        newestSlot = call.slot;
        openCount++;
        return call;
    }

    /**
     * Gives the id that the call travels under.
     *
     * @param call an open call.
     * @return an even number below 2^52.
     */
    static long upstreamRequestId(final PendingCall call)
    {
        return call.generation << SLOT_BITS + 1 | (long)call.slot << 1;
    }

    /**
     * Finds the call that an id names.
     *
     * @param upstreamRequestId an id that an upstream has answered; any number.
     * @return the open call, or null if there is none.
     */
    PendingCall find(final long upstreamRequestId)
    {
        final int slot = (int)(upstreamRequestId >>> 1) & MAX_SLOTS - 1;
        if (upstreamRequestId < 0 || slot >= calls.length)
        {
            return null;
        }
        final PendingCall call = calls[slot];
        return call.isOpen && upstreamRequestId(call) == upstreamRequestId ? call : null;
    }

    /**
     * Gives the call whose caller has waited longest.
     *
     * @return an open call, or null if none is owed an answer.
     */
    PendingCall oldest()
    {
        return oldestSlot == NONE ? null : calls[oldestSlot];
    }

    /**
     * Gives the call whose caller has waited shortest.
     *
     * @return an open call, or null if none is owed an answer.
     */
    PendingCall newest()
    {
        return newestSlot == NONE ? null : calls[newestSlot];
    }

    /**
     * Gives the call opened before another one.
     *
     * @param call an open call that is owed an answer.
     * @return the next older such call, or null if there is none.
     */
    PendingCall olderThan(final PendingCall call)
    {
        return call.olderSlot == NONE ? null : calls[call.olderSlot];
    }

    /**
     * Notes that a call's caller has been answered, or is not to be; the call stays open.
     *
     * @param call an open call.
     */
    void settle(final PendingCall call)
    {
        if (!call.isOwed)
        {
            return;
        }
        call.isOwed = false;
        call.caller = null;
        if (call.olderSlot == NONE)
        {
            oldestSlot = call.newerSlot;
        }
        else
        {
            calls[call.olderSlot].newerSlot = call.newerSlot;
        }
        if (call.newerSlot == NONE)
        {
            newestSlot = call.olderSlot;
        }
        else
        {
            calls[call.newerSlot].olderSlot = call.olderSlot;
        }
    }

    /**
     * Ends a call. Its fields may still be read until the next {@link #tryOpen()}.
     *
     * @param call an open call.
     */
    void close(final PendingCall call)
    {
        settle(call);
        call.isOpen = false;
        freeSlots[freeCount++] = call.slot;
        openCount--;
    }

    int openCount()
    {
        return openCount;
    }

    private boolean grow()
    {
        final int from = calls.length;
        final int to = Math.min(limitCalls, Math.max(INITIAL_SLOTS, from * 2));
        if (to <= from)
        {
            return false;
        }
        calls = Arrays.copyOf(calls, to);
        freeSlots = Arrays.copyOf(freeSlots, to);
        for (int slot = to - 1; slot >= from; slot--)
        {
            calls[slot] = new PendingCall(slot);
            freeSlots[freeCount++] = slot;
        }
        return true;
    }
}
