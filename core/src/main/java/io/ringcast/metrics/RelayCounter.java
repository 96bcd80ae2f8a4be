package io.ringcast.metrics;

/** Everything that is counted, with what it means. Immutable. */
public enum RelayCounter
{
    CONNECTIONS_OPENED("downstream connections that finished their handshake, or over HTTP began their first call"),
    CONNECTIONS_CLOSED("downstream connections that ended"),
    CONNECTIONS_REFUSED("handshakes refused: limit, path, or a bad request"),
    OWED_REFUSALS("connections refused because the ring has yet to be told of too many that came or went"),
    CLOSED_SLOW("connections closed with 4008: more waiting to be written than writeBufferBytes"),
    CLOSES_UNREAD("of these, hung up on before all was taken: the client had stopped reading, or took too long"),
    CLOSED_VIOLATION("connections closed with 1002, 1007 or 1009"),
    CLOSED_NO_PONG("connections closed because no pong came in time"),
    CLOSED_OVERLOAD("connections closed with 1013: the relay's budget for unfinished messages was used up"),

    KEYS_REFUSED("requests without a valid key, or for a network that the key is not for"),
    KEY_LIMITS("requests refused because the key has too many connections"),
    PAGES_REFUSED("requests of web pages whose origin, or for hosts whose name, is not allowed"),
    KEYS_REVOKED("connections closed because a reload of the configuration took their key away"),
    CONFIG_RELOADS("configurations taken while the relay runs"),
    CONFIG_RELOADS_REFUSED("configurations that were not taken while the relay runs"),
    PROXY_HEADERS_REFUSED("connections closed because they did not begin with the PROXY header that they should"),
    ACCEPTS_REFUSED("connections refused because their address opened too many in a second"),
    TOKENS_EXPIRED("connections closed with 1008 because their token had ended"),
    KEY_RELOADS_FAILED("times changed files of keys could not be used; the old keys stay"),
    TLS_HANDSHAKES("TLS handshakes with clients that succeeded"),
    TLS_FAILURES("TLS handshakes with clients that failed, were too slow or came a second time"),
    TLS_RELOADS("times changed files of the certificate were taken into use"),
    TLS_RELOADS_FAILED("times changed files of the certificate could not be used; the old ones stay"),

    CLIENT_FRAMES("messages from clients"),
    CLIENT_CALLS("calls from clients, each element of a batch by itself"),
    CLIENT_NOTIFICATIONS("calls without an id from clients"),
    CLIENT_BATCHES("batches from clients"),
    CLIENT_RESPONSES_IGNORED("responses from clients: the relay never calls one"),
    INVALID_JSON("client texts answered with -32700"),
    INVALID_REQUESTS("client requests answered with -32600"),
    LIMIT_REFUSALS("calls answered with -32005, and batches refused for their size"),
    RATE_REFUSALS("calls answered with -32005, or dropped, because their key had asked for too much in a second"),
    METHODS_DENIED("calls answered with -32601, or dropped, because their method may not be called"),
    CALLS_FORWARDED("calls sent to an upstream"),
    CALLS_ANSWERED("calls answered by an upstream"),
    CALLS_TIMED_OUT("calls answered with -32002"),
    CALLS_LOST_UPSTREAM("calls answered with -32070 because no upstream was connected or it went away"),

    UPSTREAM_FRAMES("messages from upstreams"),
    UPSTREAM_CONNECTS("upstream connections that came up"),
    UPSTREAM_DISCONNECTS("upstream connections that went down"),
    UPSTREAM_CONNECT_FAILURES("tries to connect to an upstream that failed"),
    UPSTREAM_INVALID("upstream messages that are not JSON-RPC"),
    UPSTREAM_UNKNOWN_IDS("upstream answers to no outstanding call: late, doubled or invented"),
    UPSTREAM_UNKNOWN_SUBSCRIPTIONS("upstream items of an unknown subscription that were given up"),
    UPSTREAM_EARLY_ITEMS("upstream items that came before the answer to their subscribe, held and then published"),
    UPSTREAM_ITEM_ERRORS("upstream notifications with an error in place of an item"),
    FEEDS_SUBSCRIBED("feeds that an upstream accepted, again after each reconnect"),
    FEEDS_REFUSED("feeds that an upstream refused"),
    FEEDS_RELEASED("feeds given back because nobody listened"),
    TOPICS_FORGOTTEN("subscriptions without listeners forgotten before lingerMs: lingeringTopics was reached"),

