package io.ringcast.config;

import java.util.List;

/**
 * How long a relay waits for what, in milliseconds, and what its clock is worth.
 * Immutable.
 *
 * @param callTimeoutMs a call without an answer gets -32002 after this; default 30000. Lower fails slow calls; higher
 *     keeps dead ones outstanding.
 * @param pingIdleMs a connection from which nothing came for this long gets a ping; default 25000. Lower costs traffic;
 *     higher lets middleboxes cut idle connections.
 * @param pongTimeoutMs a connection from which nothing came for this long after a ping is closed; default 30000.
 *     Lower cuts slow links; higher keeps dead ones.
 * @param handshakeTimeoutMs time for the WebSocket handshake, both sides; default 10000. Lower cuts slow links;
 *     higher lets idle sockets sit.
 * @param activationFallbackMs a subscription whose activation ping got no pong starts after this; default 250. Lower
 *     may lose a first item in slow web3.js clients; higher delays it behind a middlebox that eats pings.
 * @param lingerMs how long an upstream subscription that nobody listens to is kept; default 10000. Lower resubscribes
 *     more often; higher carries items for nobody. 0 releases at once.
 * @param reconnectMinMs first wait before connecting to a lost node again, doubled each time; default 100. Lower
 *     returns sooner; higher spares a node that is starting.
 * @param reconnectMaxMs longest such wait; default 10000. Lower notices a node's return sooner; higher spares it.
 * @param drainMs time given to connections to take their last bytes at shutdown; default 5000. Lower stops sooner;
 *     higher loses less. 0 closes at once.
 * @param pollMinMs shortest wait between two polls of an upstream without push; default 50. Lower is nearer to a
 *     chain of fast blocks; higher asks less.
 * @param pollMaxMs longest such wait; default 5000. Lower notices a block sooner that comes out of turn;
 *     higher asks less.
 * @param attemptTimeoutMs a read without an answer is sent to another upstream after this; default 5000. Lower leaves a
 *     stuck node sooner; higher asks fewer nodes for what takes long. From callTimeoutMs on it never happens.
 * @param repairDeadlineMs how long what came is held for what is missing before it, since the last missing part came;
 *     default 150. Lower declares gaps that could have been closed; higher holds subscribers back for longer.
 * @param filterIdleMs a filter that nobody polls ends after this; default 300000, as in geth. Lower forgets the filters
 *     of slow pollers; higher keeps for longer what nobody may want.
 * @param clockErrorNs how far the machine's clock may be off, as whoever keeps it says; told to those who ask for
 *     stamps; default 0, nobody has said.
 * @param clockSync what that clock is kept by; told with it; default {@link ClockSync#UNKNOWN}.
 */
