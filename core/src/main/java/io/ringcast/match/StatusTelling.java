package io.ringcast.match;

import io.ringcast.session.ActionList;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.ReplyAddress;

import java.nio.charset.StandardCharsets;

/**
 * Tells one connection what concerns it alone, as an item without a number of each of its subscriptions to the status.
 * Any thread: it holds nothing.
 */
final class StatusTelling
{
    private StatusTelling()
    {
    }

    /**
     * Tells it, if the connection subscribes to the status.
     *
     * @param connectionId the connection.
     * @param connection   what it has; may be null.
     * @param event        what has happened.
     * @param members      further members, each with a comma before it.
     * @param out          takes it.
     */
    static void tell(
        final long connectionId, final ConnectionTopics connection, final String event, final String members,
        final ActionList<MatchedAction> out)
    {
        if (connection == null || connection.statuses.isEmpty())
        {
            return;
        }
        final byte[] item = ("{\"event\":\"" + event + '"' + members + '}').getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < connection.statuses.size(); i++)
        {
            final MatchedAction tell = out.add();
            tell.kind = MatchedAction.Kind.TELL;
            tell.to.set(connectionId, ReplyAddress.NO_BATCH, 0);
            tell.topic = connection.statuses.get(i).topic;
            tell.bytes = item;
            tell.offset = 0;
            tell.length = item.length;
        }
    }
}
