package io.ringcast.match;

import io.ringcast.session.ClientRights;
import io.ringcast.session.CorrelatedAction;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HeldSubscribesTest
{
    private static final int ID_BYTES = 1;

    private final HeldSubscribes held = new HeldSubscribes(3, 100, 150);
    private final Session.Arrival alice = arrival(1);
    private final Session.Arrival bob = arrival(2);

    @Test
    void shouldBoundTheCallsOfOneConnection()
    {
        for (int i = 0; i < 3; i++)
        {
            assertTrue(tryHold(alice, 1));
        }

        assertFalse(tryHold(alice, 1));
        assertTrue(tryHold(bob, 1));
    }

    @Test
    void shouldBoundTheBytesOfOneConnection()
    {
        assertTrue(tryHold(alice, 60));
        assertFalse(tryHold(alice, 41));
        assertTrue(tryHold(alice, 40));
    }

    @Test
    void shouldBoundTheBytesOfAllTogether()
    {
        assertTrue(tryHold(alice, 100));
        assertFalse(tryHold(bob, 51));
        assertTrue(tryHold(bob, 50));
    }

    @Test
    void shouldGiveThemBackInTheirOrderWithTheirRoom()
    {
        assertTrue(tryHold(alice, 70));
        assertTrue(tryHold(alice, 30));

        assertEquals(70, held.poll(alice).lengthBytes());
        assertEquals(30, held.poll(alice).lengthBytes());
        assertNull(held.poll(alice));
        assertTrue(tryHold(bob, 100));
        assertTrue(tryHold(alice, 50));
    }

    @Test
    void shouldGiveBackTheRoomOfWhatIsDropped()
    {
        assertTrue(tryHold(alice, 80));
        assertTrue(tryHold(alice, 20));

        held.drop(alice);

        assertNull(held.poll(alice));
        assertTrue(tryHold(bob, 100));
        assertTrue(tryHold(alice, 50));
    }

    private boolean tryHold(final Session.Arrival arrival, final int lengthBytes)
    {
        final CorrelatedAction asked = new CorrelatedAction();
        asked.kind = CorrelatedAction.Kind.SUBSCRIBE;
        asked.to.setId(new byte[]{'7'}, 0, ID_BYTES);
        asked.bytes = new byte[lengthBytes];
        asked.valueOffset = 0;
        asked.valueLength = lengthBytes - ID_BYTES;
        final boolean hasRoom = held.hasRoom(arrival, HeldSubscribe.lengthBytes(asked));
        if (hasRoom)
        {
            held.add(arrival, new HeldSubscribe(asked, null));
        }
        return hasRoom;
    }

    private static Session.Arrival arrival(final long connectionId)
    {
        return new Session.Arrival(connectionId, null, ClientRights.ALL, null);
    }
}
