package io.ringcast.correlate;

/**
 * The reads that an upstream has or is to get, by what they ask, so that an equal one can join them.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>A table without chains: of two calls for one place the newer has it, and what might have joined the older is sent.
 * That is rare, and far cheaper for all others than a map.
 */
final class ReadsUnderWay
{
    private static final int PLACES = 4096;

    private final PendingCall[] calls = new PendingCall[PLACES];

    /**
     * Finds a call whose answer will do for another one: it asks the same, was not sent before the last change of what
     * is latest, and goes to upstreams only that the other caller may have too.
     *
     * @return an open call, or null.
     */
    PendingCall find(final CallKey key, final PendingCall wanted, final long era)
    {
        final PendingCall call = calls[place(key.hash)];
        if (call == null || !key.isEqual(call) || wanted.isHeadBound && !call.isHeadBound ||
            wanted.shownNumber > call.shownNumber)
        {
            return null;
        }
        // One that waits for a head must not hold up a caller who need not.
        final boolean isFit = call.laneIndex == PendingCall.NO_LANE ?
            call.isHeadBound == wanted.isHeadBound && call.shownNumber == wanted.shownNumber : call.era == era;
        return isFit ? call : null;
    }

    /** Adds a call with a kept text; it takes the place of an older one that can't be joined any more. */
    void add(final PendingCall call)
    {
        calls[place(call.keyHash)] = call;
    }

    void remove(final PendingCall call)
    {
        if (call.keyHash != PendingCall.NO_KEY && calls[place(call.keyHash)] == call)
        {
            calls[place(call.keyHash)] = null;
        }
    }

    private static int place(final long hash)
    {
        return (int)hash & PLACES - 1;
    }
}
