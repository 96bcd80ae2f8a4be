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

/** What clients leave behind is bounded, however fast they come and go. */
class LingeringTopicsTest
{
    private static final int LIMIT = 8;
    private static final long LINGER_NS = TimeUnit.MILLISECONDS.toNanos(10_000);
    private static final long CLIENT = ConnectionId.of(1, 0);

    private final CounterSet counters = new CounterSet();
    private final ActionList<MatchedAction> out = new ActionList<>(MatchedAction::new);
    private final CorrelatedAction action = new CorrelatedAction();
    private final Matcher matcher = new Matcher(
        NetworkConfig.builder().upstream("ws://127.0.0.1:8546").build(),
        RelayConfig.builder().upstream("ws://127.0.0.1:8546").ringSlots(1_024)
            .limits(LimitsConfig.builder().lingeringTopics(LIMIT).build()).build(),
        new Stamping("epoch", List.of("upstream-1"), 0, "", RelayClock.ofSystem()), new byte[32], counters);
    private long nowNs;

    @Test
    void shouldForgetTheOneLeftLongestAgoGivenClientsComeAndGoFasterThanTopicsLinger()
    {
        keepTheFeed();
        for (int i = 0; i < 1_000; i++)
        {
            end(subscribe(filter(i)));
        }

        assertEquals(1 + LIMIT, matcher.topicCount());
        assertEquals(1_000 - LIMIT, counters.get(RelayCounter.TOPICS_FORGOTTEN));
        // Those left last are there yet: to subscribe to them makes no topic.
        for (int i = 1_000 - LIMIT; i < 1_000; i++)
        {
            subscribe(filter(i));
        }
        assertEquals(1 + LIMIT, matcher.topicCount());
    }

    @Test
    void shouldForgetNoneThatIsUsedGivenItHasBeenLeftBefore()
    {
        keepTheFeed();
        end(subscribe(filter(0)));
        subscribe(filter(0));
        for (int i = 1; i <= LIMIT * 3; i++)
        {
            end(subscribe(filter(i)));
        }

        assertEquals(2 + LIMIT, matcher.topicCount());
    }

    @Test
    void shouldKeepOnePlaceGivenATopicIsLeftAgainAndAgain()
    {
        keepTheFeed();
        end(subscribe(filter(0)));
        for (int i = 0; i < LIMIT * 3; i++)
        {
            end(subscribe(filter(1)));
        }

        assertEquals(3, matcher.topicCount());
        assertEquals(0, counters.get(RelayCounter.TOPICS_FORGOTTEN));
    }

    @Test
    void shouldLingerFromTheLastTimeItWasLeft()
    {
        keepTheFeed();
        end(subscribe(filter(0)));
        nowNs = LINGER_NS / 2;
        end(subscribe(filter(0)));

        nowNs = LINGER_NS + 1;
        tick();
        assertEquals(2, matcher.topicCount());
        nowNs = LINGER_NS + LINGER_NS / 2 + 1;
        tick();
        assertEquals(1, matcher.topicCount());
    }

    /** One that stays subscribed to all logs, so that no upstream subscription comes and goes with the others. */
    private void keepTheFeed()
    {
        matcher.onUpstreamUp(0, 0, out);
        action.kind = CorrelatedAction.Kind.SUBSCRIBE;
        action.to.set(CLIENT, 0, 0);
        send("[\"logs\",{}]");
        action.upstreamRequestId = feedCall();
        action.kind = CorrelatedAction.Kind.OWN_ANSWER;
        action.laneIndex = 0;
        action.isError = false;
        send("\"0x1\"");
    }

    private long feedCall()
    {
        for (int i = 0; i < out.size(); i++)
        {
            final MatchedAction call = out.get(i);
            if (call.kind == MatchedAction.Kind.OWN_CALL && text(call).contains("\"logs\""))
            {
                return call.upstreamRequestId;
            }
        }
        throw new AssertionError("the feed was not asked for");
    }

    private static String filter(final int number)
    {
        return "[\"logs\",{\"topics\":[\"0x" + String.format("%064x", number) + "\"]}]";
    }

    /** Subscribes and gives the id. */
    private String subscribe(final String params)
    {
        action.kind = CorrelatedAction.Kind.SUBSCRIBE;
        action.to.set(CLIENT, 0, 0);
        send(params);
        assertEquals(MatchedAction.Kind.REPLY_RESULT, out.get(0).kind);
        return text(out.get(0));
    }

    private void end(final String id)
    {
        action.kind = CorrelatedAction.Kind.UNSUBSCRIBE;
        action.to.set(CLIENT, 0, 0);
        send('[' + id + ']');
        assertEquals("true", text(out.get(1)));
    }

    private void send(final String text)
    {
        action.methodIndex = 0;
        action.bytes = text.getBytes(StandardCharsets.US_ASCII);
        action.valueOffset = 0;
        action.valueLength = action.bytes.length;
        out.clear();
        matcher.onAction(action, nowNs, out);
        matcher.end(nowNs, out);
    }

    private void tick()
    {
        out.clear();
        matcher.onTick(nowNs, out);
        matcher.end(nowNs, out);
        assertTrue(out.size() > 0 || matcher.topicCount() > 1, "nothing happened");
    }

    private static String text(final MatchedAction action)
    {
        return new String(action.bytes, action.offset, action.length, StandardCharsets.US_ASCII);
    }
}
