package io.ringcast.tools.sim;

import io.ringcast.config.Dialect;
import io.ringcast.config.SubscriptionIdForm;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.session.ItemEnvelope;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The subscriptions of one client of a {@link DialectNode}.
 * Confined to the node's event loop.
 */
final class DialectSession
{
    private static final int LIMIT_SUBSCRIPTIONS = 10_000;

    /** One subscription: what it tells, and the text round that. */
    private record Subscription(DialectFeed feed, ItemEnvelope envelope)
    {
    }

    private final Dialect dialect;
    private final DialectChain chain;
    /** The numbers that were given to what is equal. */
    private final Map<String, Long> numbers;
    private final Map<String, Subscription> byId = new LinkedHashMap<>();

    DialectSession(final Dialect dialect, final DialectChain chain, final Map<String, Long> numbers)
    {
        this.dialect = dialect;
        this.chain = chain;
        this.numbers = numbers;
    }

    /** The member {@code result} or {@code error} that answers a call; null if nothing does. */
    String answer(final String method, final Object params, final String requestId)
    {
        for (final SubscriptionMethod known : dialect.methods())
        {
            if (known.subscribe().equals(method))
            {
                return "\"result\":" + subscribe(known, params, requestId);
            }
            if (known.unsubscribe().equals(method))
            {
                return unsubscribe(params, requestId);
            }
        }
        return "\"result\":" + chain.call(method, params);
    }

    /** The texts that are due, in order. */
    List<String> due()
    {
        final List<String> texts = new ArrayList<>();
        byId.forEach((id, subscription) ->
        {
            final String before = new String(subscription.envelope.prefix(id));
            final String after = new String(subscription.envelope.suffix(id));
            subscription.feed.due().forEach(item -> texts.add(before + item + after));
        });
        byId.values().removeIf(subscription -> subscription.feed.isOver());
        return texts;
    }

    private String subscribe(final SubscriptionMethod method, final Object params, final String requestId)
    {
        if (byId.size() >= LIMIT_SUBSCRIPTIONS)
        {
            throw new RpcException(-32005, "too many subscriptions");
        }
        if (dialect.ids() == SubscriptionIdForm.REQUEST && byId.containsKey(requestId))
        {
            throw new RpcException(-32600, "Subscription for '" + requestId.replace("\"", "") + "' already exists");
        }
        final DialectFeed feed = chain.feed(method.subscribe(), params);
        final String id = switch (dialect.ids())
        {
            case NUMBER -> Long.toString(numbers.computeIfAbsent(
                method.subscribe() + params, content -> (long)numbers.size()));
            case REQUEST -> requestId;
            default -> randomText();
        };
        byId.put(id, new Subscription(feed, new ItemEnvelope(dialect.item(), method.notification())));
        return dialect.granted().replace("$id", id).replace("$tip", Long.toString(chain.tip()));
    }

    private String unsubscribe(final Object params, final String requestId)
    {
        final Object first = params instanceof List<?> list && !list.isEmpty() ? list.get(0) : null;
        final String id = dialect.ids() == SubscriptionIdForm.REQUEST ? requestId :
            first instanceof String text ? JsonText.quote(text) : String.valueOf(first);
        return byId.remove(id) == null ? dialect.unknown() : "\"result\":" + dialect.ended();
    }

    private static String randomText()
    {
        final StringBuilder text = new StringBuilder(18).append('"');
        for (int i = 0; i < 16; i++)
        {
            text.append(Character.forDigit(ThreadLocalRandom.current().nextInt(36), 36));
        }
        return text.append('"').toString();
    }
}
