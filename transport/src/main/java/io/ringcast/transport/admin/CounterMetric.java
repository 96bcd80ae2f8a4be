package io.ringcast.transport.admin;

import io.prometheus.metrics.model.snapshots.Labels;
import io.ringcast.metrics.RelayCounter;

import java.util.Locale;

/**
 * What a counter is called in the metrics: a family of its own, or one reason in a family that several share.
 * Immutable.
 *
 * @param family the metric's name without {@code _total}.
 * @param help   what the family counts.
 * @param label  the name of the label that tells the members apart, or null for a family of one.
 * @param value  the label's value.
 */
public record CounterMetric(String family, String help, String label, String value)
{
    private static final String CLOSES = "ringcast_closes";
    private static final String REFUSALS = "ringcast_refusals";
    private static final String DROPS = "ringcast_drops";
    private static final String ACTIVATIONS = "ringcast_activations";

    public static CounterMetric of(final RelayCounter counter)
    {
        return switch (counter)
        {
            case CLOSED_SLOW -> closes("slow");
            case CLOSED_VIOLATION -> closes("violation");
            case CLOSED_NO_PONG -> closes("no_pong");
            case CLOSED_OVERLOAD -> closes("overload");
            case CONNECTIONS_REFUSED -> refusals("handshake");
            case INVALID_JSON -> refusals("invalid_json");
            case INVALID_REQUESTS -> refusals("invalid_request");
            case LIMIT_REFUSALS -> refusals("limit");
            case CALLS_TIMED_OUT -> refusals("timeout");
            case CALLS_LOST_UPSTREAM -> refusals("upstream_lost");
            case HTTP_REFUSALS -> refusals("http");
            case SUBSCRIBES_REFUSED -> refusals("subscribe");
            case CLIENT_RESPONSES_IGNORED -> drops("client_response");
            case UPSTREAM_INVALID -> drops("upstream_invalid");
            case UPSTREAM_UNKNOWN_IDS -> drops("upstream_unknown_id");
            case UPSTREAM_UNKNOWN_SUBSCRIPTIONS -> drops("upstream_unknown_subscription");
            case REPLIES_TO_GONE -> drops("reply_to_gone");
            case SKIPPED_BY_ITEMS -> skipped("items");
            case SKIPPED_BY_BYTES -> skipped("bytes");
            case SKIPPED_BY_AGE -> skipped("age");
            case SKIPPED_BY_HISTORY -> skipped("history");
            case ACTIVATIONS_BY_PONG -> activations("pong");
            case ACTIVATIONS_BY_TIME -> activations("time");
            case ACTIVATIONS_BY_SPACE -> activations("space");
            default -> new CounterMetric(
                "ringcast_" + counter.name().toLowerCase(Locale.ROOT), counter.meaning(), null, null);
        };
    }

    Labels labels(final String network)
    {
        return label == null ? Labels.of("network", network) : Labels.of("network", network, label, value);
    }

    private static CounterMetric closes(final String reason)
    {
        return new CounterMetric(CLOSES, "connections that the relay closed, by reason", "reason", reason);
    }

    private static CounterMetric refusals(final String reason)
    {
        return new CounterMetric(REFUSALS, "what the relay refused, by reason", "reason", reason);
    }

    private static CounterMetric drops(final String reason)
    {
        return new CounterMetric(DROPS, "messages that went nowhere, by reason", "reason", reason);
    }

    private static CounterMetric skipped(final String reason)
    {
        return new CounterMetric(
            "ringcast_items_skipped", "items left out of slow subscriptions, by what went over", "reason", reason);
    }

    private static CounterMetric activations(final String trigger)
    {
        return new CounterMetric(
            ACTIVATIONS, "subscriptions opened behind the barrier, by what opened them", "trigger", trigger);
    }
}
