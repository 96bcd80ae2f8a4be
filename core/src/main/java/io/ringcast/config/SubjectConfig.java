package io.ringcast.config;

import java.util.List;

/**
 * What each subject of tokens ({@code sub}) may take, within what all tokens may together. A limit of 0 is none.
 * Immutable.
 *
 * @param connections       connections at once, over HTTP requests at once; default 0.
 * @param subscriptions     subscriptions at once; default 0.
 * @param requestsPerSecond calls a second, each of a batch by itself; default 0.
 * @param bytesPerSecond    bytes of calls and their answers a second; default 0.
 * @param subjects          how many subjects are told apart at once; default 10000. Lower saves memory; higher lets
 *                          more be here at the same time.
 */
public record SubjectConfig(
    long connections, long subscriptions, long requestsPerSecond, long bytesPerSecond, int subjects)
{
    /** Setting {@code subjects}. */
    public static final NumberSetting SUBJECTS = NumberSetting.of(
        "subjects", 10_000, 1, 10_000_000, "subjects of tokens that are told apart at once");
    /** The numbers, in the order of the components. */
    public static final List<NumberSetting> SETTINGS = List.of(
        RightsConfig.CONNECTIONS, RightsConfig.SUBSCRIPTIONS, RightsConfig.REQUESTS_PER_SECOND,
        RightsConfig.BYTES_PER_SECOND, SUBJECTS);

    public SubjectConfig
    {
        RightsConfig.CONNECTIONS.check(connections);
        RightsConfig.SUBSCRIPTIONS.check(subscriptions);
        RightsConfig.REQUESTS_PER_SECOND.check(requestsPerSecond);
        RightsConfig.BYTES_PER_SECOND.check(bytesPerSecond);
        SUBJECTS.check(subjects);
    }

    public static Builder builder()
    {
        return new Builder();
    }

    /** Collects values; what is not given has its default. Confined to the thread that builds a configuration. */
    public static final class Builder
    {
        private final NumberSettings values = new NumberSettings(SETTINGS);

        private Builder()
        {
        }

        /** Sets one value by its table entry. */
        public Builder set(final NumberSetting setting, final long value)
        {
            values.set(setting, value);
            return this;
        }

        public SubjectConfig build()
        {
            return new SubjectConfig(
                values.get(RightsConfig.CONNECTIONS), values.get(RightsConfig.SUBSCRIPTIONS),
                values.get(RightsConfig.REQUESTS_PER_SECOND), values.get(RightsConfig.BYTES_PER_SECOND),
                values.getInt(SUBJECTS));
        }
    }
}