    SUBSCRIBES("subscriptions granted"),
    SUBSCRIBES_REFUSED("subscriptions refused"),
    UNSUBSCRIBES("subscriptions ended by their owner"),
    SUBSCRIPTIONS_DROPPED("subscriptions ended because their connection did"),
    SUBSCRIPTIONS_ENDED("subscriptions ended by their last item, or because no upstream has what they are of"),
    UNSUBSCRIBES_UNKNOWN("unsubscribes of an id that the connection does not own"),
    ITEMS_IN("items from upstream feeds"),
    ITEMS_PUBLISHED("items published, once for each topic they match"),
    FRAMES_ENCODED("frames encoded"),

    DELIVERIES("items handed to the kernel or to an in-process subscriber"),
    WRITES("writes to sockets, each of one or more frames"),
    WRITES_PARTIAL("writes that the kernel took only in part"),
    ACTIVATIONS_BY_PONG("subscriptions opened by the pong to the barrier's ping"),
    ACTIVATIONS_BY_TIME("subscriptions opened because that pong did not come in time"),
    ACTIVATIONS_BY_SPACE("subscriptions opened early because too much was waiting behind the barrier"),
    REPLIES_TO_GONE("answers for connections that had ended"),
    OUTLET_FAILURES("connections closed because writing to them failed"),

    LISTENER_FAILURES("in-process listeners that threw; their subscription was ended"),
    EGRESS_FAILURES("exceptions on an I/O loop while it did what a slot, a socket or the time says: a bug"),

    GATE_CLOSINGS("times a socket's reads stopped: the ring was full or the upstream could not take more"),
    LOOP_WAKEUPS("times a sleeping I/O loop was woken by encode"),
    STAGE_FAILURES("exceptions in a stage: a bug; the ring went on"),

    PUBLISHES("payloads that were published to topics of the relay's own"),
    PUBLISHES_REFUSED("publishes refused: no right, a bad name or payload, or a limit"),