public record TimingConfig(
    long callTimeoutMs,
    long pingIdleMs,
    long pongTimeoutMs,
    long handshakeTimeoutMs,
    long activationFallbackMs,
    long lingerMs,
    long reconnectMinMs,
    long reconnectMaxMs,
    long drainMs,
    long pollMinMs,
    long pollMaxMs,
    long attemptTimeoutMs,
    long repairDeadlineMs,
    long filterIdleMs,
    long clockErrorNs,
    ClockSync clockSync)
{
    /** Setting {@code callTimeoutMs}. */
    public static final NumberSetting CALL_TIMEOUT_MS = NumberSetting.of(
        "callTimeoutMs", 30_000, 1, 3_600_000,
        "a call without an answer gets -32002 after this, in ms");
    /** Setting {@code pingIdleMs}. */
    public static final NumberSetting PING_IDLE_MS = NumberSetting.of(
        "pingIdleMs", 25_000, 1, 3_600_000,
        "ping a connection from which nothing came for this long, in ms");
    /** Setting {@code pongTimeoutMs}. */
    public static final NumberSetting PONG_TIMEOUT_MS = NumberSetting.of(
        "pongTimeoutMs", 30_000, 1, 3_600_000,
        "close when nothing came back after a ping for this long, in ms");
    /** Setting {@code handshakeTimeoutMs}. */
    public static final NumberSetting HANDSHAKE_TIMEOUT_MS = NumberSetting.of(
        "handshakeTimeoutMs", 10_000, 1, 3_600_000,
        "time for the WebSocket handshake, in ms");
    /** Setting {@code activationFallbackMs}. */
    public static final NumberSetting ACTIVATION_FALLBACK_MS = NumberSetting.of(
        "activationFallbackMs", 250, 1, 60_000,
        "a subscription starts without its pong after this, in ms");
    /** Setting {@code lingerMs}. */
    public static final NumberSetting LINGER_MS = NumberSetting.of(
        "lingerMs", 10_000, 0, 3_600_000,
        "how long an upstream subscription nobody listens to is kept, in ms");
    /** Setting {@code reconnectMinMs}. */
    public static final NumberSetting RECONNECT_MIN_MS = NumberSetting.of(
        "reconnectMinMs", 100, 1, 3_600_000,
        "first wait before reconnecting to a node, in ms");
    /** Setting {@code reconnectMaxMs}. */
    public static final NumberSetting RECONNECT_MAX_MS = NumberSetting.of(
        "reconnectMaxMs", 10_000, 1, 3_600_000,
        "longest wait before reconnecting to a node, in ms");
    /** Setting {@code drainMs}. */
    public static final NumberSetting DRAIN_MS = NumberSetting.of(
        "drainMs", 5_000, 0, 600_000,
        "time for closing connections at shutdown, in ms");
    /** Setting {@code pollMinMs}. */
    public static final NumberSetting POLL_MIN_MS = NumberSetting.of(
        "pollMinMs", 50, 1, 60_000,
        "shortest wait between polls of an upstream without push, in ms");
    /** Setting {@code pollMaxMs}. */
    public static final NumberSetting POLL_MAX_MS = NumberSetting.of(
        "pollMaxMs", 5_000, 1, 3_600_000,
        "longest wait between polls of an upstream without push, in ms");
    /** Setting {@code attemptTimeoutMs}. */
    public static final NumberSetting ATTEMPT_TIMEOUT_MS = NumberSetting.of(
        "attemptTimeoutMs", 5_000, 1, 3_600_000,
        "a read without an answer goes to another upstream after this, in ms");
    /** Setting {@code repairDeadlineMs}. */
    public static final NumberSetting REPAIR_DEADLINE_MS = NumberSetting.of(
        "repairDeadlineMs", 150, 1, 60_000,
        "how long what came is held for what is missing before it, in ms");
    /** Setting {@code filterIdleMs}. */
    public static final NumberSetting FILTER_IDLE_MS = NumberSetting.of(
        "filterIdleMs", 300_000, 1, 86_400_000,
        "a filter that nobody polls ends after this, in ms");
    /** Setting {@code clockErrorNs}. */
    public static final NumberSetting CLOCK_ERROR_NS = NumberSetting.of(
        "clockErrorNs", 0, 0, 3_600_000_000_000L,
        "how far the machine's clock may be off, for stamps; 0: nobody has said");
    /** All of them, in the order of the components. */
    public static final List<NumberSetting> SETTINGS = List.of(
        CALL_TIMEOUT_MS, PING_IDLE_MS, PONG_TIMEOUT_MS, HANDSHAKE_TIMEOUT_MS,
        ACTIVATION_FALLBACK_MS, LINGER_MS, RECONNECT_MIN_MS, RECONNECT_MAX_MS,
        DRAIN_MS,
        POLL_MIN_MS, POLL_MAX_MS, ATTEMPT_TIMEOUT_MS, REPAIR_DEADLINE_MS, FILTER_IDLE_MS,
        CLOCK_ERROR_NS);

    public TimingConfig
    {
        CALL_TIMEOUT_MS.check(callTimeoutMs);
        PING_IDLE_MS.check(pingIdleMs);
        PONG_TIMEOUT_MS.check(pongTimeoutMs);
        HANDSHAKE_TIMEOUT_MS.check(handshakeTimeoutMs);
        ACTIVATION_FALLBACK_MS.check(activationFallbackMs);
        LINGER_MS.check(lingerMs);
        RECONNECT_MIN_MS.check(reconnectMinMs);
        RECONNECT_MAX_MS.check(reconnectMaxMs);
        DRAIN_MS.check(drainMs);
        POLL_MIN_MS.check(pollMinMs);
        POLL_MAX_MS.check(pollMaxMs);
        ATTEMPT_TIMEOUT_MS.check(attemptTimeoutMs);
        REPAIR_DEADLINE_MS.check(repairDeadlineMs);
        FILTER_IDLE_MS.check(filterIdleMs);
        CLOCK_ERROR_NS.check(clockErrorNs);
        if (reconnectMinMs > reconnectMaxMs)
        {
            throw new ConfigException("reconnectMinMs", reconnectMinMs, "greater than reconnectMaxMs",
                "at most reconnectMaxMs, " + reconnectMaxMs);
        }
        if (pollMinMs > pollMaxMs)
        {
            throw new ConfigException("pollMinMs", pollMinMs, "greater than pollMaxMs",
                "at most pollMaxMs, " + pollMaxMs);
        }
    }

    public static TimingConfig defaults()
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
            .callTimeoutMs(callTimeoutMs)
            .pingIdleMs(pingIdleMs)
            .pongTimeoutMs(pongTimeoutMs)
            .handshakeTimeoutMs(handshakeTimeoutMs)
            .activationFallbackMs(activationFallbackMs)
            .lingerMs(lingerMs)
            .reconnectMinMs(reconnectMinMs)
            .reconnectMaxMs(reconnectMaxMs)
            .drainMs(drainMs)
            .pollMinMs(pollMinMs)
            .pollMaxMs(pollMaxMs)
            .attemptTimeoutMs(attemptTimeoutMs)
            .repairDeadlineMs(repairDeadlineMs)
            .filterIdleMs(filterIdleMs)
            .clockErrorNs(clockErrorNs)
            .clockSync(clockSync);
    }

    /** Collects values; what is not given has its default. Confined to the thread that builds a configuration. */
    public static final class Builder
    {
        private final NumberSettings values = new NumberSettings(SETTINGS);
        private ClockSync clockSync = ClockSync.UNKNOWN;

        private Builder()
        {
        }

        /** Sets one value by its table entry, as the YAML reader and the flags do. */
        public Builder set(final NumberSetting setting, final long value)
        {
            values.set(setting, value);
            return this;
        }

        public Builder callTimeoutMs(final long value)
        {
            return set(CALL_TIMEOUT_MS, value);
        }

        public Builder pingIdleMs(final long value)
        {
            return set(PING_IDLE_MS, value);
        }

        public Builder pongTimeoutMs(final long value)
        {
            return set(PONG_TIMEOUT_MS, value);
        }

        public Builder handshakeTimeoutMs(final long value)
        {
            return set(HANDSHAKE_TIMEOUT_MS, value);
        }

        public Builder activationFallbackMs(final long value)
        {
            return set(ACTIVATION_FALLBACK_MS, value);
        }

        public Builder lingerMs(final long value)
        {
            return set(LINGER_MS, value);
        }

        public Builder reconnectMinMs(final long value)
        {
            return set(RECONNECT_MIN_MS, value);
        }

        public Builder reconnectMaxMs(final long value)
        {
            return set(RECONNECT_MAX_MS, value);
        }

        public Builder drainMs(final long value)
        {
            return set(DRAIN_MS, value);
        }

        public Builder pollMinMs(final long value)
        {
            return set(POLL_MIN_MS, value);
        }

        public Builder pollMaxMs(final long value)
        {
            return set(POLL_MAX_MS, value);
        }

        public Builder attemptTimeoutMs(final long value)
        {
            return set(ATTEMPT_TIMEOUT_MS, value);
        }

        public Builder repairDeadlineMs(final long value)
        {
            return set(REPAIR_DEADLINE_MS, value);
        }

        public Builder filterIdleMs(final long value)
        {
            return set(FILTER_IDLE_MS, value);
        }

        public Builder clockErrorNs(final long value)
        {
            return set(CLOCK_ERROR_NS, value);
        }

        public Builder clockSync(final ClockSync value)
        {
            clockSync = value;
            return this;
        }

        public TimingConfig build()
        {
            return new TimingConfig(
                values.get(CALL_TIMEOUT_MS),
                values.get(PING_IDLE_MS),
                values.get(PONG_TIMEOUT_MS),
                values.get(HANDSHAKE_TIMEOUT_MS),
                values.get(ACTIVATION_FALLBACK_MS),
                values.get(LINGER_MS),
                values.get(RECONNECT_MIN_MS),
                values.get(RECONNECT_MAX_MS),
                values.get(DRAIN_MS),
                values.get(POLL_MIN_MS),
                values.get(POLL_MAX_MS),
                values.get(ATTEMPT_TIMEOUT_MS),
                values.get(REPAIR_DEADLINE_MS),
                values.get(FILTER_IDLE_MS),
                values.get(CLOCK_ERROR_NS),
                clockSync);
        }
    }
}
