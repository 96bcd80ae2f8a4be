package io.ringcast.correlate;

import io.ringcast.session.ClientRights;

/**
 * What correlate knows of one connection.
 * Confined to the pipeline thread that runs correlate.
 */
final class Caller
{
    /** How many of its calls wait for an answer. */
    int outstandingCalls;
    /** What it may do, as of its last text. */
    ClientRights rights = ClientRights.ALL;
    /** Bytes of answers that its rights have yet to be charged with. */
    long unchargedBytes;
    /** It has asked for a subscription that shows it heads, so no upstream behind the shown head may answer it. */
    boolean isHeadBound;
    /** What answers have shown it; no upstream that lacks that may answer it. */
    final ShownNumber shown;

    Caller(final ShownNumber shown)
    {
        this.shown = shown;
    }
}
