package io.ringcast.transport.poll;

import io.ringcast.frame.JsonCursor;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.PolledFeedId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The subscriptions of one connection to an upstream that can't push them.
 * Confined to the upstream's I/O loop.
 *
 * <p>Heads are followed once for all: for those who subscribed heads, and for the logs, which are asked for head by
 * head, after the head has been said.
 */
public final class PolledFeeds
{
    private static final Logger LOGGER = LoggerFactory.getLogger(PolledFeeds.class);
    private static final int MAX_FEEDS = 1_024;
    private static final int METHOD_NOT_FOUND = -32601;
    private static final int INVALID_PARAMS = -32602;
    private static final int LIMIT_EXCEEDED = -32005;
    private static final byte[] ADDRESS = "address".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TOPICS = "topics".getBytes(StandardCharsets.US_ASCII);

    private final String upstreamName;
    private final PollCalls calls;
    private final PollSink sink;
    private final PollPace pace;
    private final CounterSet counters;
    private final HeadPoller headPoller;
    private final LogsPoller logsPoller;
    private final Set<String> headFeeds = new LinkedHashSet<>();
    private final List<PendingPoller> pendingPollers = new ArrayList<>();
    private final JsonCursor cursor = new JsonCursor();
    private long lastId;
    private long polledAtNs;
    private boolean hasPolled;
    private boolean isTroubleTold;

    /**
     * Starts without a subscription; nothing is asked until there is one.
     *
     * @param upstreamName for the log.
     * @param calls        carries what is asked.
     * @param sink         takes what is found.
     * @param pace         how often to ask.
     * @param counters     the I/O loop's counters.
     */
    public PolledFeeds(
        final String upstreamName, final PollCalls calls, final PollSink sink, final PollPace pace,
        final CounterSet counters)
    {
        this.upstreamName = upstreamName;
        this.calls = calls;
        this.sink = sink;
        this.pace = pace;
        this.counters = counters;
        headPoller = new HeadPoller(calls, pace, counters, this::onHead);
        logsPoller = new LogsPoller(calls, sink, pace, counters);
    }

    /**
     * Begins a feed.
     *
     * @param bytes  hold the parameters of an {@code eth_subscribe}, in a text that the scanner has accepted.
     * @param offset where they start; the array's bracket.
     * @param length their length in bytes.
     * @param taker  told once, now or later.
     */
    public void subscribe(final byte[] bytes, final int offset, final int length, final SubscribeTaker taker)
    {
        if (headFeeds.size() + logsPoller.feedCount() + pendingPollers.size() >= MAX_FEEDS)
        {
            taker.onRefused(LIMIT_EXCEEDED, "too many subscriptions on one polled upstream");
            return;
        }
        final List<String> arguments = arguments(bytes, offset, length);
        final String kind = arguments.isEmpty() ? "" : arguments.get(0);
        switch (kind)
        {
            case "\"newHeads\"" -> subscribeHeads(taker);
            case "\"logs\"" -> subscribeLogs(arguments.size() > 1 ? arguments.get(1) : "{}", taker);
            case "\"newPendingTransactions\"" -> subscribePending(arguments, taker);
            default -> taker.onRefused(
                METHOD_NOT_FOUND, "no " + kind + " subscription in eth namespace: the upstream is polled");
        }
    }

    /**
     * Ends a feed.
     *
     * @param subscriptionId its id, without quotes.
     * @return false if there is no such feed.
     */
    public boolean unsubscribe(final String subscriptionId)
    {
        if (headFeeds.remove(subscriptionId) || logsPoller.remove(subscriptionId))
        {
            return true;
        }
        return pendingPollers.removeIf(poller ->
        {
            final boolean isWanted = poller.subscriptionId().equals(subscriptionId);
            if (isWanted)
            {
                poller.stop();
            }
            return isWanted;
        });
    }

