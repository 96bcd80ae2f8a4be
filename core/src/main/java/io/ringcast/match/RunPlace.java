package io.ringcast.match;

import io.ringcast.lane.LogMark;

/**
 * Where something has its place among what is published to a feed: it may have to be seen first what comes before it.
 * Confined to the pipeline thread that runs match.
 */
final class RunPlace implements LogMark
{
    private final FeedHistory feed;
    private long position = Long.MAX_VALUE;

    /** Creates one that is yet to be found. */
    RunPlace(final FeedHistory feed)
    {
        this.feed = feed;
    }

    /** The position in the feed's history that it stands before; higher than all while that is not known. */
    long position()
    {
        return position;
    }

    @Override
    public void onKnown(final int logsAhead)
    {
        position = feed.next() + logsAhead;
    }
}