    ITEMS_DUPLICATE("items dropped because another upstream, or the same one, had brought them"),
    ITEMS_UNCONFIRMED("items given up that fewer upstreams than the quorum had brought"),
    ITEMS_MALFORMED(
        "heads and logs without what identifies them, heads of more than 64 KiB, and those that contradict themselves"),
    REPAIR_FETCHES("calls of the relay's own for heads and logs that were missing"),
    REPAIR_FETCHES_FAILED("such calls that an upstream could not answer"),
    HEADS_REPAIRED("heads published that no upstream had pushed: they were fetched"),
    HEADS_SET_ASIDE("heads of a branch told by an upstream that is behind; published only on the way to others"),
    HEADS_CROWDED_OUT("heads that waited for other upstreams to agree, and made room for a later one of their own"),
    QUORUMS_LOST("times heads began to wait because fewer upstreams than the quorum told of them"),
    HEADS_LATE("heads that came after their gap was declared, or from before the first one; not published"),
    HEAD_GAPS("gaps declared in the heads: what was missing could not be had in time"),
    REORGS("heads published that replaced a block published before"),
    HEADS_CONTESTED("heads of which upstreams told another number or parent than others"),
    LANES_LEFT_OUT("times an upstream was left out of the heads because the others contradicted it"),
    LANES_STALE("times an upstream's connection was reset because it was silent or behind for too long"),
    HEAD_LANES_SILENT("upstreams found to have accepted newHeads and to push none of their blocks: they are polled"),
    HEAD_LANES_REFUSING("upstreams that refused newHeads and said where they are when asked: they are polled"),
    LOG_LANES_SILENT("upstreams found to have accepted a feed of logs and to tell none"),
    LOGS_REMOVED("logs published again as removed, because the chain left their block"),
    LOGS_REMOVED_IGNORED("logs with removed:true from upstreams: the relay tells of removals itself"),
    LOGS_REMOVED_LOST("blocks left by the chain whose logs were no longer kept, so their removal was not told"),
    LOGS_REPAIRED("logs that no upstream had pushed: they were fetched"),
    LOGS_LATE("logs that came after the place for them had passed; not published"),
    LOGS_DROPPED("logs given up: their block never joined the chain, or there was no room to hold them"),
    LOG_GAPS("gaps declared in the logs of a block: they could not be had in time"),
    LOG_VISITS_CUT("blocks that the chain left before all their logs could be told"),
    CALLS_FAILED_OVER("calls sent to another upstream because the first failed them or was too slow"),
    CALLS_HUNG_UP_ON("long calls that were under way when their upstream hung up; not sent to another one"),
    CALLS_BROADCAST("calls sent to all upstreams"),
    CALLS_HELD("calls held until an upstream has the head that their caller was shown"),
    CALLS_UNREPEATABLE("calls left to one upstream because heldTextBytes was used up"),
    NOTIFICATIONS_DROPPED("calls without an id that no upstream could take"),
    UPSTREAM_LATE_ANSWERS("upstream answers to a call that another upstream had or has answered"),
    BREAKERS_OPENED("times an upstream was set aside after failures in a row"),
    UPSTREAM_TOO_BIG("upstream connections closed: a message over upstreamMessageBytes"),
    UPSTREAM_OVERFLOWS("upstream connections closed: they had more than upstreamUnsentBytes and " +
        "unfinishedBytes together yet to take"),
    CALLS_JOINED("calls answered with what an equal call under way brought"),
    JOINED_SENT("joined calls sent after all: the answer was too large to be copied to all of them at once"),
    CACHE_HITS("calls answered from the cache"),
    CACHE_EVICTIONS("answers dropped from the cache for the sake of newer ones"),
    CACHE_REFUSALS("answers not kept because they take too large a part of cacheBytes"),
    POLLS("questions for what is new, to upstreams that do not push it"),
    POLL_FAILURES("such questions that were not answered as they should be; they are asked again"),
    POLL_GAPS("times a poller gave blocks, logs or pending transactions up that it could not get"),
    HTTP_FAILURES("calls over HTTP that the relay answered with an error: no answer, a status, or no JSON-RPC"),
    HTTP_CONNECTS("connections opened to HTTP upstreams"),

    LAGS_BEGUN("times a subscription fell behind instead of being cut off, because its socket was full"),
    LAGS_BEYOND_BOUNDS("connections closed with 4008 because more waited for a slow subscription than its maxItems, " +
        "maxBytes or maxAgeMs"),
    CATCH_UPS_ASKED("questions of connections that are behind for the next items of a topic"),
    ITEMS_REPLAYED("items sent again from a history, each to one connection"),
    SUBSCRIBES_RESUMED("subscribes that went on behind an item that the client had"),
    GAPS_FILLED("subscriptions that go on behind what is no longer kept: what followed is read from an upstream"),
    RESUMES_REFUSED("subscribes answered with -32071, and what a session did not restore: what follows is not kept"),
    SUBSCRIBES_WITH_HISTORY("subscribes that began with a block of the past"),
    HISTORY_CALLS("calls of the relay's own for what was before a subscriber came"),
    HISTORY_CALLS_FAILED("such calls that an upstream could not answer, or not in time; they are asked again"),
    HISTORY_STALLS("times that no upstream could answer such a call; its subscriber waits, and the status tells it"),
    HISTORY_PAGES_DROPPED("answers to such calls that were dropped before all was sent, for the sake of other readers"),
    HISTORY_ITEMS("items of the past sent to the subscribers that they were read for"),
    FEEDS_GIVEN_UP_BYTES("bytes of kept items given up for feeds that had less"),
    INDEXES_GIVEN_UP_BYTES(
        "bytes of indexes of filters, and of what slow subscribers were not given, given up for others that had less"),
    BLOCKS_GIVEN_UP_BYTES("bytes of what was told as whole blocks given up for other subscriptions that had less"),
    REMOVALS_GIVEN_UP_BYTES(
        "bytes of logs that subscribers may have to have taken back, given up for others that had less"),
    REMOVALS_REFUSED(
        "times that logs which a subscriber may have to have taken back were not kept: its share is full"),
    WHOLE_BLOCK_ITEMS_LOST("items not told to a subscription to whole blocks: when their block was whole they were " +
        "no longer kept"),
    SKIPPED_BY_ITEMS("items left out of a slow subscription because more than its maxItems waited"),
    SKIPPED_BY_BYTES("items left out of a slow subscription because more than its maxBytes waited"),
    SKIPPED_BY_AGE("items left out of a slow subscription because one waited longer than its maxAgeMs"),
    SKIPPED_BY_HISTORY("items left out of a slow subscription because they were no longer kept"),
    ITEMS_MERGED("items left out of a slow subscription, because a newer one has the same key"),