    /**
     * Time passes: asks what is due. Called a few times in each interval of the pace, or more often.
     *
     * @param nowNs the time.
     */
    public void onTime(final long nowNs)
    {
        tellTrouble();
        if (sink.isFull())
        {
            return;
        }
        logsPoller.onTime(nowNs);
        if (headFeeds.isEmpty() && logsPoller.feedCount() == 0)
        {
            // Whoever subscribes later is told of what comes later.
            headPoller.restartWhenIdle();
        }
        else if (!headPoller.isBusy() && logsPoller.waitingBlocks() < LogsPoller.HIGH_MARK_BLOCKS &&
            (!hasPolled || nowNs - polledAtNs >= pace.intervalNs()))
        {
            hasPolled = true;
            polledAtNs = nowNs;
            headPoller.poll();
        }
        for (final PendingPoller poller : pendingPollers)
        {
            poller.onTime(nowNs);
        }
    }

    private void subscribeHeads(final SubscribeTaker taker)
    {
        final String id = nextId();
        headFeeds.add(id);
        taker.onGranted(id);
    }

    private void subscribeLogs(final String filter, final SubscribeTaker taker)
    {
        final String members = "null".equals(filter) ? "" : filterMembers(filter.getBytes(StandardCharsets.UTF_8));
        if (members == null)
        {
            taker.onRefused(INVALID_PARAMS, "invalid argument 1: a log filter must be an object");
            return;
        }
        final String id = nextId();
        logsPoller.add(id, members);
        taker.onGranted(id);
    }

    private void subscribePending(final List<String> arguments, final SubscribeTaker taker)
    {
        if (arguments.size() > 1 && "true".equals(arguments.get(1)))
        {
            taker.onRefused(METHOD_NOT_FOUND, "a polled upstream gives no full pending transactions");
            return;
        }
        final PendingPoller poller = new PendingPoller(calls, sink, pace, counters, nextId());
        poller.start(new SubscribeTaker()
        {
            @Override
            public void onGranted(final String subscriptionId)
            {
                pendingPollers.add(poller);
                taker.onGranted(subscriptionId);
            }

            @Override
            public void onRefused(final int code, final String message)
            {
                taker.onRefused(code, message);
            }
        });
    }

    private void onHead(final PolledHead head)
    {
        for (final String id : headFeeds)
        {
            sink.onItem(id, head.text(), 0, head.text().length);
        }
        logsPoller.onHead(head);
    }

    /** Address and topics as members behind another one; null if this is no object. A range is not for a feed. */
    private String filterMembers(final byte[] filter)
    {
        if (!cursor.tryBegin(filter, 0, filter.length) || !cursor.isObject())
        {
            return null;
        }
        final StringBuilder members = new StringBuilder();
        while (cursor.next())
        {
            if (cursor.isNamed(ADDRESS) || cursor.isNamed(TOPICS))
            {
                members.append(",\"").append(cursor.isNamed(ADDRESS) ? "address" : "topics").append("\":")
                    .append(new String(filter, cursor.valueOffset, cursor.valueLength, StandardCharsets.UTF_8));
            }
        }
        return members.toString();
    }

    private List<String> arguments(final byte[] bytes, final int offset, final int length)
    {
        final List<String> arguments = new ArrayList<>();
        if (cursor.tryBegin(bytes, offset, length) && !cursor.isObject())
        {
            while (cursor.next())
            {
                arguments.add(new String(bytes, cursor.valueOffset, cursor.valueLength, StandardCharsets.UTF_8));
            }
        }
        return arguments;
    }

    /** One line when it begins to fail, one when it works again. */
    private void tellTrouble()
    {
        final String failure = headPoller.failure();
        if (failure != null && !isTroubleTold)
        {
            LOGGER.warn("polling upstream {} fails: {}", upstreamName, failure);
        }
        else if (failure == null && isTroubleTold)
        {
            LOGGER.info("polling upstream {} works again", upstreamName);
        }
        isTroubleTold = failure != null;
    }

    private String nextId()
    {
        return PolledFeedId.of(++lastId);
    }
}
