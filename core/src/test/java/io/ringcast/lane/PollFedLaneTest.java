package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An upstream over HTTP is polled by its connection, and may be so late beside one that pushes a fast chain. */
class PollFedLaneTest extends LaneWatchBed
{
    private static final long POLL_MAX_NS = 5_000 * MS;
    private static final long LONGEST_LAG_NS = 2 * POLL_MAX_NS;

    @BeforeEach
    void begin()
    {
        create(2);
        arbiter.onLaneDown(0, nowNs);
        arbiter.onLaneLive(0, true, nowNs);
    }

    @Test
    void shouldLeaveItAloneAtTheStartAndLaterWhileItIsAsLateAsPollsMayBe()
    {
        int told = 0;
        for (int poll = 0; poll < 10; poll++)
        {
            for (long left = POLL_MAX_NS; left > 0; left -= GAP_NS)
            {
                pass(GAP_NS);
                say(1, ++block);
                assertEquals(LaneMark.NONE, status(0).mark());
            }
            while (told < block)
            {
                say(0, ++told);
            }
        }

        assertEquals(List.of(), resets);
        assertEquals(block, published);
        assertEquals(List.of(), calls.stream().filter(call -> call.laneIndex() == 0).skip(1).toList());
    }

    @Test
    void shouldResetItWhenItIsLaterThanPollsMayBe()
    {
        for (long left = LONGEST_LAG_NS; left > 0; left -= GAP_NS)
        {
            pass(GAP_NS);
            say(1, ++block);
        }
        assertEquals(List.of(), resets);
        for (int i = 0; i <= 2 * STALE_GAPS; i++)
        {
            pass(GAP_NS);
            say(1, ++block);
        }

        assertEquals(List.of(0), resets);
        assertTrue(status(0).isLeftOut());
    }
}
