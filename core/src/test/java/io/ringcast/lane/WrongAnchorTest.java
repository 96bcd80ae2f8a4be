package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

/** An upstream says that the chain stands where no other comes to, and pushes nothing; the other one is polled. */
class WrongAnchorTest extends LaneWatchBed
{
    private static final int WRONG = 0;
    /** The first of those that are. */
    private static final int POLLED = 1;
    private static final int FAR_ABOVE = 1 << 30;

    private int answered;

    @Test
    void shouldTellWhatAPolledUpstreamTellsSinceItWasFirstAsked()
    {
        begin(FAR_ABOVE);
        poll(HeadAnchor.PATIENCE_NS - 1_000 * MS);
        assertEquals(List.of(), output);
        poll(3_000 * MS);

        assertEquals(IntStream.rangeClosed(101, block).mapToObj(String::valueOf).toList(), output);
    }

    @Test
    void shouldDoSoAlsoWhenTheAnchorIsNear()
    {
        begin(150);
        poll(HeadAnchor.PATIENCE_NS + 2_000 * MS);

        assertEquals(IntStream.rangeClosed(101, block).mapToObj(String::valueOf).toList(), output);
        assertTrue(block < 150);
    }

    @Test
    void shouldDoSoWhateverTheWrongOneAnswersOnGivenThatTwoHaveToAgree()
    {
        begin(FAR_ABOVE, 2);
        for (int i = 1; i < 60; i++)
        {
            poll(1_000 * MS);
            arbiter.onLaneDown(WRONG, nowNs);
            arbiter.onLaneLive(WRONG, nowNs);
            pass(TICK_NS);
            answer(lastOf(WRONG), block("w", FAR_ABOVE + i * 1_000));
        }

        assertEquals(IntStream.rangeClosed(101, block).mapToObj(String::valueOf).toList(), output);
    }

    @Test
    void shouldWaitForTheAnchorGivenThatAHeadComesToItInTime()
    {
        begin(102);
        poll(4_000 * MS);

        assertEquals(List.of("103", "104"), output.subList(0, 2));
    }

    @Test
    void shouldNotTellWhatWasThereBeforeGivenThatNothingIsMined()
    {
        begin(FAR_ABOVE);
        stand(2 * HeadAnchor.PATIENCE_NS);

        assertEquals(List.of(), output);
    }

    /** The anchor was right, and the polled one behind it: what it catches up on was there before anybody asked. */
    @Test
    void shouldNotTellWhatWasThereBeforeGivenThatThePolledOneComesToTheAnchorLate()
    {
        begin(102);
        stand(HeadAnchor.PATIENCE_NS);
        block = 102;
        stand(1_000 * MS);
        assertEquals(List.of(), output);
        block = 101;
        stand(1_000 * MS);
        assertEquals(List.of(), output, "nor when it goes back once more");
        poll(4_000 * MS);

        assertEquals(List.of("103", "104", "105"), output);
    }

    private void stand(final long durationNs)
    {
        for (long left = durationNs; left > 0; left -= 1_000 * MS)
        {
            pass(1_000 * MS);
            answerPolls();
        }
    }

    private void begin(final int anchor)
    {
        begin(anchor, 1);
    }

    private void begin(final int anchor, final int quorum)
    {
        create(1 + quorum, quorum);
        for (int lane = POLLED; lane <= quorum; lane++)
        {
            arbiter.onLaneDown(lane, nowNs);
        }
        pass(TICK_NS);
        answer(lastOf(WRONG), block(anchor == FAR_ABOVE ? "w" : "", anchor));
        block = 100;
        for (int lane = POLLED; lane <= quorum; lane++)
        {
            arbiter.onLaneRefused(lane, nowNs);
            answerPolls();
            assertTrue(status(lane).isHeadsPolled());
        }
    }

    /** A block is mined each second. */
    private void poll(final long durationNs)
    {
        for (long left = durationNs; left > 0; left -= 1_000 * MS)
        {
            block++;
            pass(1_000 * MS);
            answerPolls();
        }
    }

    private void answerPolls()
    {
        for (; answered < calls.size(); answered++)
        {
            final Call call = calls.get(answered);
            if (call.laneIndex() >= POLLED)
            {
                final int number = block - (call.text().contains("latest") ? 0 : 1);
                answer(call, block(number));
            }
        }
    }

    private Call lastOf(final int laneIndex)
    {
        return calls.stream().filter(call -> call.laneIndex() == laneIndex).reduce((first, second) -> second)
            .orElseThrow();
    }
}
