package io.ringcast.encode;

import io.ringcast.session.ActionList;
import io.ringcast.session.EgressAction;
import io.ringcast.session.MatchedAction;

/**
 * Writes the items of subscriptions, each once for all subscribers of its topic; called for every item, so it
 * allocates nothing.
 * Confined to the pipeline thread that runs encode.
 */
final class ItemEncoder
{
    private final FrameWriter frames;
    private final LoopActions loops;
    private final RelayMember relayMember;
    private final ItemFields itemFields = new ItemFields();
    private final TextBuffer variant = new TextBuffer();

    ItemEncoder(final FrameWriter frames, final LoopActions loops, final RelayMember relayMember)
    {
        this.frames = frames;
        this.loops = loops;
        this.relayMember = relayMember;
    }

    /** A new item, for all loops that have a subscriber. */
    void publish(final MatchedAction action, final ActionList<EgressAction> out)
    {
        addItem(EgressAction.Kind.FAN_OUT, action, out);
        loops.wake(action.loopMask);
    }

    /** The error that ends a topic. It takes an item's way, so that it comes behind the items. */
    void publishError(final MatchedAction action, final ActionList<EgressAction> out)
    {
        final Segments text = frames.beginText()
            .add(action.topic.errorPrefix)
            .add(action.bytes, action.offset, action.length)
            .add(action.topic.errorSuffix);
        final EgressAction error = frames.addFrame(out);
        error.kind = EgressAction.Kind.FAN_OUT;
        error.topicId = action.topic.topicId;
        error.sequence = action.sequence;
        error.itemOffset = error.offset + error.length - text.lengthBytes() + action.topic.errorPrefix.length;
        error.itemLength = EgressAction.NO_ITEM;
        loops.wake(action.loopMask);
    }

    /** An item from the history, for one subscriber. */
    void replay(final MatchedAction action, final ActionList<EgressAction> out)
    {
        final EgressAction replay = addItem(EgressAction.Kind.REPLAY, action, out);
        replay.connectionId = action.to.connectionId;
        replay.ticket = action.ticket;
        replay.isPast = action.isPast;
        loops.wakeConnection(replay.connectionId);
    }

    /** What one connection is told in a subscription's form, without being an item of the topic. */
    void tell(final MatchedAction action, final ActionList<EgressAction> out)
    {
        frames.beginText()
            .add(action.topic.itemPrefix)
            .add(action.bytes, action.offset, action.length)
            .add(action.topic.itemSuffix);
        frames.write(action.to.connectionId, out);
    }

    private EgressAction addItem(
        final EgressAction.Kind kind, final MatchedAction action, final ActionList<EgressAction> out)
    {
        final Segments text = frames.beginText().add(action.topic.itemPrefix);
        int itemLength = action.length;
        if (action.topic.isPlain)
        {
            text.add(action.bytes, action.offset, action.length);
        }
        else
        {
            itemLength = addVariant(action, text);
        }
        text.add(action.topic.itemSuffix);
        final EgressAction item = frames.addFrame(out);
        item.kind = kind;
        item.topicId = action.topic.topicId;
        item.sequence = action.sequence;
        item.itemOffset = item.offset + item.length - text.lengthBytes() + action.topic.itemPrefix.length;
        item.itemLength = itemLength;
        return item;
    }

    /** Adds the item as its topic wants it, and what stands beside it; gives the item's length. */
    private int addVariant(final MatchedAction action, final Segments text)
    {
        variant.clear();
        if (action.topic.fields != null)
        {
            itemFields.write(action.topic.fields, action.bytes, action.offset, action.length, variant);
        }
        final int fieldsLength = variant.length();
        relayMember.write(action.topic.isStamped, action.sequence, action.stamp, variant);
        if (action.topic.fields != null)
        {
            text.add(variant.bytes(), 0, variant.length());
            return fieldsLength;
        }
        text.add(action.bytes, action.offset, action.length);
        text.add(variant.bytes(), 0, variant.length());
        return action.length;
    }
}
