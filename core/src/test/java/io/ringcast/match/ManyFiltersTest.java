package io.ringcast.match;

import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.RelayClock;
import io.ringcast.session.Stamping;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Many filters that come and go at once. Work that grows with their square would not end
 * within the test's time.
 */
class ManyFiltersTest
{
    private static final int FILTERS = 25_600;
    /** What one event may bring: an answer and an opening, or a release, for each of 512. */
    private static final int LIMIT_ACTIONS = 1_024;
    private static final long LATER_NS = TimeUnit.MINUTES.toNanos(5);
    private static final String ONE_ADDRESS = "\"address\":\"0x" + "a".repeat(40) + "\"";

    private final CounterSet counters = new CounterSet();
    private final ActionList<MatchedAction> out = new ActionList<>(MatchedAction::new);
    private final CorrelatedAction action = new CorrelatedAction();
    private final Matcher matcher = new Matcher(
        NetworkConfig.builder().upstream("ws://127.0.0.1:8546").build(),
        RelayConfig.builder().upstream("ws://127.0.0.1:8546").ringSlots(1_024).limits(
            LimitsConfig.builder().set(LimitsConfig.SUBSCRIPTIONS_PER_CONNECTION, 1_000_000).build()).build(),
        new Stamping("epoch", List.of("upstream-1"), 0, "", RelayClock.ofSystem()), new byte[32], counters);
    private long feedCallId;

    @Test
    void shouldReleaseAFewWithEachTickGivenAllLingeredAtOnce()
    {
        matcher.onUpstreamUp(0, 0, out);
        subscribe(1, "{" + ONE_ADDRESS + "}");
        accept();
        for (int i = 0; i < FILTERS; i++)
        {
            subscribe(i % 64 + 64, filter(i));
        }
        assertEquals(FILTERS + 1, matcher.topicCount());
        for (int connection = 0; connection < 64; connection++)
        {
            matcher.onClientClosed(connectionId(connection + 64), 0, out);
        }
        assertEquals(FILTERS, counters.get(RelayCounter.SUBSCRIPTIONS_DROPPED));

        int ticks = 0;
        while (matcher.topicCount() > 1)
        {
            tick(LATER_NS + ticks);
            ticks++;
        }

        assertEquals(FILTERS / 512, ticks);
        assertEquals(1, match("\"0x" + hex(7) + "\""));
    }

    @Test
    void shouldGrantAFewWithEachTickGivenThousandsWaitForTheFeed()
    {
        subscribeWhileTheUpstreamIsAway(1);

        matcher.onUpstreamUp(0, 0, out);
        findFeedCall();
        accept();

        int ticks = 0;
        while (counters.get(RelayCounter.SUBSCRIBES) < FILTERS)
        {
            tick(ticks++);
        }
        assertEquals(FILTERS / 512 - 1, ticks);
        assertEquals(1, match("\"0x" + hex(FILTERS - 1) + "\""));
    }

    @Test
    void shouldForgetThemGivenTheConnectionEndsWhileTheyWait()
    {
        subscribeWhileTheUpstreamIsAway(1);
        subscribe(2, filter(0));

        matcher.onClientClosed(connectionId(1), 0, out);

        matcher.onUpstreamUp(0, 0, out);
        findFeedCall();
        accept();
        assertEquals(1, counters.get(RelayCounter.SUBSCRIBES));
    }

    @Test
    void shouldRefuseAFewWithEachTickGivenNobodyAccepts()
    {
        subscribeWhileTheUpstreamIsAway(64);

        int ticks = 0;
        while (counters.get(RelayCounter.SUBSCRIBES_REFUSED) < FILTERS)
        {
            tick(LATER_NS + ticks);
            ticks++;
        }

        assertEquals(FILTERS / 512, ticks);
    }

    @Test
    void shouldGiveEachAnIdOfItsOwnGivenOneConnectionAsksForTheSameThousandsOfTimes()
    {
        matcher.onUpstreamUp(0, 0, out);
        subscribe(1, "{}");
        accept();
        for (int i = 1; i < 5_000; i++)
        {
            subscribe(1, "{}");
        }

        assertEquals(5_000, matcher.topicCount());
        assertEquals(5_000, match("\"0x" + hex(1) + "\""));
        matcher.onClientClosed(connectionId(1), 0, out);
        while (matcher.topicCount() > 0)
        {
            tick(LATER_NS);
        }
    }

    private void subscribeWhileTheUpstreamIsAway(final int connections)
    {
        for (int i = 0; i < FILTERS; i++)
        {
            subscribe(i % connections + 1, filter(i));
        }
        assertEquals(0, counters.get(RelayCounter.SUBSCRIBES));
    }

    /** All have one address, so they stand under their topics. */
    private static String filter(final int number)
    {
        return "{" + ONE_ADDRESS + ",\"topics\":[\"0x" + hex(number) + "\"]}";
    }

    private static String hex(final int number)
    {
        return String.format("%064x", number);
    }

    private void subscribe(final int connection, final String filter)
    {
        action.kind = CorrelatedAction.Kind.SUBSCRIBE;
        action.to.set(connectionId(connection), 0, 0);
        action.methodIndex = 0;
        send("[\"logs\"," + filter + "]");
        if (feedCallId == 0)
        {
            findFeedCall();
        }
    }

    private void findFeedCall()
    {
        for (int i = 0; i < out.size(); i++)
        {
            final MatchedAction call = out.get(i);
            if (call.kind == MatchedAction.Kind.OWN_CALL &&
                new String(call.bytes, StandardCharsets.US_ASCII).contains("\"logs\""))
            {
                feedCallId = call.upstreamRequestId;
            }
        }
    }

    private void accept()
    {
        action.kind = CorrelatedAction.Kind.OWN_ANSWER;
        action.laneIndex = 0;
        action.upstreamRequestId = feedCallId;
        action.isError = false;
        send("\"0x1\"");
    }

    private void tick(final long nowNs)
    {
        out.clear();
        matcher.onTick(nowNs, out);
        assertBounded();
    }

    /** Lets a log come in and tells how many topics it went to; it does not say where on the chain it belongs. */
    private int match(final String topic)
    {
        action.kind = CorrelatedAction.Kind.ITEM;
        action.laneIndex = 0;
        action.upstreamRequestId = feedCallId;
        action.bytes =
            ("{" + ONE_ADDRESS + ",\"topics\":[" + topic + "]}").getBytes(StandardCharsets.US_ASCII);
        action.valueOffset = 0;
        action.valueLength = action.bytes.length;
        out.clear();
        matcher.onAction(action, 0, out);
        return out.size();
    }

    private void send(final String text)
    {
        action.bytes = text.getBytes(StandardCharsets.US_ASCII);
        action.valueOffset = 0;
        action.valueLength = action.bytes.length;
        out.clear();
        matcher.onAction(action, 0, out);
        assertBounded();
    }

    private void assertBounded()
    {
        assertTrue(out.size() <= LIMIT_ACTIONS + 8, "actions=" + out.size());
    }

    private static long connectionId(final int serial)
    {
        return ConnectionId.of(serial, 0);
    }
}
