package io.ringcast.config;

import java.util.List;

/**
 * Topics of a network that no node knows: what clients publish, others receive.
 * Immutable.
 *
 * @param publish            the names that clients may publish and subscribe to; a {@code *} at the end of one
 *                           stands for anything. None, the default, lets nobody publish.
 * @param subscribe          further names that clients may only subscribe to: the program publishes there.
 * @param topicNameBytes     longest name; default 128. Higher makes each topic dearer.
 * @param topicPayloadBytes  longest payload, in bytes; default 64 KiB. Higher lets one publisher fill more sockets.
 * @param publishesPerSecond of one connection; default 100. Lower refuses busy publishers; higher lets one take more of
 *                           everybody's bandwidth.
 * @param topicCount         topics of the network at once; default 10000. Higher takes memory.
 */
public record OwnTopicsConfig(
    List<String> publish,
    List<String> subscribe,
    int topicNameBytes,
    int topicPayloadBytes,
    int publishesPerSecond,
    int topicCount)
{
    /** Setting {@code topicNameBytes}. */
    public static final NumberSetting TOPIC_NAME_BYTES = NumberSetting.of(
        "topicNameBytes", 128, 1, 1_024, "longest name of a topic, in bytes");
    /** Setting {@code topicPayloadBytes}. */
    public static final NumberSetting TOPIC_PAYLOAD_BYTES = NumberSetting.of(
        "topicPayloadBytes", 65_536, 1, 33_554_432, "longest payload that is published to a topic, in bytes");
    /** Setting {@code publishesPerSecond}. */
    public static final NumberSetting PUBLISHES_PER_SECOND = NumberSetting.of(
        "publishesPerSecond", 100, 1, 1_000_000, "payloads that one connection publishes each second");
    /** Setting {@code topicCount}. */
    public static final NumberSetting TOPIC_COUNT = NumberSetting.of(
        "topicCount", 10_000, 1, 1_000_000, "topics of a network at once, those included that linger");
    /** The numbers, in the order of the components. */
    public static final List<NumberSetting> SETTINGS =
        List.of(TOPIC_NAME_BYTES, TOPIC_PAYLOAD_BYTES, PUBLISHES_PER_SECOND, TOPIC_COUNT);

    private static final String ANY = "*";
    private static final String NAME = "[A-Za-z0-9._:/@~+-]+";
    private static final String PATTERN = "[A-Za-z0-9._:/@~+-]*\\*?";
    private static final int MAX_PATTERNS = 64;

    public OwnTopicsConfig
    {
        publish = checked("publish", publish);
        subscribe = checked("subscribe", subscribe);
        TOPIC_NAME_BYTES.check(topicNameBytes);
        TOPIC_PAYLOAD_BYTES.check(topicPayloadBytes);
        PUBLISHES_PER_SECOND.check(publishesPerSecond);
        TOPIC_COUNT.check(topicCount);
    }

    private static List<String> checked(final String name, final List<String> patterns)
    {
        if (patterns.size() > MAX_PATTERNS)
        {
            throw new ConfigException(name, "[" + patterns.size() + " patterns]", "too many", "0 to " + MAX_PATTERNS);
        }
        for (final String pattern : patterns)
        {
            if (pattern.isEmpty() || !pattern.matches(PATTERN))
            {
                throw new ConfigException(name, pattern, "not a name of topics",
                    "letters, digits and . _ : / @ ~ + -, with a * at the end at most");
            }
        }
        return List.copyOf(patterns);
    }

    /** Nobody publishes anything, and there are no such topics. */
    public static OwnTopicsConfig none()
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
        return builder()
            .publish(publish)
            .subscribe(subscribe)
            .set(TOPIC_NAME_BYTES, topicNameBytes)
            .set(TOPIC_PAYLOAD_BYTES, topicPayloadBytes)
            .set(PUBLISHES_PER_SECOND, publishesPerSecond)
            .set(TOPIC_COUNT, topicCount);
    }

    /**
     * Tells whether there are any.
     *
     * @return false if a subscribe to a topic is a matter of the nodes.
     */
    public boolean isOn()
    {
        return !publish.isEmpty() || !subscribe.isEmpty();
    }

    /**
     * Tells whether a text can be a name.
     *
     * @param text any text.
     * @return true if it is short enough and of allowed characters, which look the same in JSON and in a URL.
     */
    public boolean isName(final String text)
    {
        return text.length() <= topicNameBytes && text.matches(NAME);
    }

    /**
     * Tells whether clients may publish to a topic.
     *
     * @param name the topic's name.
     * @return true if they may.
     */
    public boolean mayPublish(final String name)
    {
        return matches(publish, name);
    }

    /**
     * Tells whether clients may subscribe to a topic, and the program publish there.
     *
     * @param name the topic's name.
     * @return true if they may.
     */
    public boolean maySubscribe(final String name)
    {
        return matches(publish, name) || matches(subscribe, name);
    }

    private static boolean matches(final List<String> patterns, final String name)
    {
        for (int i = 0; i < patterns.size(); i++)
        {
            final String pattern = patterns.get(i);
            final int stars = pattern.endsWith(ANY) ? 1 : 0;
            if (stars == 0 ? pattern.equals(name) :
                name.regionMatches(0, pattern, 0, pattern.length() - stars))
            {
                return true;
            }
        }
        return false;
    }

    /** Collects values; what is not given has its default. Confined to the thread that builds a configuration. */
    public static final class Builder
    {
        private final NumberSettings values = new NumberSettings(SETTINGS);
        private List<String> publish = List.of();
        private List<String> subscribe = List.of();

        private Builder()
        {
        }

        /** Sets one value by its table entry, as the YAML reader does. */
        public Builder set(final NumberSetting setting, final long value)
        {
            values.set(setting, value);
            return this;
        }

        /** Sets the names that clients may publish to. */
        public Builder publish(final List<String> patterns)
        {
            publish = patterns;
            return this;
        }

        /** Sets further names that clients may only subscribe to. */
        public Builder subscribe(final List<String> patterns)
        {
            subscribe = patterns;
            return this;
        }

        public OwnTopicsConfig build()
        {
            return new OwnTopicsConfig(
                publish, subscribe, values.getInt(TOPIC_NAME_BYTES), values.getInt(TOPIC_PAYLOAD_BYTES),
                values.getInt(PUBLISHES_PER_SECOND), values.getInt(TOPIC_COUNT));
        }
    }
}
