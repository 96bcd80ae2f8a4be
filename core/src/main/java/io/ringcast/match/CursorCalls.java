package io.ringcast.match;

import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.PortableCursor;
import io.ringcast.session.RpcError;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Answers {@code relay_cursor}: what number an item of a subscription has, and where it stands on the chain.
 * Confined to the pipeline thread that runs match.
 *
 * <pre>
 *   ["0x…"]                        the newest item
 *   ["0x…",{"q":88121}]            the item of a number; e may stand beside it
 *   ["0x…",{"c":"1234567:9f…:41"}] the last item that does not stand behind a place on the chain
 *
 *   {"e":"0k3f9az","q":88121,"c":"1234567:9f3a00c1d2e3f405:41"}    c is null for an item without a place
 * </pre>
 */
final class CursorCalls
{
    private static final String WANTED = "want [subscription id, {\"q\":number} or {\"c\":cursor}]";
    /** How often a topic that has not looked so far back before looks 256 items further. */
    private static final int LIMIT_LOOKS = 16;

    private final String epoch;
    private final OpenSubscriptions subscriptions;
    private final Resumption resumption;
    private final SubscriptionIdToken idToken;
    private final ParamsReader params = new ParamsReader();

    CursorCalls(
        final String epoch, final OpenSubscriptions subscriptions, final Resumption resumption,
        final SubscriptionIdToken idToken)
    {
        this.epoch = epoch;
        this.subscriptions = subscriptions;
        this.resumption = resumption;
        this.idToken = idToken;
    }

    void onCall(final CorrelatedAction action, final ActionList<MatchedAction> out)
    {
        try
        {
            final List<String> arguments =
                params.split(action.bytes, action.valueOffset, action.valueLength, 2);
            final ConnectionTopics connection = subscriptions.find(action.to.connectionId);
            final boolean isId = idToken.tryRead(action.bytes, action.valueOffset, action.valueLength);
            final TopicState topic =
                isId && connection != null ? connection.find(idToken.high(), idToken.low()) : null;
            if (topic == null)
            {
                Replies.error(action.to, isId ? RpcError.GENERAL : RpcError.INVALID_PARAMS,
                    isId ? "subscription not found" : WANTED, out);
                return;
            }
            answer(action, topic, arguments.size() < 2 ? null : params.read(arguments.get(1)), out);
        }
        catch (final BadParams e)
        {
            Replies.error(action.to, RpcError.INVALID_PARAMS, e.getMessage(), out);
        }
    }

    private void answer(
        final CorrelatedAction action, final TopicState topic, final Object wanted,
        final ActionList<MatchedAction> out) throws BadParams
    {
        final TopicHistory history = topic.group.history;
        if (history == null)
        {
            Replies.errorObject(action.to, resumption.lost(topic), out);
            return;
        }
        final long sequence;
        if (wanted == null)
        {
            sequence = history.next() - 1;
        }
        else if (wanted instanceof Map<?, ?> map && map.get("c") instanceof String text && map.size() == 1)
        {
            sequence = sequenceAt(topic, cursor(text));
        }
        else if (wanted instanceof Map<?, ?> map && map.get("q") instanceof Number number && isOfEpochOnly(map))
        {
            sequence = epoch.equals(map.containsKey("e") ? map.get("e") : epoch) ? number.longValue() : -1;
        }
        else
        {
            throw new BadParams(WANTED);
        }
        if (sequence < history.oldest() || sequence >= history.next())
        {
            Replies.errorObject(action.to, resumption.lost(topic), out);
            return;
        }
        Replies.result(action.to, spell(topic, sequence), out);
    }

    private static boolean isOfEpochOnly(final Map<?, ?> map)
    {
        return map.size() == (map.get("e") instanceof String ? 2 : 1);
    }

    private static PortableCursor cursor(final String text) throws BadParams
    {
        final PortableCursor cursor = PortableCursor.parse(text);
        if (cursor == null)
        {
            throw new BadParams("relay_cursor c; allowed: NUMBER:16 HEX DIGITS:INDEX");
        }
        return cursor;
    }

    /** The number of the last item at or before a place; -1 if that is not known. */
    private long sequenceAt(final TopicState topic, final PortableCursor cursor)
    {
        final long found =
            topic.feed.history.find(cursor.blockNumber(), cursor.hashStart(), cursor.itemIndex());
        boolean isCovered = false;
        for (int looks = 0; found >= 0 && !isCovered && looks < LIMIT_LOOKS; looks++)
        {
            isCovered = resumption.isCovered(topic, found);
        }
        return isCovered && topic.group.history.coveredFrom() <= found ?
            topic.group.history.sequenceFrom(found + 1) - 1 : -1;
    }

    private byte[] spell(final TopicState topic, final long sequence)
    {
        final PortableCursor place = topic.feed.history.place(topic.group.history.position(sequence));
        final String cursor = place == null ? "null" : "\"" + place + '"';
        return ("{\"e\":\"" + epoch + "\",\"q\":" + sequence + ",\"c\":" + cursor + '}')
            .getBytes(StandardCharsets.US_ASCII);
    }
}
