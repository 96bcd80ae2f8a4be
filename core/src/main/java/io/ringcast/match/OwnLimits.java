package io.ringcast.match;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.session.ClientRights;
import io.ringcast.session.StageClock;

import java.nio.charset.StandardCharsets;

/**
 * What {@code relay_limits} answers: what the caller may do, and how much of it is taken.
 * Confined to the pipeline thread that runs match.
 */
final class OwnLimits
{
    private final LimitsConfig limits;
    private final DeliveryConfig delivery;
    private final StageClock slot;

    OwnLimits(final LimitsConfig limits, final DeliveryConfig delivery, final StageClock slot)
    {
        this.limits = limits;
        this.delivery = delivery;
        this.slot = slot;
    }

    /** What a key has, and what its connections take together over all networks, is noted in the slot. */
    byte[] toJson(final ClientRights rights, final ConnectionTopics connection)
    {
        final String json = "{\"connection\":{\"subscriptions\":{\"max\":" + limits.subscriptionsPerConnection() +
            ",\"now\":" + (connection == null ? 0 : connection.count()) +
            "},\"calls\":" + limits.outstandingCallsPerConnection() +
            ",\"filters\":" + limits.polledFiltersPerConnection() +
            ",\"messageBytes\":" + limits.messageBytes() +
            ",\"idBytes\":" + limits.idBytes() +
            ",\"batchItems\":" + limits.batchItems() +
            ",\"batchResponseBytes\":" + limits.batchResponseBytes() +
            ",\"writeBufferBytes\":" + limits.writeBufferBytes() +
            "},\"key\":{\"connections\":{\"max\":" + slot.read(rights::maxConnections) +
            ",\"now\":" + slot.read(rights::connections) +
            "},\"subscriptions\":{\"max\":" + slot.read(rights::maxSubscriptions) +
            ",\"now\":" + slot.read(rights::subscriptions) +
            "},\"requestsPerSecond\":" + slot.read(rights::requestsPerSecond) +
            ",\"bytesPerSecond\":" + slot.read(rights::bytesPerSecond) +
            "},\"history\":{\"bytes\":" + delivery.historyBytes() +
            ",\"items\":" + delivery.historyItems() +
            "},\"sessionTtlMs\":" + (delivery.sessions() == 0 ? 0 : delivery.sessionTtlMs()) + '}';
        return json.getBytes(StandardCharsets.US_ASCII);
    }
}
