package io.ringcast.match;

import io.ringcast.config.LimitsConfig;
import io.ringcast.config.LogsMode;
import io.ringcast.config.SubscriptionIdForm;
import io.ringcast.image.NotInImage;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ClientRights;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.FilterMethod;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.RpcError;
import io.ringcast.session.SlotVerdicts;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;

/**
 * Filters that are polled, each a subscriber of a topic without a connection: they are told what subscribers are told,
 * whichever upstream said it.
 * Confined to the pipeline thread that runs match.
 *
 * <p>A filter ends when nobody has used it for a while, when it is uninstalled, or when more waits for its poll than is
 * kept; the next poll then says so, with geth's words first, by which clients know that they have to make a new one.
 */
final class PolledFilters
{
    /** So many begin or end at once, so that the items behind them do not wait for all. */
    private static final int LIMIT_AT_ONCE = 512;
    private static final String NOT_FOUND = "filter not found";
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    /** A filter that can't be made before an upstream has accepted its feed. */
    private record Waiting(
        ReplyAddress to, ClientRights payer, TopicState topic, FilterRequest request, long deadlineNs)
    {
    }

    private final LimitsConfig limits;
    private final long subscribeTimeoutNs;
    private final long idleNs;
    private final NetworkTopics topics;
    private final FilterQueries queries;
    private final CounterSet counters;
    private final FilterParser parser;
    private final PolledBudget budget;
    private final PolledFilterTable table;
    private final SubscriptionIdToken idToken = new SubscriptionIdToken(SubscriptionIdForm.HEX);
    private final int subscribeMethod;
    private final List<Waiting> waiting = new ArrayList<>();
    @NotInImage("of the slot")
    private SlotVerdicts verdicts = new SlotVerdicts();

    PolledFilters(
        final LimitsConfig limits, final long subscribeTimeoutNs, final long idleNs, final LogsMode logsMode,
        final int subscribeMethod, final NetworkTopics topics, final FilterQueries queries, final FilterIds ids,
        final CounterSet counters)
    {
        this.limits = limits;
        this.subscribeTimeoutNs = subscribeTimeoutNs;
        this.idleNs = idleNs;
        this.subscribeMethod = subscribeMethod;
        this.topics = topics;
        this.queries = queries;
        this.counters = counters;
        parser = new FilterParser(logsMode, limits);
        budget = new PolledBudget(limits, counters);
        table = new PolledFilterTable(ids);
    }

    /** Begins a slot; its verdicts take what the client's rights refuse. */
    void begin(final SlotVerdicts slotVerdicts)
    {
        verdicts = slotVerdicts;
    }

    /** How many there are. */
    int count()
    {
        return table.size();
    }

    void onCall(final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        switch (action.methodIndex)
        {
            case FilterMethod.CHANGES:
                poll(action, nowNs, out);
                break;

            case FilterMethod.LOGS:
                query(action, nowNs, out);
                break;

            case FilterMethod.UNINSTALL:
                uninstall(action, nowNs, out);
                break;

            default:
                make(action, nowNs, out);
                break;
        }
    }

    /** An upstream has accepted a feed: filters that waited for it begin. */
    void onFeedAccepted(final long nowNs, final ActionList<MatchedAction> out)
    {
        for (final Waiting accepted : takeWaiting(one -> one.topic.feed.isConfirmed, LIMIT_AT_ONCE))
        {
            begin(accepted.to, accepted.payer, accepted.topic, accepted.request, nowNs, out);
        }
    }

    /** No upstream gives the feed; what the clients hear is what the last one said. */
    void onFeedRefused(
        final Feed feed, final CorrelatedAction answer, final long nowNs, final ActionList<MatchedAction> out)
    {
        for (final Waiting refused : takeWaiting(one -> one.topic.feed == feed, Integer.MAX_VALUE))
        {
            if (refused.topic.group.filters != null)
            {
                topics.refuseAllLogs();
                beginOrWait(refused.to, refused.payer, refused.request, refused.deadlineNs, nowNs, out);
            }
            else
            {
                refused.payer.giveSubscription();
                counters.increment(RelayCounter.FILTERS_REFUSED);
                final MatchedAction error = out.add();
                error.kind = MatchedAction.Kind.REPLY_ERROR_OBJECT;
                error.to.copyFrom(refused.to);
                error.bytes = answer.bytes;
                error.offset = answer.valueOffset;
                error.length = answer.valueLength;
            }
        }
    }

