package io.ringcast.config;

import java.util.List;

/**
 * What is kept so that a subscriber can go on where it was.
 * Immutable.
 *
 * @param historyBytes what the histories of a network may take together, in bytes; default 64 MiB. One feed takes at
 *                     most a quarter. Lower lets a slow or returning subscriber go back less far; higher needs as much
 *                     heap, and a quarter more for what is read of the past. 0 keeps none: then nobody resumes, and
 *                     who is slow is closed.
 * @param historyItems how many items of a feed are kept at most, a power of two; default 65536. Lower and higher as
 *                     above.
 * @param sessions how many sessions are kept at most whose clients are away; default 10000. When it is reached the one
 *                     goes that was left longest ago. 0 has none: a token in a URL is refused.
 * @param sessionSubscriptions how many subscriptions all of them keep together; default 100000. As above.
 * @param sessionTtlMs how long they are kept, in milliseconds; default 60000. Lower carries fewer items for nobody;
 *                     higher lets clients stay away for longer.
 */
public record DeliveryConfig(
    long historyBytes, int historyItems, int sessions, int sessionSubscriptions, long sessionTtlMs)
{
    /** Setting {@code historyBytes}. */
    public static final NumberSetting HISTORY_BYTES = NumberSetting.of(
        "historyBytes", 67_108_864, 0, 1_099_511_627_776L,
        "items of a network kept for subscribers that resume or are slow, in bytes");
    /** Setting {@code historyItems}. */
    public static final NumberSetting HISTORY_ITEMS = NumberSetting.powerOfTwo(
        "historyItems", 65_536, 64, 16_777_216,
        "items of one feed that are kept, a power of two");
    /** Setting {@code sessions}. */
    public static final NumberSetting SESSIONS = NumberSetting.of(
        "sessions", 10_000, 0, 1_000_000,
        "sessions kept for clients that are away; 0: no sessions");
    /** Setting {@code sessionSubscriptions}. */
    public static final NumberSetting SESSION_SUBSCRIPTIONS = NumberSetting.of(
        "sessionSubscriptions", 100_000, 1, 10_000_000,
        "subscriptions that all of these sessions keep together");
    /** Setting {@code sessionTtlMs}. */
    public static final NumberSetting SESSION_TTL_MS = NumberSetting.of(
        "sessionTtlMs", 60_000, 1, 86_400_000,
        "how long a session is kept without its client, in ms");
    /** The numbers, in the order of the components. */
    public static final List<NumberSetting> SETTINGS =
        List.of(HISTORY_BYTES, HISTORY_ITEMS, SESSIONS, SESSION_SUBSCRIPTIONS, SESSION_TTL_MS);

    public DeliveryConfig
    {
        HISTORY_BYTES.check(historyBytes);
        HISTORY_ITEMS.check(historyItems);
        SESSIONS.check(sessions);
        SESSION_SUBSCRIPTIONS.check(sessionSubscriptions);
        SESSION_TTL_MS.check(sessionTtlMs);
    }

    public static DeliveryConfig defaults()
    {
        return builder().build();
    }

    public static Builder builder()
    {
        return new Builder();
    }

    /** A builder that starts from these values. */
    public Builder toBuilder()
    {
        return builder().historyBytes(historyBytes).historyItems(historyItems)
            .sessions(sessions).sessionSubscriptions(sessionSubscriptions).sessionTtlMs(sessionTtlMs);
    }

    /** Collects values; what is not given has its default. Confined to the thread that builds a configuration. */
    public static final class Builder
    {
        private final NumberSettings values = new NumberSettings(SETTINGS);

        private Builder()
        {
        }

        /** Sets one value by its table entry, as the YAML reader and the flags do. */
        public Builder set(final NumberSetting setting, final long value)
        {
            values.set(setting, value);
            return this;
        }

        public Builder historyBytes(final long value)
        {
            return set(HISTORY_BYTES, value);
        }

        public Builder historyItems(final int value)
        {
            return set(HISTORY_ITEMS, value);
        }

        public Builder sessions(final int value)
        {
            return set(SESSIONS, value);
        }

        public Builder sessionSubscriptions(final int value)
        {
            return set(SESSION_SUBSCRIPTIONS, value);
        }

        public Builder sessionTtlMs(final long value)
        {
            return set(SESSION_TTL_MS, value);
        }

        public DeliveryConfig build()
        {
            return new DeliveryConfig(
                values.get(HISTORY_BYTES), values.getInt(HISTORY_ITEMS), values.getInt(SESSIONS),
                values.getInt(SESSION_SUBSCRIPTIONS), values.get(SESSION_TTL_MS));
        }
    }
}
