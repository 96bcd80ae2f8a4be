package io.ringcast.session;

import java.util.List;

/**
 * How far a subscriber may fall behind, and what happens then.
 * Immutable.
 *
 * @param policy   what happens beyond a bound.
 * @param maxItems how many items may wait for it; 0 for the relay's own bound.
 * @param maxBytes how many bytes may wait for it; 0 for the relay's own bound.
 * @param maxAgeMs how old the oldest of them may be, in milliseconds; 0 for no bound.
 * @param key      what makes two items the same to {@link LagPolicy#CONFLATE}, such as {@code address}; empty for the
 *                 kind's own key.
 */
public record LagOptions(LagPolicy policy, int maxItems, long maxBytes, int maxAgeMs, List<String> key)
{
    /** What a key of logs may consist of. */
    public static final List<String> KEY_PARTS = List.of("address", "topic0", "topic1", "topic2", "topic3");

    public LagOptions
    {
        key = List.copyOf(key);
    }

    /**
     * Gives how many bytes may wait.
     *
     * @param ownLimitBytes the relay's own bound, which holds if no other was asked for.
     * @return the bound; {@link Long#MAX_VALUE} if bytes are not what bounds.
     */
    public long limitBytes(final long ownLimitBytes)
    {
        return maxBytes > 0 ? maxBytes : maxItems > 0 || maxAgeMs > 0 ? Long.MAX_VALUE : ownLimitBytes;
    }

    /**
     * Tells whether how much may wait is bounded by more than the relay itself.
     *
     * @return true if a bound was asked for.
     */
    public boolean hasBounds()
    {
        return maxItems > 0 || maxBytes > 0 || maxAgeMs > 0;
    }

    /**
     * Tells whether the subscription's items wait, in the history, while its socket is full.
     *
     * @return false if its connection is closed for what the socket does not take.
     */
    public boolean letsWait()
    {
        return policy != LagPolicy.DISCONNECT || hasBounds();
    }

    /**
     * Tells whether its connection is closed as soon as more waits than a bound allows.
     *
     * @return false if there is no bound, or something is left out beyond it.
     */
    public boolean closesBeyondBounds()
    {
        return hasBounds() && (policy == LagPolicy.DISCONNECT || policy == LagPolicy.SPILL);
    }

    /** The canonical JSON: members in one order, those that are not given left out. */
    String toJson()
    {
        final JsonText json = new JsonText();
        json.text("policy", policy.text());
        json.number("maxItems", maxItems);
        json.number("maxBytes", maxBytes);
        json.number("maxAgeMs", maxAgeMs);
        json.texts("key", key);
        return json.end();
    }
}
