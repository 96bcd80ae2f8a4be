package io.ringcast.match;

import io.ringcast.session.ActionList;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.Topic;

import java.nio.charset.StandardCharsets;

/**
 * What a subscriber that reads the past is told of it over its subscription to the status: that no upstream can tell
 * some blocks, that they have come after all, and that it has all and goes on with what is published.
 * Confined to the pipeline thread that runs match.
 */
final class HistoryTelling
{
    /** The one that was told; those behind it wait for it anyway. */
    private HistoryPage told;
    private HistoryPage stalled;
    private HistoryPage come;
    private boolean isUntold;
    private long liveAt = -1;
    private boolean isLiveTold;

    /** No upstream can tell a page; the first one counts. */
    void onStalled(final HistoryPage page)
    {
        final HistoryPage first = stalled != null ? stalled : told == null || told.isCancelled ? page : told;
        stalled = page.firstNumber <= first.firstNumber ? page : stalled;
    }

    /** The chain has left what can't be told as removed: nobody knows it any more. */
    void onUntold()
    {
        isUntold = true;
    }

    /** A page has come after all. */
    void onGoingOn(final HistoryPage page)
    {
        stalled = stalled == page ? null : stalled;
        if (told == page)
        {
            come = page;
            told = null;
        }
    }

    /** All is sent; true if that is to be told, which it is once. */
    boolean onCaughtUp(final long tipNumber)
    {
        if (isLiveTold)
        {
            return false;
        }
        isLiveTold = true;
        liveAt = tipNumber;
        return true;
    }

    /** Tells what there is to tell. */
    void tell(
        final long connectionId, final ConnectionTopics connection, final Topic topic,
        final ActionList<MatchedAction> out)
    {
        final String subscription = ",\"subscription\":" + topic.idToken;
        if (isUntold)
        {
            StatusTelling.tell(
                connectionId, connection, "gap", ",\"of\":\"history\"" + subscription + ",\"repair\":\"none\"", out);
            isUntold = false;
        }
        if (come != null)
        {
            StatusTelling.tell(connectionId, connection, "repaired", ",\"of\":\"history\"" + subscription +
                blocks(come), out);
            come = null;
        }
        if (stalled != null && !stalled.isCancelled)
        {
            final String error = stalled.error == null ? "" :
                ",\"error\":" + new String(stalled.error, StandardCharsets.UTF_8);
            StatusTelling.tell(connectionId, connection, "gap", ",\"of\":\"history\"" + subscription + blocks(stalled) +
                ",\"repair\":\"pending\"" + error, out);
            told = stalled;
        }
        stalled = null;
        if (liveAt >= 0)
        {
            StatusTelling.tell(connectionId, connection, "live", subscription + ",\"at\":" + hex(liveAt), out);
            liveAt = -1;
        }
    }

    /** Of the block to begin with the nodes are asked for its number. */
    private static String blocks(final HistoryPage page)
    {
        return page.kind == HistoryPage.Kind.START || page.kind == HistoryPage.Kind.LATEST ? "" :
            ",\"from\":" + hex(page.firstNumber) + ",\"to\":" + hex(page.lastNumber);
    }

    private static String hex(final long number)
    {
        return "\"0x" + Long.toHexString(number) + '"';
    }
}
