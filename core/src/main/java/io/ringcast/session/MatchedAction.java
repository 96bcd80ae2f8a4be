package io.ringcast.session;

/**
 * One thing that match decided.
 * Written by match, read by encode while it holds the slot.
 *
 * <p>{@link #bytes} is borrowed: the slot's text, or a constant of match's own.
 */
public final class MatchedAction
{
    /** What was decided; each constant names the fields that it uses beside {@link #kind}. */
    public enum Kind
    {
        /** to, and the raw result: bytes, offset, length. */
        REPLY_RESULT,
        /** to, errorCode, errorMessage. */
        REPLY_ERROR,
        /** to, and an upstream's error object as it is: bytes, offset, length. */
        REPLY_ERROR_OBJECT,
        /** The connection of {@code to} receives the topic from here on, behind the answer: to, topic, options. */
        OPEN,
        /** That connection receives the topic no longer: to.connectionId, topic. */
        SHUT,
        /** An item for each subscriber of a topic: topic, sequence, loopMask, bytes, offset, length; stamp. */
        PUBLISH,
        /** What ends a topic's subscriptions: topic, sequence, loopMask, and the error: bytes, offset, length. */
        PUBLISH_ERROR,
        /** An item for one client that is behind: to.connectionId, ticket, topic, and as for PUBLISH. */
        REPLAY,
        /** There is more for it: to.connectionId, topicId, ticket, sequence of the next item, wasParked. */
        REPLAY_PAUSED,
        /** It has all there is, and is live again: as for REPLAY_PAUSED. */
        REPLAY_DONE,
        /** There is nothing for it yet, the answer follows by itself: as for REPLAY_PAUSED. */
        REPLAY_PARKED,
        /** A client has been too slow for what is kept, and is closed: to.connectionId. */
        CUT_OFF,
        /** A client's session goes on over another connection, and this one is closed: to.connectionId. */
        TAKE_OVER,
        /** A client's own figures are asked for at its loop: to.connectionId, ticket. */
        MEASURE,
        /** Something for one client beside the stream: to.connectionId, topic, bytes, offset, length. */
        TELL,
        /** Nobody can receive the topic any more, its number is free: topic. */
        RELEASE,
        /** A call of the relay's own: laneIndex, upstreamRequestId, and {@code "method":…,"params":…} in bytes. */
        OWN_CALL,
        /** An upstream's connection is to be given up and made anew: laneIndex. */
        RESET_LANE
    }

    public Kind kind;
    public final ReplyAddress to = new ReplyAddress();
    public Topic topic;
    /** What this subscriber asked for; never null in an OPEN. */
    public DeliveryOptions options;
    public long sequence;
    public int topicId;
    public int ticket;
    /** Of an OPEN: tells this subscription's questions from those of one that was left; as it {@link #isCatchingUp}. */
    public int grant;
    /** Of an OPEN: the number that the topic's next item gets. */
    public long nextSequence;
    /** Of an OPEN: true if the subscriber falls behind, rather than being cut off, when it is slow. */
    public boolean isPatient;
    /** Of an OPEN: true if it begins with the item of {@link #sequence}, from the history. */
    public boolean isCatchingUp;
    /** Of an OPEN: true if what was before it came is read for it first; of a REPLAY: true if the item is of that. */
    public boolean isPast;
    /** True if the question was told before that its answer follows. */
    public boolean wasParked;
    public long loopMask;
    public int laneIndex;
    public long upstreamRequestId;
    public int errorCode;
    public String errorMessage;

    /** Set if the topic is not plain; see {@link #newStamp()}. */
    public ItemStamp stamp;

    public byte[] bytes;
    public int offset;
    public int length;

    /**
     * Gives an empty stamp to fill; kept with the action, so that a steady state allocates nothing.
     *
     * @return the stamp, cleared.
     */
    public ItemStamp newStamp()
    {
        if (stamp == null)
        {
            stamp = new ItemStamp();
        }
        stamp.clear();
        return stamp;
    }
}
