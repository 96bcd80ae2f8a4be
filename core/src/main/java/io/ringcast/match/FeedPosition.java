package io.ringcast.match;

import java.nio.charset.StandardCharsets;

/**
 * How far a feed is whose items are counted, and the call that goes on from there.
 * Confined to the pipeline thread that runs match.
 */
final class FeedPosition
{
    /** What it shares with feeds of the same that are elsewhere: subscribe method and the other params. */
    final String base;
    /** The place of the item that comes next. */
    long next;
    /** True since an upstream has left items out, until it is asked for them. */
    boolean isBroken;
    private final String before;
    private final String after;

    /**
     * Creates it.
     *
     * @param base   what the feed is of.
     * @param before the subscribe call up to the place of the first item.
     * @param first  that place.
     * @param after  the rest of the call.
     */
    FeedPosition(final String base, final String before, final long first, final String after)
    {
        this.base = base;
        this.before = before;
        this.after = after;
        next = first;
    }

    /** The subscribe call that goes on with the next item. */
    byte[] call()
    {
        return (before + next + after).getBytes(StandardCharsets.UTF_8);
    }
}
