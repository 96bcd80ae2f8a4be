package io.ringcast.transport.door;

import io.ringcast.transport.loop.InflationTurns;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.SharedForms;

/**
 * What the clients of one network on one loop share: each is made when the first of them needs it.
 * Confined to that loop.
 */
final class DoorForms implements SharedForms
{
    private final NetworkLoop loop;
    private final int deflateMinBytes;
    private SseEvents sseEvents;
    private DeflatedRuns deflatedRuns;
    private InflationTurns inflationTurns;

    /**
     * Creates it empty.
     *
     * @param loop            the loop.
     * @param deflateMinBytes messages below this length are not compressed.
     */
    DoorForms(final NetworkLoop loop, final int deflateMinBytes)
    {
        this.loop = loop;
        this.deflateMinBytes = deflateMinBytes;
    }

    static DoorForms of(final NetworkLoop loop)
    {
        return (DoorForms)loop.sharedForms();
    }

    /** The text of events. */
    SseEvents sseEvents()
    {
        if (sseEvents == null)
        {
            sseEvents = new SseEvents(loop.epoch());
        }
        return sseEvents;
    }

    /** The compressed form of items. */
    DeflatedRuns deflatedRuns()
    {
        if (deflatedRuns == null)
        {
            deflatedRuns = new DeflatedRuns(deflateMinBytes, loop.counters());
        }
        return deflatedRuns;
    }

    /** Inflates what clients compress. */
    InflationTurns inflationTurns()
    {
        if (inflationTurns == null)
        {
            inflationTurns = new InflationTurns(loop::inNextTurn, loop.counters());
        }
        return inflationTurns;
    }

    @Override
    public void onIdle()
    {
        if (deflatedRuns != null)
        {
            deflatedRuns.onIdle();
        }
    }

    @Override
    public void close()
    {
        if (deflatedRuns != null)
        {
            deflatedRuns.close();
        }
        if (inflationTurns != null)
        {
            inflationTurns.close();
        }
    }
}
