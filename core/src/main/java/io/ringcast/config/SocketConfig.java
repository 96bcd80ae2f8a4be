package io.ringcast.config;

import java.util.List;

/**
 * Options of every socket, of clients and upstreams alike. {@code TCP_NODELAY} is always on and no setting: with it off
 * the kernel holds small frames back for a round trip.
 * Immutable.
 *
 * @param busyPollUs         how long a read polls the network device before it sleeps, in microseconds; default 0, off.
 *                           Higher saves the interrupt and takes the core for that time; needs CAP_NET_ADMIN, and does
 *                           nothing on loopback.
 * @param sendBufferBytes    the kernel's send buffer; default 0, which lets the kernel grow it. Lower bounds kernel
 *                           memory and finds slow clients sooner; higher takes bursts. A number ends the kernel's own
 *                           tuning.
 * @param receiveBufferBytes the kernel's receive buffer; default 0, which lets the kernel grow it. Lower bounds kernel
 *                           memory; higher takes bursts from upstreams while the relay is busy.
 * @param notSentLowatBytes  unsent bytes above which a socket does not count as writable; default 0, off. Lower keeps
 *                           the queue in the relay, where the budget sees it, at more wake-ups.
 * @param quickAck           acknowledge at once; default false. It spares a peer that waits for acknowledgements up to
 *                           40 ms and costs a packet a message; the kernel may leave the mode again by itself.
 */
public record SocketConfig(
    int busyPollUs, int sendBufferBytes, int receiveBufferBytes, int notSentLowatBytes, boolean quickAck)
{
    /** Setting {@code busyPollUs}. */
    public static final NumberSetting BUSY_POLL_US = NumberSetting.of(
        "busyPollUs", 0, 0, 10_000,
        "poll the network device for this long before sleeping, in microseconds; 0 is off");
    /** Setting {@code sendBufferBytes}. */
    public static final NumberSetting SEND_BUFFER_BYTES = NumberSetting.of(
        "sendBufferBytes", 0, 0, 1_073_741_824,
        "the kernel's send buffer of a socket; 0 lets the kernel tune it");
    /** Setting {@code receiveBufferBytes}. */
    public static final NumberSetting RECEIVE_BUFFER_BYTES = NumberSetting.of(
        "receiveBufferBytes", 0, 0, 1_073_741_824,
        "the kernel's receive buffer of a socket; 0 lets the kernel tune it");
    /** Setting {@code notSentLowatBytes}. */
    public static final NumberSetting NOT_SENT_LOWAT_BYTES = NumberSetting.of(
        "notSentLowatBytes", 0, 0, 1_073_741_824,
        "a socket with more unsent than this is not writable; 0 is off");
    /** All numbers among them, in the order of the components. */
    public static final List<NumberSetting> SETTINGS = List.of(
        BUSY_POLL_US, SEND_BUFFER_BYTES, RECEIVE_BUFFER_BYTES, NOT_SENT_LOWAT_BYTES);

    public SocketConfig
    {
        BUSY_POLL_US.check(busyPollUs);
        SEND_BUFFER_BYTES.check(sendBufferBytes);
        RECEIVE_BUFFER_BYTES.check(receiveBufferBytes);
        NOT_SENT_LOWAT_BYTES.check(notSentLowatBytes);
    }

    public static SocketConfig defaults()
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
            .busyPollUs(busyPollUs)
            .sendBufferBytes(sendBufferBytes)
            .receiveBufferBytes(receiveBufferBytes)
            .notSentLowatBytes(notSentLowatBytes)
            .quickAck(quickAck);
    }

    /** Collects values; what is not given has its default. Confined to the thread that builds a configuration. */
    public static final class Builder
    {
        private final NumberSettings values = new NumberSettings(SETTINGS);
        private boolean quickAck;

        private Builder()
        {
        }

        /** Sets one value by its table entry, as the YAML reader and the flags do. */
        public Builder set(final NumberSetting setting, final long value)
        {
            values.set(setting, value);
            return this;
        }

        public Builder busyPollUs(final int value)
        {
            return set(BUSY_POLL_US, value);
        }

        public Builder sendBufferBytes(final int value)
        {
            return set(SEND_BUFFER_BYTES, value);
        }

        public Builder receiveBufferBytes(final int value)
        {
            return set(RECEIVE_BUFFER_BYTES, value);
        }

        public Builder notSentLowatBytes(final int value)
        {
            return set(NOT_SENT_LOWAT_BYTES, value);
        }

        public Builder quickAck(final boolean value)
        {
            quickAck = value;
            return this;
        }

        public SocketConfig build()
        {
            return new SocketConfig(
                values.getInt(BUSY_POLL_US), values.getInt(SEND_BUFFER_BYTES), values.getInt(RECEIVE_BUFFER_BYTES),
                values.getInt(NOT_SENT_LOWAT_BYTES), quickAck);
        }
    }
}
