package io.ringcast.config;

import java.util.List;

/**
 * The bounds of a relay; reaching one is answered or closed as the wire rules say, and counted.
 * Immutable.
 *
 * @param connections client connections at once; default 10000. Lower turns clients away (HTTP 503) sooner; higher
 * takes
 *     memory and file descriptors.
 * @param subscriptionsPerConnection live subscriptions of one connection; default 1024. Lower refuses heavy clients
 *     (-32005); higher lets one client take more memory.
 * @param messageBytes longest message from a client, in bytes; default 32 MiB. Lower closes large answers
 *     and calls (1009); higher lets one message take that much memory.
 * @param batchItems elements of one batch; default 1000. Lower refuses larger batches; higher lets one message cause
 *     more upstream calls.
 * @param batchResponseBytes answers of one batch together, in bytes; default 25 MB. Lower answers the rest with
 *     -32003 sooner; higher holds more memory until the last answer is in.
 * @param outstandingCallsPerConnection unanswered calls of one connection; default 1024. Lower refuses bursts
 *     (-32005); higher lets one client fill the upstream.
 * @param outstandingCalls unanswered calls of one network, a power of two; default 65536. Lower refuses calls while
 *     the upstream is slow; higher takes memory up front.
 * @param writeBufferBytes unsent bytes of one connection before it counts as slow; default 1 MiB. Lower cuts slow
 *     clients off sooner; higher holds shared frames longer.
 * @param unsentBytes unsent bytes of all connections together; default 512 MiB. Lower cuts slow clients off sooner when
 *     there are many; higher needs as much direct memory.
 * @param unfinishedBytes bytes of messages that have begun and not ended, or wait for space in the ring, of all
 *     connections together, and as much again for large messages in the ring; default 256 MiB.
 *     Lower refuses many large messages at once; higher needs as much heap.
 * @param idBytes longest id of a call, in bytes; default 1024. Lower refuses odd clients; higher makes each
 *     outstanding call dearer.
 * @param filterAddresses addresses of one logs filter; default 1000. Lower refuses wide filters; higher makes
 *     matching and memory dearer.
 * @param filterTopicValues values in each of the four topic positions of a logs filter; default 1000. Lower refuses
 *     wide filters; higher makes matching and memory dearer.
 * @param upstreamMessageBytes longest message from an upstream, in bytes; default 256 MiB. Lower cuts an upstream off
 *     whose answers are larger; higher lets one answer take that much memory.
 * @param upstreamUnsentBytes bytes that one upstream has yet to take, beyond {@code unfinishedBytes}, which the ring
 *     may hold when clients are told to wait, before it is cut off; default 64 MiB. Lower gives a stuck upstream up
 *     sooner; higher needs as much direct memory.
 * @param httpConnections connections to one HTTP upstream at once; default 4. Lower makes calls wait for each other;
 *     higher asks the node for more at once.
 * @param heldTextBytes texts of unanswered calls that are kept to be sent to another upstream, in bytes; default
 *     64 MiB. Lower leaves more calls to their first upstream; higher needs as much heap.
 * @param cacheBytes answers that are kept to answer equal calls, in bytes; default 16 MiB. Lower asks upstreams more
 *     often; higher needs as much heap. 0 keeps none.
 * @param repairBlocks missing blocks that are fetched to close one hole; default 256. Lower declares a gap after a
 *     shorter outage; higher asks more at once.
 * @param reorgHistoryBytes logs kept of each feed of logs, to hold them back or tell them as removed; default 64 MiB.
 *     Lower can't tell what a deep reorg removed; higher takes that much heap for each feed.
 * @param staleGaps mean gaps between heads that an upstream may be silent or behind before its connection is reset;
 *     default 5. Lower resets slow ones for nothing; higher notices a dead one later.
 * @param lingeringTopics subscriptions of a network that are kept for lingerMs though nobody listens; default 65536.
 *     When it is reached the one that is first in line is forgotten. Lower forgets them sooner; higher may take
 *     more memory, about 2 KiB each.
 * @param polledFilters filters of a network that are polled, at once; default 10000. Lower refuses filters (-32005)
 *     sooner; higher may take more memory.
 * @param polledFiltersPerConnection such filters made over one connection, at once; default 1024. Lower refuses
 *     heavy clients (-32005); higher lets one client take more of polledFilters.
 * @param polledItems items that may wait for the poll of one filter; default 100000. Lower ends the filters of slow
 *     pollers sooner; higher keeps more.
 * @param polledBytes bytes that may wait for the poll of one filter; default 16 MiB. Lower ends the filters of slow
 *     pollers sooner; higher keeps more, and makes the answer as large.
 * @param polledBytesTogether bytes that wait for the polls of all filters of a network; default 128 MiB. Lower ends
 *     the filters with most waiting sooner; higher needs as much heap.
 */
