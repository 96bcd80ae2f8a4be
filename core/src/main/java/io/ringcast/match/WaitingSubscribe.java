package io.ringcast.match;

import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.ReplyAddress;

/**
 * A subscribe that can't be answered before an upstream has accepted its feed.
 * Confined to the pipeline thread that runs match.
 */
final class WaitingSubscribe
{
    final ReplyAddress to = new ReplyAddress();
    final TopicState topic;
    final DeliveryOptions options;
    /** The first block that it wants, or {@link SubscriptionRequest#NO_HISTORY}. */
    final long fromNumber;
    final long deadlineNs;

    WaitingSubscribe(
        final ReplyAddress to, final TopicState topic, final DeliveryOptions options, final long fromNumber,
        final long deadlineNs)
    {
        this.to.copyFrom(to);
        this.topic = topic;
        this.options = options;
        this.fromNumber = fromNumber;
        this.deadlineNs = deadlineNs;
    }
}
