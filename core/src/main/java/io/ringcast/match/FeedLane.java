package io.ringcast.match;

/**
 * How one feed stands at one upstream.
 * Confined to the pipeline thread that runs match.
 */
final class FeedLane
{
    /** The life of a feed at one upstream; every state falls back to IDLE when the upstream goes down. */
    enum State
    {
        /** The upstream is down. */
        IDLE,
        /** The subscribe is under way. */
        REQUESTED,
        /** The upstream sends items. */
        LIVE,
        /** The upstream refused or lost it; tried again at {@link #retryAtNs}. */
        REFUSED
    }

    State state = State.IDLE;
    /** The call under way, to tell its answer from an earlier one's. */
    long ownCallId;
    /** The upstream's subscription id as it was sent: a string or a number. */
    byte[] upstreamToken;
    /** True once this upstream has accepted the feed. */
    boolean wasAccepted;
    long retryAtNs;
    /** When an answer to the subscribe is given up; 0 until the first tick after it was sent. */
    long answerDueNs;
}
