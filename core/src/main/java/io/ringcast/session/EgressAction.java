package io.ringcast.session;

import io.netty.buffer.ByteBuf;

/**
 * One thing that the I/O loops are to do.
 * Written by encode, read by every loop until the last of them has passed the slot.
 *
 * <p>{@link #chunk} belongs to encode, which keeps it until every loop has passed: a loop that needs the bytes for
 * longer retains it.
 */
public final class EgressAction
{
    /** What to do; each constant names the fields that it uses beside {@link #kind}. */
    public enum Kind
    {
        /** Write a frame to one client: connectionId, chunk, offset, length. */
        WRITE,
        /** Write a frame to an upstream: laneIndex, chunk, offset, length. */
        WRITE_UPSTREAM,
        /** Write a frame to each subscriber: topicId, sequence, chunk, offset, length, itemOffset, itemLength. */
        FAN_OUT,
        /**
         * Let a connection receive a topic, behind the activation barrier: connectionId, topicId, nextSequence,
         * isPatient, isCatchingUp, then sequence, grant and isPast.
         */
        OPEN,
        /** Let it receive the topic no longer: connectionId, topicId. */
        SHUT,
        /** An item for one client that is behind: connectionId, ticket, isPast, and as for FAN_OUT. */
        REPLAY,
        /** There is more for a client: connectionId, topicId, ticket, wasParked, sequence of the next item. */
        REPLAY_PAUSED,
        /** A client has all until here, and is live again: as for REPLAY_PAUSED. */
        REPLAY_DONE,
        /** There is nothing for a client yet, the answer follows by itself: as for REPLAY_PAUSED, but wasParked. */
        REPLAY_PARKED,
        /** Close a client that has been too slow for what is kept: connectionId. */
        CUT_OFF,
        /** Close a client whose session goes on over another connection: connectionId. */
        TAKE_OVER,
        /** Ask for a client's own figures: connectionId, ticket. */
        MEASURE,
        /** Forget a topic: topicId. */
        RELEASE,
        /** Give up the connection of an upstream, which is then made anew: laneIndex. */
        RESET_UPSTREAM
    }

    /** The {@link #itemLength} of a notification that holds an error in an item's place. */
    public static final int NO_ITEM = 0;

    /** The {@link #ticket} of what asks for nothing: where a connection stands is to be noted. */
    public static final int NO_TICKET = 0;

    public Kind kind;
    public long connectionId;
    public int laneIndex;
    public int topicId;
    /** What this subscriber asked for; never null in an OPEN. */
    public DeliveryOptions options;
    public long sequence;
    /** The number that the topic's next item gets. */
    public long nextSequence;
    /** True if the subscriber falls behind, rather than being cut off, when it is slow. */
    public boolean isPatient;
    /** True if the subscriber begins with the item of this sequence, from the history. */
    public boolean isCatchingUp;
    /** Of an OPEN: true if what was before it came is read for it first; of a REPLAY: true if the item is of that. */
    public boolean isPast;
    /** True if the question was told before that its answer follows. */
    public boolean wasParked;
    /** What the client's loop asked with. */
    public int ticket;
    /** Comes with each question of a subscription that {@link #isCatchingUp}. */
    public int grant;

    public ByteBuf chunk;
    public int offset;
    public int length;
    public int itemOffset;
    public int itemLength;
}
