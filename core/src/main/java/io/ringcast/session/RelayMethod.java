package io.ringcast.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The calls that the relay answers itself: those whose names begin with {@code relay_}.
 * Immutable.
 */
public final class RelayMethod
{
    /** Not one of them: an upstream's. */
    public static final int NONE = -1;
    /** Named like one, but there is none of that name. */
    public static final int UNKNOWN = -2;
    /** {@code relay_feeds}: how the upstreams do. */
    public static final int FEEDS = 0;
    /** {@code relay_publish}: an item for a topic of the relay's own. */
    public static final int PUBLISH = 1;

    /** {@code relay_networks}: which networks there are, and their paths. */
    public static final int NETWORKS = 2;
    /** {@code relay_cursor}: from a number to a place on the chain, and back. */
    public static final int CURSOR = 3;
    /** {@code relay_limits}: what the caller may do, and how much of it is taken. */
    public static final int LIMITS = 4;
    /** {@code relay_myLatency}: how the caller's own items fare. */
    public static final int MY_LATENCY = 5;

    private static final byte[] PREFIX = "relay_".getBytes(StandardCharsets.US_ASCII);
    private static final byte[][] NAMES = {
        "relay_feeds".getBytes(StandardCharsets.US_ASCII),
        "relay_publish".getBytes(StandardCharsets.US_ASCII),
        "relay_networks".getBytes(StandardCharsets.US_ASCII),
        "relay_cursor".getBytes(StandardCharsets.US_ASCII),
        "relay_limits".getBytes(StandardCharsets.US_ASCII),
        "relay_myLatency".getBytes(StandardCharsets.US_ASCII)
    };

    private RelayMethod()
    {
    }

    /**
     * Tells which one a name is.
     *
     * @param text   holds the name.
     * @param offset where it starts, without its quote.
     * @param length its length in bytes.
     * @return its index, {@link #UNKNOWN} or {@link #NONE}.
     */
    public static int indexOf(final byte[] text, final int offset, final int length)
    {
        if (length < PREFIX.length || !Arrays.equals(PREFIX, 0, PREFIX.length, text, offset, offset + PREFIX.length))
        {
            return NONE;
        }
        for (int i = 0; i < NAMES.length; i++)
        {
            if (Arrays.equals(NAMES[i], 0, NAMES[i].length, text, offset, offset + length))
            {
                return i;
            }
        }
        return UNKNOWN;
    }
}