    /** Filters outlive the connection they were made over, but not before they have been made. */
    void onClientClosed(final long connectionId, final long nowNs)
    {
        for (int i = waiting.size() - 1; i >= 0; i--)
        {
            if (waiting.get(i).to.connectionId == connectionId)
            {
                endWaiting(waiting.remove(i), nowNs);
            }
        }
    }

    void onTick(final long nowNs, final ActionList<MatchedAction> out)
    {
        PolledFilter oldest = table.oldest();
        for (int left = LIMIT_AT_ONCE; left > 0 && oldest != null && nowNs - oldest.usedAtNs >= idleNs; left--)
        {
            // One that was overrun has been counted then.
            counters.add(RelayCounter.FILTERS_EXPIRED, oldest.topic.polled.isOverrun(oldest) ? 0 : 1);
            end(oldest, nowNs);
            oldest = table.oldest();
        }
        if (!waiting.isEmpty())
        {
            onFeedAccepted(nowNs, out);
        }
        for (int i = waiting.size() - 1; i >= 0; i--)
        {
            if (nowNs - waiting.get(i).deadlineNs >= 0)
            {
                final Waiting late = waiting.remove(i);
                endWaiting(late, nowNs);
                counters.increment(RelayCounter.CALLS_TIMED_OUT);
                refuse(late.to, RpcError.TIMEOUT, "request timed out: no upstream has answered", out);
            }
        }
    }

    boolean isWaiting(final ReplyAddress to)
    {
        for (final Waiting one : waiting)
        {
            if (one.to.isSame(to))
            {
                return true;
            }
        }
        return false;
    }

    private void make(final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        if (table.size() + waiting.size() >= limits.polledFilters())
        {
            refuseForLimit(action.to, limits.polledFilters() + " filters of this network", out);
            return;
        }
        if (table.countOf(action.to.connectionId) + waitingOf(action.to.connectionId) >=
            limits.polledFiltersPerConnection())
        {
            refuseForLimit(action.to, limits.polledFiltersPerConnection() + " filters made over one connection", out);
            return;
        }
        try
        {
            final FilterRequest request =
                parser.parse(action.methodIndex, action.bytes, action.valueOffset, action.valueLength);
            if (verdicts.ofSubscription(action.rights) != SlotVerdicts.PASSED)
            {
                counters.increment(RelayCounter.LIMIT_REFUSALS);
                refuse(action.to, RpcError.LIMIT_EXCEEDED, "limit exceeded: too many subscriptions of one key", out);
                return;
            }
            beginOrWait(action.to, action.rights, request, nowNs + subscribeTimeoutNs, nowNs, out);
        }
        catch (final BadParams e)
        {
            refuse(action.to, e.code, e.getMessage(), out);
        }
    }

    private void beginOrWait(
        final ReplyAddress to, final ClientRights payer, final FilterRequest request, final long deadlineNs,
        final long nowNs, final ActionList<MatchedAction> out)
    {
        final TopicState topic =
            topics.findOrAdd(subscribeMethod, topics.available(request.subscription()), 0, out);
        if (topic.feed.isConfirmed)
        {
            begin(to, payer, topic, request, nowNs, out);
        }
        else
        {
            final ReplyAddress kept = new ReplyAddress();
            kept.copyFrom(to);
            topic.waitingCount++;
            waiting.add(new Waiting(kept, payer, topic, request, deadlineNs));
        }
    }

    private void begin(
        final ReplyAddress to, final ClientRights payer, final TopicState topic, final FilterRequest request,
        final long nowNs, final ActionList<MatchedAction> out)
    {
        if (topic.polled == null)
        {
            topic.polled = new PolledItems(topic.feed.kind, budget, counters);
            budget.enter(topic.polled);
        }
        final PolledFilter filter = table.add(to.connectionId, payer, topic, request, nowNs);
        topic.polled.begin(filter);
        counters.increment(RelayCounter.FILTERS_CREATED);
        final HexFormat hex = HexFormat.of();
        Replies.result(
            to, ("\"0x" + hex.toHexDigits(filter.high) + hex.toHexDigits(filter.low) + '"')
                .getBytes(StandardCharsets.US_ASCII), out);
    }

