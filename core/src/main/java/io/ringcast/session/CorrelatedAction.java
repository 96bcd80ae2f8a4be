package io.ringcast.session;

/**
 * One thing that correlate found a received frame to ask for.
 * Written by correlate, read by match and encode while they hold the slot.
 *
 * <p>{@link #bytes} is borrowed: it is the slot's text, or one that correlate has held back.
 */
public final class CorrelatedAction
{
    /** What is asked for; each constant names the fields that it uses beside {@link #kind}. */
    public enum Kind
    {
        /** A client's call for an upstream: laneIndex, upstreamRequestId, text, id (ABSENT: a notification). */
        FORWARD,
        /** An upstream's answer for a client: to, text, id. */
        REPLY_TEXT,
        /** An answer of the relay's own: to, errorCode, errorMessage. */
        REPLY_ERROR,
        /** A client subscribes: to, methodIndex, value (the params; ABSENT if there were none). */
        SUBSCRIBE,
        /** A client unsubscribes: to, methodIndex, value (the params; ABSENT if there were none). */
        UNSUBSCRIBE,
        /** A batch of answers begins: to.connectionId, to.batchId, elementCount. */
        BATCH,
        /** An item of a feed: laneIndex, upstreamRequestId (of the call that subscribed to it), value. */
        ITEM,
        /** A feed told of an error in place of an item: laneIndex, upstreamRequestId (as for an item), value. */
        FEED_LOST,
        /** An upstream's answer to the relay itself: laneIndex, upstreamRequestId, value, isError. */
        OWN_ANSWER,
        /** A client calls the relay itself: to, methodIndex (see {@link RelayMethod}). */
        RELAY_CALL,
        /** A call about filters that are polled: to, methodIndex (see {@link FilterMethod}), value (the params). */
        FILTER_CALL,
        /** An upstream has named more subscriptions than are kept; its connection is to be made anew: laneIndex. */
        LANE_OVERFULL
    }

    public Kind kind;
    public final ReplyAddress to = new ReplyAddress();
    public int laneIndex;
    public long upstreamRequestId;
    public int methodIndex;
    /** What the client may do, for SUBSCRIBE. */
    public ClientRights rights = ClientRights.ALL;
    public int elementCount;
    public boolean isError;
    public int errorCode;
    public String errorMessage;

    public byte[] bytes;
    public int textOffset;
    public int textLength;
    public int idOffset;
    public int idLength;
    public int valueOffset;
    public int valueLength;
}
