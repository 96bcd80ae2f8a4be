package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many heads are missing at once: they are asked for by number, too. Confined to the test's thread. */
class WideHoleTest extends HeadArbiterBed
{
    private static final int NEWEST = 200;
    private static final int MOST_ASKS = 6;
    private static final byte[] REFUSAL = "{\"code\":-32005}".getBytes(StandardCharsets.US_ASCII);

    private int answered;

    @Test
    void shouldAskWhoIsLeftForAllOfThemGivenThatWhoWasAskedGoes()
    {
        beginWithAHole();
        answered = calls.size();
        arbiter.onLaneDown(1, nowNs);
        pass(TICK_NS);
        for (int call = calls.size(); answered < call; answered++)
        {
            answer(answered, true);
        }

        assertWhole();
    }

    @Test
    void shouldAskWhoComesBackForAllOfThem()
    {
        beginWithAHole();
        leaveAlone();
        arbiter.onLaneDown(1, nowNs);
        pass(TICK_NS);
        answered = calls.size();
        arbiter.onLaneLive(1, nowNs);
        for (int call = calls.size(); answered < call; answered++)
        {
            answer(answered, true);
        }

        assertWhole();
    }

    /** It closes the hole by hash, one round trip for each block. */
    @Test
    void shouldAskForEachNumberAFewTimesGivenThatItIsAlwaysRefused()
    {
        beginWithAHole();
        leaveAlone();
        while (answered < calls.size())
        {
            answer(answered, calls.get(answered).contains("ByHash"));
            answered++;
            nowNs += TICK_NS / 500;
            arbiter.onTime(nowNs);
        }

        assertWhole();
        final long byNumber = calls.stream().filter(call -> call.contains("ByNumber")).count();
        assertTrue(byNumber <= MOST_ASKS * NEWEST, () -> byNumber + " calls");
    }

    @Test
    void shouldAskAgainForWhatIsRefusedForAMoment()
    {
        beginWithAHole();
        leaveAlone();
        for (; answered < calls.size(); answered++)
        {
            answer(answered, false);
        }
        pass(TICK_NS);
        for (int call = calls.size(); answered < call; answered++)
        {
            answer(answered, true);
        }

        assertWhole();
    }

    @Test
    void shouldNotAskForWhatHasCome()
    {
        beginWithAHole();
        final int first = calls.size() / 2;
        for (int call = calls.size() - 1; call >= 0; call--)
        {
            if (call != first)
            {
                answer(call, true);
            }
        }
        assertTrue(calls.get(first).contains("ByNumber"));

        assertEquals(NEWEST - 1, calls.size(), "that one is asked for by its hash");
    }

    /** Lane 1 was asked; the others have said nothing yet, and may have them. */
    private void beginWithAHole()
    {
        say(1, 'a', 1);
        say(1, 'a', NEWEST);
        assertEquals(NEWEST - 2, calls.size());
    }

    private void leaveAlone()
    {
        arbiter.onLaneDown(0, nowNs);
        arbiter.onLaneDown(2, nowNs);
    }

    private void answer(final int call, final boolean isAnswered)
    {
        final String text = calls.get(call);
        final String asked = text.replaceAll(".*\\[\"0x|\".*", "");
        if (!isAnswered || text.contains("latest"))
        {
            arbiter.onFetched(this.asked.get(call), call + 1, true, REFUSAL, 0, REFUSAL.length, nowNs);
        }
        else
        {
            answer(this.asked.get(call), call + 1, 'a',
                Integer.parseInt(text.contains("ByHash") ? asked.substring(0, 14) : asked, 16));
        }
    }

    private void assertWhole()
    {
        assertEquals(IntStream.rangeClosed(1, NEWEST).mapToObj(number -> "a" + number).toList(), output);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));
        assertEquals(List.of(), late);
    }
}
