package io.ringcast.session;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** That an id says what it was made of, whatever kind it is. */
class ConnectionIdTest
{
    @ParameterizedTest
    @ValueSource(longs = {1, 63, 64, 1L << 40})
    void shouldTellSerialAndLoopOfEachKind(final long serial)
    {
        for (final int loop : List.of(0, 1, ConnectionId.MAX_LOOPS - 1))
        {
            for (final long id : List.of(
                ConnectionId.of(serial, loop), ConnectionId.callsOnly(serial, loop),
                ConnectionId.eventsOnly(serial, loop), ConnectionId.program(serial, loop)))
            {
                assertEquals(serial, ConnectionId.serial(id));
                assertEquals(loop, ConnectionId.loopIndex(id));
            }
        }
    }

    /** A start on a journal goes on behind the highest serial in it: those who come then are no program. */
    @ParameterizedTest
    @ValueSource(longs = {1, 1L << 40})
    void shouldBeOfNoKindGivenTheSerialBehindOneOfAKind(final long serial)
    {
        for (final long id : List.of(
            ConnectionId.callsOnly(serial, 0), ConnectionId.eventsOnly(serial, 0), ConnectionId.program(serial, 0)))
        {
            final long next = ConnectionId.of(ConnectionId.serial(id) + 1, 0);

            assertFalse(ConnectionId.isProgram(next));
            assertFalse(ConnectionId.isCallsOnly(next));
            assertFalse(ConnectionId.isEventsOnly(next));
        }
        assertTrue(ConnectionId.isProgram(ConnectionId.program(serial, 0)));
        assertTrue(ConnectionId.isCallsOnly(ConnectionId.callsOnly(serial, 0)));
        assertTrue(ConnectionId.isEventsOnly(ConnectionId.eventsOnly(serial, 0)));
    }
}
