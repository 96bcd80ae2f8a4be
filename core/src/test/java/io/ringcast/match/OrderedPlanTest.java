package io.ringcast.match;

import io.ringcast.lane.LaneRules;
import io.ringcast.lane.LogArbiter;
import io.ringcast.metrics.CounterSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

/** What a subscriber to whole blocks is told of a history that begins long before its first block. */
class OrderedPlanTest
{
    private static final int LOGS_PER_BLOCK = 4;

    /** The more there is before, the longer it takes, but not the square of that: this one took minutes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1 << 17})
    void shouldLeaveOutWhatIsBeforeTheFirstBlockThatIsWanted(final int blocks)
    {
        final int items = blocks * LOGS_PER_BLOCK;
        final TopicState topic = ConflationLawTest.topic(
            "eth_subscribe[\"logs\",{}]", false, new HistoryBudget(256 * 1024 * 1024),
            Integer.highestOneBit(items) * 2);
        topic.feed.logs = new LogArbiter(
            new LaneRules(1, 1, 1, 1, 1, 1, 1, 1, 64), "{}", () -> 0, new CounterSet(), null);
        final byte[] log = {'{', '}'};
        for (int i = 0; i < items; i++)
        {
            final int block = i / LOGS_PER_BLOCK;
            topic.feed.history.append(
                log, 0, log.length, 0, 0, block, block * 31L, FeedHistory.place(i % LOGS_PER_BLOCK, false));
            topic.group.history.append();
        }
        final OrderedPlan plan = new OrderedPlan();

        plan.read(new PatientSubscriber(topic, ConflationLawTest.conflating(), 1, -1), 1, blocks - 1, Long.MAX_VALUE);

        final long first = items - LOGS_PER_BLOCK + 1;
        assertArrayEquals(
            LongStream.range(first, first + LOGS_PER_BLOCK).toArray(), plan.come.toLongArray());
    }
}
