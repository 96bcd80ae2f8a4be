package io.ringcast.correlate;

import io.ringcast.session.ClientRights;
import io.ringcast.session.ConnectionId;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who counts as one client, as far as what answers and streams have shown is concerned. */
class CallersTest
{
    private final Callers callers = new Callers();

    @Test
    void shouldTellConnectionsApartButNotThoseOverHttp()
    {
        of(ConnectionId.of(1, 0)).shown.onShown(7);
        assertEquals(7, of(ConnectionId.of(1, 0)).shown.number());
        assertEquals(LaneHeads.NONE, of(ConnectionId.of(2, 0)).shown.number());

        of(ConnectionId.callsOnly(3, 0)).shown.onShown(9);
        of(ConnectionId.callsOnly(4, 1)).shown.onShown(8);
        callers.forget(ConnectionId.callsOnly(3, 0), 0);
        assertEquals(9, of(ConnectionId.callsOnly(5, 0)).shown.number());
        assertEquals(LaneHeads.NONE, of(ConnectionId.of(6, 0)).shown.number());
    }

    @Test
    void shouldKnowWhetherAStreamOfEventsShowsHeads()
    {
        callers.onHeadsShown(ConnectionId.of(1, 0), ClientRights.ALL);
        assertFalse(callers.hasHeadStreams());

        final long stream = ConnectionId.eventsOnly(2, 3);
        callers.onHeadsShown(stream, ClientRights.ALL);
        callers.onHeadsShown(stream, ClientRights.ALL);
        of(ConnectionId.eventsOnly(4, 0));
        assertTrue(callers.hasHeadStreams());

        callers.forget(ConnectionId.eventsOnly(4, 0), 0);
        assertTrue(callers.hasHeadStreams());
        callers.forget(stream, 0);
        assertFalse(callers.hasHeadStreams());
    }

    @Test
    void shouldKeepSerialAndLoopOfEachKindOfConnection()
    {
        assertEquals(77, ConnectionId.serial(ConnectionId.eventsOnly(77, 63)));
        assertEquals(63, ConnectionId.loopIndex(ConnectionId.eventsOnly(77, 63)));
        assertFalse(ConnectionId.isCallsOnly(ConnectionId.eventsOnly(77, 63)));
        assertFalse(ConnectionId.isEventsOnly(ConnectionId.callsOnly(77, 63)));
    }

    private Caller of(final long connectionId)
    {
        return callers.of(connectionId, ClientRights.ALL);
    }
}