    private void poll(final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final PolledFilter filter = findUsable(action, nowNs, out);
        if (filter != null)
        {
            counters.increment(RelayCounter.FILTER_POLLS);
            Replies.result(action.to, filter.topic.polled.poll(filter), out);
        }
    }

    private void query(final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final PolledFilter filter = findUsable(action, nowNs, out);
        if (filter != null && filter.request.query() == null)
        {
            Replies.error(action.to, RpcError.GENERAL, NOT_FOUND, out);
        }
        else if (filter != null)
        {
            queries.start(action.to, filter.topic.feed, filter.request.query(), nowNs, out);
        }
    }

    private void uninstall(final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final PolledFilter filter = find(action);
        if (filter != null)
        {
            counters.add(RelayCounter.FILTERS_ENDED, filter.topic.polled.isOverrun(filter) ? 0 : 1);
            end(filter, nowNs);
            Replies.result(action.to, TRUE, out);
        }
        else if (idToken.isPresent())
        {
            counters.increment(RelayCounter.FILTERS_UNKNOWN);
            Replies.result(action.to, FALSE, out);
        }
        else
        {
            refuseWithoutId(action.to, out);
        }
    }

    private PolledFilter find(final CorrelatedAction action)
    {
        return idToken.tryRead(action.bytes, action.valueOffset, action.valueLength) ?
            table.find(idToken.high(), idToken.low()) : null;
    }

    /** Finds the filter that a call names, or answers that there is none. */
    private PolledFilter findUsable(
        final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final PolledFilter filter = find(action);
        if (filter == null && !idToken.isPresent())
        {
            refuseWithoutId(action.to, out);
        }
        else if (filter == null)
        {
            counters.increment(RelayCounter.FILTERS_UNKNOWN);
            Replies.error(action.to, RpcError.GENERAL, NOT_FOUND, out);
        }
        else if (filter.topic.polled.isOverrun(filter))
        {
            end(filter, nowNs);
            Replies.error(
                action.to, RpcError.GENERAL, NOT_FOUND + ": more waited for its poll than is kept", out);
        }
        else
        {
            table.onUse(filter, nowNs);
            return filter;
        }
        return null;
    }

    private void end(final PolledFilter filter, final long nowNs)
    {
        final TopicState topic = filter.topic;
        table.remove(filter);
        filter.payer.giveSubscription();
        topic.polled.end(filter);
        if (topic.polled.filterCount() == 0)
        {
            budget.leave(topic.polled);
            topic.polled = null;
            topics.lingerIfUnused(topic, nowNs);
        }
    }

    private List<Waiting> takeWaiting(final Predicate<Waiting> isTaken, final int limit)
    {
        final List<Waiting> taken = new ArrayList<>();
        waiting.removeIf(one ->
        {
            final boolean goes = taken.size() < limit && isTaken.test(one);
            if (goes)
            {
                one.topic.waitingCount--;
                taken.add(one);
            }
            return goes;
        });
        return taken;
    }

    private void endWaiting(final Waiting one, final long nowNs)
    {
        one.payer.giveSubscription();
        one.topic.waitingCount--;
        topics.lingerIfUnused(one.topic, nowNs);
    }

    private int waitingOf(final long connectionId)
    {
        int count = 0;
        for (final Waiting one : waiting)
        {
            count += one.to.connectionId == connectionId ? 1 : 0;
        }
        return count;
    }

    private void refuseForLimit(final ReplyAddress to, final String bound, final ActionList<MatchedAction> out)
    {
        counters.increment(RelayCounter.LIMIT_REFUSALS);
        refuse(to, RpcError.LIMIT_EXCEEDED, "limit exceeded: at most " + bound, out);
    }

    private void refuse(
        final ReplyAddress to, final int code, final String message, final ActionList<MatchedAction> out)
    {
        counters.increment(RelayCounter.FILTERS_REFUSED);
        Replies.error(to, code, message, out);
    }

    private static void refuseWithoutId(final ReplyAddress to, final ActionList<MatchedAction> out)
    {
        Replies.error(
            to, RpcError.INVALID_PARAMS, "missing value for required argument 0", out);
    }
}
