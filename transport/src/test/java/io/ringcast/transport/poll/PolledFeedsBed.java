package io.ringcast.transport.poll;

import io.ringcast.metrics.CounterSet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Feeds of a node that is polled, and what their subscribers are told, in a time of its own: for the tests of
 * {@link PolledFeeds}, one class a subject. Confined to the test thread.
 */
abstract class PolledFeedsBed
{
    private static final long STEP_NS = TimeUnit.SECONDS.toNanos(60);

    /** One subscriber's view. */
    static final class Subscriber implements SubscribeTaker
    {
        String id;
        String refusal;

        @Override
        public void onGranted(final String subscriptionId)
        {
            id = subscriptionId;
        }

        @Override
        public void onRefused(final int code, final String message)
        {
            refusal = code + " " + message;
        }
    }

    final class Items implements PollSink
    {
        final Map<String, List<String>> byId = new HashMap<>();
        final List<String> all = new ArrayList<>();
        boolean isFull;

        @Override
        public void onItem(final String subscriptionId, final byte[] bytes, final int offset, final int length)
        {
            final String item = new String(bytes, offset, length, StandardCharsets.UTF_8);
            byId.computeIfAbsent(subscriptionId, id -> new ArrayList<>()).add(item);
            all.add(item);
        }

        @Override
        public boolean isFull()
        {
            return isFull;
        }

        List<String> of(final Subscriber subscriber)
        {
            return byId.getOrDefault(subscriber.id, List.of());
        }
    }

    FakeChain chain = new FakeChain(300, 2);
    FakeCalls calls = new FakeCalls(chain);
    Items items = new Items();
    CounterSet counters = new CounterSet();
    PolledFeeds feeds = feeds();
    long nowNs = Long.MIN_VALUE / 2;

    PolledFeeds feeds()
    {
        return new PolledFeeds("test", calls, items, new PollPace(50, 5_000), counters);
    }

    Subscriber subscribe(final String params)
    {
        final Subscriber subscriber = new Subscriber();
        final byte[] bytes = params.getBytes(StandardCharsets.UTF_8);
        feeds.subscribe(bytes, 0, bytes.length, subscriber);
        return subscriber;
    }

    long tick()
    {
        nowNs += STEP_NS;
        return nowNs;
    }

    void poll()
    {
        feeds.onTime(tick());
        calls.answerAll();
    }
}