public record LimitsConfig(
    int connections,
    int subscriptionsPerConnection,
    int messageBytes,
    int batchItems,
    int batchResponseBytes,
    int outstandingCallsPerConnection,
    int outstandingCalls,
    int writeBufferBytes,
    long unsentBytes,
    long unfinishedBytes,
    int idBytes,
    int filterAddresses,
    int filterTopicValues,
    int upstreamMessageBytes,
    int upstreamUnsentBytes,
    int httpConnections,
    long heldTextBytes,
    long cacheBytes,
    int repairBlocks,
    long reorgHistoryBytes,
    int staleGaps,
    int lingeringTopics,
    int polledFilters,
    int polledFiltersPerConnection,
    int polledItems,
    long polledBytes,
    long polledBytesTogether)
{
    /** Setting {@code connections}. */
    public static final NumberSetting CONNECTIONS = NumberSetting.of(
        "connections", 10_000, 1, 1_000_000,
        "client connections at once");
    /** Setting {@code subscriptionsPerConnection}. */
    public static final NumberSetting SUBSCRIPTIONS_PER_CONNECTION = NumberSetting.of(
        "subscriptionsPerConnection", 1_024, 1, 1_000_000,
        "live subscriptions of one connection");
    /** Setting {@code messageBytes}. */
    public static final NumberSetting MESSAGE_BYTES = NumberSetting.of(
        "messageBytes", 33_554_432, 1_024, 1_073_741_824,
        "longest message from a client, in bytes");
    /** Setting {@code batchItems}. */
    public static final NumberSetting BATCH_ITEMS = NumberSetting.of(
        "batchItems", 1_000, 1, 65_536,
        "elements of one batch");
    /** Setting {@code batchResponseBytes}. */
    public static final NumberSetting BATCH_RESPONSE_BYTES = NumberSetting.of(
        "batchResponseBytes", 25_000_000, 1_024, 1_073_741_824,
        "answers of one batch together, in bytes");
    /** Setting {@code outstandingCallsPerConnection}. */
    public static final NumberSetting OUTSTANDING_CALLS_PER_CONNECTION = NumberSetting.of(
        "outstandingCallsPerConnection", 1_024, 1, 1_000_000,
        "unanswered calls of one connection");
    /** Setting {@code outstandingCalls}. */
    public static final NumberSetting OUTSTANDING_CALLS = NumberSetting.powerOfTwo(
        "outstandingCalls", 65_536, 64, 1_048_576,
        "unanswered calls of a network, a power of two");
    /** Setting {@code writeBufferBytes}. */
    public static final NumberSetting WRITE_BUFFER_BYTES = NumberSetting.of(
        "writeBufferBytes", 1_048_576, 4_096, 1_073_741_824,
        "unsent bytes of one connection before it counts as slow");
    /** Setting {@code unsentBytes}. */
    public static final NumberSetting UNSENT_BYTES = NumberSetting.of(
        "unsentBytes", 536_870_912, 65_536, 1_099_511_627_776L,
        "unsent bytes of all connections together");
    /** Setting {@code unfinishedBytes}. */
    public static final NumberSetting UNFINISHED_BYTES = NumberSetting.of(
        "unfinishedBytes", 268_435_456, 65_536, 1_099_511_627_776L,
        "bytes of messages that have begun and not ended, or wait for the ring, of all connections");
    /** Setting {@code idBytes}. */
    public static final NumberSetting ID_BYTES = NumberSetting.of(
        "idBytes", 1_024, 16, 65_536,
        "longest id of a call, in bytes");
    /** Setting {@code filterAddresses}. */
    public static final NumberSetting FILTER_ADDRESSES = NumberSetting.of(
        "filterAddresses", 1_000, 1, 100_000,
        "addresses of one logs filter");
    /** Setting {@code filterTopicValues}. */
    public static final NumberSetting FILTER_TOPIC_VALUES = NumberSetting.of(
        "filterTopicValues", 1_000, 1, 100_000,
        "values in one topic position of a logs filter");
    /** Setting {@code upstreamMessageBytes}. */
    public static final NumberSetting UPSTREAM_MESSAGE_BYTES = NumberSetting.of(
        "upstreamMessageBytes", 268_435_456, 65_536, 1_073_741_824,
        "longest message from an upstream, in bytes");
    /** Setting {@code upstreamUnsentBytes}. */
    public static final NumberSetting UPSTREAM_UNSENT_BYTES = NumberSetting.of(
        "upstreamUnsentBytes", 67_108_864, 65_536, 1_073_741_824,
        "unsent bytes of one upstream, beyond unfinishedBytes, before it is cut off");
    /** Setting {@code httpConnections}. */
    public static final NumberSetting HTTP_CONNECTIONS = NumberSetting.of(
        "httpConnections", 4, 1, 256,
        "connections to one HTTP upstream at once");
    /** Setting {@code heldTextBytes}. */
    public static final NumberSetting HELD_TEXT_BYTES = NumberSetting.of(
        "heldTextBytes", 67_108_864, 0, 1_099_511_627_776L,
        "texts of unanswered calls kept for another upstream, in bytes");
    /** Setting {@code cacheBytes}. */
    public static final NumberSetting CACHE_BYTES = NumberSetting.of(
        "cacheBytes", 16_777_216, 0, 1_099_511_627_776L,
        "answers kept to answer equal calls, in bytes");
    /** Setting {@code repairBlocks}. */
    public static final NumberSetting REPAIR_BLOCKS = NumberSetting.of(
        "repairBlocks", 256, 1, 1_000,
        "missing blocks that are fetched to close one hole");
    /** Setting {@code reorgHistoryBytes}. */
    public static final NumberSetting REORG_HISTORY_BYTES = NumberSetting.of(
        "reorgHistoryBytes", 67_108_864, 65_536, 1_099_511_627_776L,
        "logs kept of each feed of logs, to hold them back or tell them as removed, in bytes");
    /** Setting {@code staleGaps}. */
    public static final NumberSetting STALE_GAPS = NumberSetting.of(
        "staleGaps", 5, 2, 1_000,
        "mean gaps between heads that an upstream may be silent or behind");
    /** Setting {@code lingeringTopics}. */
    public static final NumberSetting LINGERING_TOPICS = NumberSetting.of(
        "lingeringTopics", 65_536, 0, 10_000_000,
        "subscriptions of a network kept for lingerMs though nobody listens");
    /** Setting {@code polledFilters}. */
    public static final NumberSetting POLLED_FILTERS = NumberSetting.of(
        "polledFilters", 10_000, 1, 1_000_000,
        "filters of a network that are polled");
    /** Setting {@code polledFiltersPerConnection}. */
    public static final NumberSetting POLLED_FILTERS_PER_CONNECTION = NumberSetting.of(
        "polledFiltersPerConnection", 1_024, 1, 1_000_000,
        "such filters made over one connection");
    /** Setting {@code polledItems}. */
    public static final NumberSetting POLLED_ITEMS = NumberSetting.of(
        "polledItems", 100_000, 1, 10_000_000,
        "items that may wait for the poll of one filter");
    /** Setting {@code polledBytes}. */
    public static final NumberSetting POLLED_BYTES = NumberSetting.of(
        "polledBytes", 16_777_216, 1_024, 1_073_741_824,
        "bytes that may wait for the poll of one filter");
    /** Setting {@code polledBytesTogether}. */
    public static final NumberSetting POLLED_BYTES_TOGETHER = NumberSetting.of(
        "polledBytesTogether", 134_217_728, 1_024, 1_099_511_627_776L,
        "bytes that wait for the polls of all filters of a network");
    /** All of them, in the order of the components. */
    public static final List<NumberSetting> SETTINGS = List.of(
        CONNECTIONS, SUBSCRIPTIONS_PER_CONNECTION, MESSAGE_BYTES, BATCH_ITEMS,
        BATCH_RESPONSE_BYTES, OUTSTANDING_CALLS_PER_CONNECTION, OUTSTANDING_CALLS, WRITE_BUFFER_BYTES,
        UNSENT_BYTES, UNFINISHED_BYTES, ID_BYTES, FILTER_ADDRESSES, FILTER_TOPIC_VALUES,
        UPSTREAM_MESSAGE_BYTES, UPSTREAM_UNSENT_BYTES, HTTP_CONNECTIONS, HELD_TEXT_BYTES,
        CACHE_BYTES, REPAIR_BLOCKS, REORG_HISTORY_BYTES, STALE_GAPS, LINGERING_TOPICS, POLLED_FILTERS,
        POLLED_FILTERS_PER_CONNECTION, POLLED_ITEMS, POLLED_BYTES, POLLED_BYTES_TOGETHER);

    public LimitsConfig
    {
        CONNECTIONS.check(connections);
        SUBSCRIPTIONS_PER_CONNECTION.check(subscriptionsPerConnection);
        MESSAGE_BYTES.check(messageBytes);
        BATCH_ITEMS.check(batchItems);
        BATCH_RESPONSE_BYTES.check(batchResponseBytes);
        OUTSTANDING_CALLS_PER_CONNECTION.check(outstandingCallsPerConnection);
        OUTSTANDING_CALLS.check(outstandingCalls);
        WRITE_BUFFER_BYTES.check(writeBufferBytes);
        UNSENT_BYTES.check(unsentBytes);
        UNFINISHED_BYTES.check(unfinishedBytes);
        ID_BYTES.check(idBytes);
        FILTER_ADDRESSES.check(filterAddresses);
        FILTER_TOPIC_VALUES.check(filterTopicValues);
        UPSTREAM_MESSAGE_BYTES.check(upstreamMessageBytes);
        UPSTREAM_UNSENT_BYTES.check(upstreamUnsentBytes);
        HTTP_CONNECTIONS.check(httpConnections);
        HELD_TEXT_BYTES.check(heldTextBytes);
        CACHE_BYTES.check(cacheBytes);
        REPAIR_BLOCKS.check(repairBlocks);
        REORG_HISTORY_BYTES.check(reorgHistoryBytes);
        STALE_GAPS.check(staleGaps);
        LINGERING_TOPICS.check(lingeringTopics);
        POLLED_FILTERS.check(polledFilters);
        POLLED_FILTERS_PER_CONNECTION.check(polledFiltersPerConnection);
        POLLED_ITEMS.check(polledItems);
        POLLED_BYTES.check(polledBytes);
        POLLED_BYTES_TOGETHER.check(polledBytesTogether);
    }

    public static LimitsConfig defaults()
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
            .connections(connections)
            .subscriptionsPerConnection(subscriptionsPerConnection)
            .messageBytes(messageBytes)
            .batchItems(batchItems)
            .batchResponseBytes(batchResponseBytes)
            .outstandingCallsPerConnection(outstandingCallsPerConnection)
            .outstandingCalls(outstandingCalls)
            .writeBufferBytes(writeBufferBytes)
            .unsentBytes(unsentBytes)
            .unfinishedBytes(unfinishedBytes)
            .idBytes(idBytes)
            .filterAddresses(filterAddresses)
            .filterTopicValues(filterTopicValues)
            .upstreamMessageBytes(upstreamMessageBytes)
            .upstreamUnsentBytes(upstreamUnsentBytes)
            .httpConnections(httpConnections)
            .heldTextBytes(heldTextBytes)
            .cacheBytes(cacheBytes)
            .repairBlocks(repairBlocks)
            .reorgHistoryBytes(reorgHistoryBytes)
            .staleGaps(staleGaps)
            .lingeringTopics(lingeringTopics)
            .polledFilters(polledFilters)
            .polledFiltersPerConnection(polledFiltersPerConnection)
            .polledItems(polledItems)
            .polledBytes(polledBytes)
            .polledBytesTogether(polledBytesTogether);
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

        public Builder connections(final int value)
        {
            return set(CONNECTIONS, value);
        }

        public Builder subscriptionsPerConnection(final int value)
        {
            return set(SUBSCRIPTIONS_PER_CONNECTION, value);
        }

        public Builder messageBytes(final int value)
        {
            return set(MESSAGE_BYTES, value);
        }

        public Builder batchItems(final int value)
        {
            return set(BATCH_ITEMS, value);
        }

        public Builder batchResponseBytes(final int value)
        {
            return set(BATCH_RESPONSE_BYTES, value);
        }

        public Builder outstandingCallsPerConnection(final int value)
        {
            return set(OUTSTANDING_CALLS_PER_CONNECTION, value);
        }

        public Builder outstandingCalls(final int value)
        {
            return set(OUTSTANDING_CALLS, value);
        }

        public Builder writeBufferBytes(final int value)
        {
            return set(WRITE_BUFFER_BYTES, value);
        }

        public Builder unsentBytes(final long value)
        {
            return set(UNSENT_BYTES, value);
        }

        public Builder unfinishedBytes(final long value)
        {
            return set(UNFINISHED_BYTES, value);
        }

        public Builder idBytes(final int value)
        {
            return set(ID_BYTES, value);
        }

        public Builder filterAddresses(final int value)
        {
            return set(FILTER_ADDRESSES, value);
        }

        public Builder filterTopicValues(final int value)
        {
            return set(FILTER_TOPIC_VALUES, value);
        }

        public Builder upstreamMessageBytes(final int value)
        {
            return set(UPSTREAM_MESSAGE_BYTES, value);
        }

        public Builder upstreamUnsentBytes(final int value)
        {
            return set(UPSTREAM_UNSENT_BYTES, value);
        }

        public Builder httpConnections(final int value)
        {
            return set(HTTP_CONNECTIONS, value);
        }

        public Builder heldTextBytes(final long value)
        {
            return set(HELD_TEXT_BYTES, value);
        }

        public Builder cacheBytes(final long value)
        {
            return set(CACHE_BYTES, value);
        }

        public Builder repairBlocks(final int value)
        {
            return set(REPAIR_BLOCKS, value);
        }

        public Builder reorgHistoryBytes(final long value)
        {
            return set(REORG_HISTORY_BYTES, value);
        }

        public Builder staleGaps(final int value)
        {
            return set(STALE_GAPS, value);
        }

        public Builder lingeringTopics(final int value)
        {
            return set(LINGERING_TOPICS, value);
        }

        public Builder polledFilters(final int value)
        {
            return set(POLLED_FILTERS, value);
        }

        public Builder polledFiltersPerConnection(final int value)
        {
            return set(POLLED_FILTERS_PER_CONNECTION, value);
        }

        public Builder polledItems(final int value)
        {
            return set(POLLED_ITEMS, value);
        }

        public Builder polledBytes(final long value)
        {
            return set(POLLED_BYTES, value);
        }

        public Builder polledBytesTogether(final long value)
        {
            return set(POLLED_BYTES_TOGETHER, value);
        }

        public LimitsConfig build()
        {
            return new LimitsConfig(
                values.getInt(CONNECTIONS),
                values.getInt(SUBSCRIPTIONS_PER_CONNECTION),
                values.getInt(MESSAGE_BYTES),
                values.getInt(BATCH_ITEMS),
                values.getInt(BATCH_RESPONSE_BYTES),
                values.getInt(OUTSTANDING_CALLS_PER_CONNECTION),
                values.getInt(OUTSTANDING_CALLS),
                values.getInt(WRITE_BUFFER_BYTES),
                values.get(UNSENT_BYTES),
                values.get(UNFINISHED_BYTES),
                values.getInt(ID_BYTES),
                values.getInt(FILTER_ADDRESSES),
                values.getInt(FILTER_TOPIC_VALUES),
                values.getInt(UPSTREAM_MESSAGE_BYTES),
                values.getInt(UPSTREAM_UNSENT_BYTES),
                values.getInt(HTTP_CONNECTIONS),
                values.get(HELD_TEXT_BYTES),
                values.get(CACHE_BYTES),
                values.getInt(REPAIR_BLOCKS),
                values.get(REORG_HISTORY_BYTES),
                values.getInt(STALE_GAPS),
                values.getInt(LINGERING_TOPICS),
                values.getInt(POLLED_FILTERS),
                values.getInt(POLLED_FILTERS_PER_CONNECTION),
                values.getInt(POLLED_ITEMS),
                values.get(POLLED_BYTES),
                values.get(POLLED_BYTES_TOGETHER));
        }
    }
}