    SESSION_CONNECTIONS("connections that came with a session's token"),
    SESSIONS_TAKEN_OVER("connections closed with 4009: another one came with the session's token"),
    SESSION_SUBSCRIPTIONS_KEPT("subscriptions kept for a session whose connection has ended"),
    SESSION_SUBSCRIPTIONS_EVICTED(
        "kept subscriptions given up before their time: their session has left too many since"),
    SESSION_SUBSCRIPTIONS_RESUMED("subscriptions that went on where their session had left them"),
    SESSION_GAPS("such subscriptions for which not all was kept: they went on with the oldest item that was"),
    SESSION_RESTORES_REFUSED("subscriptions that were to begin by themselves and did not: the connection, " +
        "or the key, has as many as it may"),
    SESSIONS_EXPIRED("sessions given up because their client did not come back within sessionTtlMs"),
    SESSIONS_EVICTED("sessions given up before their time: sessions or sessionSubscriptions was reached"),

    HTTP_REQUESTS("HTTP requests on a network's path that were taken"),
    HTTP_REFUSALS("HTTP requests answered with a status of 400 or above"),
    HTTP2_CONNECTIONS("client sockets that spoke HTTP/2"),
    HTTP2_VIOLATIONS("client sockets closed because they broke the rules of HTTP/2 or its limits"),
    IPC_CONNECTIONS("clients that connected to a Unix domain socket"),
    SSE_STREAMS("streams of server-sent events that were asked for"),
    DEFLATED_CONNECTIONS("WebSocket clients with which compression was agreed on"),
    FRAMES_DEFLATED("items compressed, once for all clients of a loop"),
    INFLATION_TURNS("further turns of their loop that compressed messages of clients waited for"),

    FILTERS_CREATED("filters made that are polled"),
    FILTERS_REFUSED("filters refused"),
    FILTERS_ENDED("filters ended by eth_uninstallFilter"),
    FILTERS_EXPIRED("filters ended because nobody polled them for filterIdleMs"),
    FILTERS_OVERRUN("filters ended because more waited for their poll than polledItems and the like allow"),
    FILTERS_UNKNOWN("calls with the id of no filter"),
    FILTER_POLLS("polls of filters that were answered"),
    FILTER_ITEMS("items handed to polls"),

    JOURNAL_SLOTS("slots of the ring that were recorded in the journal"),
    JOURNAL_BYTES("bytes of records that the journal took"),
    JOURNAL_PUSH_BACKS("times the journal took no more for the moment; the ring absorbs it"),
    JOURNAL_HOLDS("times delivery was held back because the journal was behind for pushBackMs"),
    JOURNAL_FAILURES("exceptions while something was recorded or looked after: a bug; the ring went on"),
    JOURNAL_BREAKS("journals given up until the next start: nothing more is recorded"),
    JOURNAL_DAMAGES("networks that began anew since their last run in the journal is damaged"),
    JOURNAL_CHECKPOINTS("checkpoints of a network's stages made in the journal: a restart begins at the last one"),
    JOURNAL_CHECKPOINT_BYTES("bytes of these checkpoints"),
    JOURNAL_CHECKPOINT_FAILURES("checkpoints that could not be made, or not be gone on with at the start"),
    JOURNAL_PURGED_BYTES("bytes of the journal's oldest records given up to keep it within maxBytes");

    private final String meaning;

    RelayCounter(final String meaning)
    {
        this.meaning = meaning;
    }

    /**
     * Says what is counted.
     *
     * @return one phrase.
     */
    public String meaning()
    {
        return meaning;
    }
}
