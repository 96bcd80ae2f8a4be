package io.ringcast.match;

import io.ringcast.frame.JsonCursor;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.ResumePosition;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds for who begins at a place the feed that comes past there, or makes one that begins there.
 * Confined to the pipeline thread that runs match.
 *
 * <p>A feed that is further on serves what its history still has. Feeds of the same thing that have caught up with each
 * other stay apart, until the subscribers of one have gone.
 */
final class CountedFeeds
{
    private static final byte[] TIP = "transaction_version".getBytes(StandardCharsets.US_ASCII);

    private final String epoch;
    private final Map<String, List<Feed>> byBase = new LinkedHashMap<>();
    private final JsonCursor members = new JsonCursor();
    private long tip;
    private long serial;

    CountedFeeds(final String epoch)
    {
        this.epoch = epoch;
    }

    /** How far the chain is known to be. */
    long tip()
    {
        return tip;
    }

    void noteTip(final long version)
    {
        tip = Math.max(tip, version);
    }

    /** An upstream has accepted a feed, and says how far it is. */
    void onAccepted(final byte[] bytes, final int offset, final int length)
    {
        if (members.tryBegin(bytes, offset, length) && members.isObject())
        {
            while (members.next())
            {
                if (members.isNamed(TIP))
                {
                    noteTip(ItemRules.number(bytes, members.valueOffset, members.valueLength));
                }
            }
        }
    }

    /** Says which feed a request is for, and what of its history. */
    SubscriptionRequest resolved(final String method, final SubscriptionRequest request)
    {
        for (final Feed feed : byBase.getOrDefault(method + request.canonicalParams(), List.of()))
        {
            final TopicGroup group = feed.groups.isEmpty() ? null : feed.groups.get(0);
            final long behind = feed.position.next - request.start();
            if (group == null || behind < 0)
            {
                continue;
            }
            final String content = group.key.substring(method.length());
            if (behind == 0)
            {
                return request.on(content, request.options());
            }
            final long sequence = group.nextSequence - behind;
            if (group.history != null && sequence >= group.history.oldest())
            {
                return request.on(content, resuming(sequence).over(request.options()));
            }
        }
        return request.on(request.canonicalParams() + " #" + ++serial, request.options());
    }

    void onAdded(final Feed feed)
    {
        byBase.computeIfAbsent(feed.position.base, base -> new ArrayList<>(1)).add(feed);
    }

    void onRemoved(final Feed feed)
    {
        final List<Feed> feeds = byBase.get(feed.position.base);
        feeds.remove(feed);
        if (feeds.isEmpty())
        {
            byBase.remove(feed.position.base);
        }
    }

    private DeliveryOptions resuming(final long sequence)
    {
        return new DeliveryOptions(null, null, null, new ResumePosition(epoch, sequence - 1, null), null, null, null,
            null, null, null, null);
    }
}
