package io.ringcast.transport.poll;

import io.ringcast.frame.JsonCursor;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.nio.charset.StandardCharsets;

/**
 * Says the hashes of pending transactions of an upstream that does not push but has filters.
 * Confined to the upstream's I/O loop.
 */
final class PendingPoller
{
    private final PollCalls calls;
    private final PollSink sink;
    private final PollPace pace;
    private final CounterSet counters;
    private final String subscriptionId;
    private final JsonCursor cursor = new JsonCursor();
    private final PollTaker changesTaker = new ChangesTaker();
    /** As the node gave it, quotes included; null if there is none. */
    private String filter;
    private boolean isBusy;
    private boolean isTimed;
    private long polledAtNs;

    PendingPoller(
        final PollCalls calls, final PollSink sink, final PollPace pace, final CounterSet counters,
        final String subscriptionId)
    {
        this.calls = calls;
        this.sink = sink;
        this.pace = pace;
        this.counters = counters;
        this.subscriptionId = subscriptionId;
    }

    String subscriptionId()
    {
        return subscriptionId;
    }

    /** Makes the filter; a node that has none refuses the subscription. */
    void start(final SubscribeTaker taker)
    {
        makeFilter(taker);
    }

    void onTime(final long nowNs)
    {
        if (!isTimed)
        {
            isTimed = true;
            polledAtNs = nowNs;
        }
        if (isBusy || nowNs - polledAtNs < pace.intervalNs())
        {
            return;
        }
        polledAtNs = nowNs;
        if (filter == null)
        {
            makeFilter(null);
            return;
        }
        isBusy = true;
        counters.increment(RelayCounter.POLLS);
        calls.call("eth_getFilterChanges", "[" + filter + "]", changesTaker);
    }

    /** Gives the filter back, as the node would keep it for minutes. */
    void stop()
    {
        if (filter != null)
        {
            calls.call("eth_uninstallFilter", "[" + filter + "]", new Forgotten());
        }
    }

    private void makeFilter(final SubscribeTaker taker)
    {
        isBusy = true;
        calls.call("eth_newPendingTransactionFilter", "[]", new FilterTaker(taker));
    }

    /** Takes a new filter, and for the first one says so to who subscribed. */
    private final class FilterTaker implements PollTaker
    {
        private final SubscribeTaker subscriber;

        private FilterTaker(final SubscribeTaker subscriber)
        {
            this.subscriber = subscriber;
        }

        @Override
        public void onResult(final byte[] bytes, final int offset, final int length)
        {
            isBusy = false;
            filter = new String(bytes, offset, length, StandardCharsets.UTF_8);
            if (subscriber != null)
            {
                subscriber.onGranted(subscriptionId);
            }
        }

        @Override
        public void onFailure(final int code, final String message)
        {
            isBusy = false;
            counters.increment(RelayCounter.POLL_FAILURES);
            if (subscriber != null)
            {
                subscriber.onRefused(code, message);
            }
        }
    }

    private final class ChangesTaker implements PollTaker
    {
        @Override
        public void onResult(final byte[] bytes, final int offset, final int length)
        {
            isBusy = false;
            if (cursor.tryBegin(bytes, offset, length) && !cursor.isObject())
            {
                while (cursor.next())
                {
                    sink.onItem(subscriptionId, bytes, cursor.valueOffset, cursor.valueLength);
                }
            }
        }

        /** Whatever went wrong, a new filter is made at the next poll; what came in between is lost, and counted. */
        @Override
        public void onFailure(final int code, final String message)
        {
            isBusy = false;
            filter = null;
            counters.increment(RelayCounter.POLL_FAILURES);
            counters.increment(RelayCounter.POLL_GAPS);
        }
    }

    /** Nobody waits for the answer. */
    private static final class Forgotten implements PollTaker
    {
        @Override
        public void onResult(final byte[] bytes, final int offset, final int length)
        {
        }

        @Override
        public void onFailure(final int code, final String message)
        {
        }
    }
}
