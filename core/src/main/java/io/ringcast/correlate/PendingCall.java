package io.ringcast.correlate;

import io.ringcast.session.ReplyAddress;

/**
 * One call that waits for an answer, and how it stands with the upstreams.
 * Confined to the pipeline thread that runs correlate. Reused: {@link PendingCalls} keeps it when the call is over.
 */
final class PendingCall
{
    /** Not at an upstream. */
    static final int NO_LANE = -1;
    static final long NO_KEY = 0;

    final ReplyAddress to = new ReplyAddress();
    final int slot;
    /** Tells this use of the slot from earlier ones, so that a late answer to one of those finds nothing. */
    long generation;
    boolean isOpen;
    /** Its caller has not been answered. */
    boolean isOwed;
    long deadlineNs;
    Caller caller;
    /** Slots of the calls opened before and after this one, which is also the order of their deadlines. */
    int olderSlot;
    int newerSlot;

    /** The upstream that has it, or {@link #NO_LANE} while it waits for one, or goes to several. */
    int laneIndex;
    /** Bit i: upstream i has had it. */
    int triedLanes;
    /** Bit i: its answer is awaited; for a call that goes to several. */
    int awaitedLanes;
    boolean isBroadcast;
    boolean isRead;
    /** It is the relay's own: nobody is to be answered. */
    boolean isOwn;
    /** It may be sent to another upstream: it only reads, and {@link #text} holds it. */
    boolean isRepeatable;
    /** Its caller has been shown heads, so no upstream behind the shown head will do. */
    boolean isHeadBound;
    /** The highest block that answers had shown its caller when it was made, or -1. */
    long shownNumber;
    /** The block that its answer shows, or -1. */
    long answeredNumber;
    long sentAtNs;
    /** From when its attempt time-out counts. */
    long attemptSinceNs;

    /** How long its text is, whether it is kept or not. */
    int sentBytes;
    /** The call's text, if {@link #textLength} is not 0; the offsets count from its start. */
    byte[] text = CallTexts.NO_TEXT;
    int textLength;
    int idOffset;
    int idLength;
    int methodOffset;
    int methodLength;
    int paramsOffset;
    int paramsLength;
    /** Of method and params, or {@link #NO_KEY} if nothing can join it or be kept of it. */
    long keyHash;
    /** What {@link MethodTable} says of the method. */
    int flags;
    /** Which change of what is latest preceded its being sent. */
    long era;
    /** The upstream was not behind when it got the call. */
    boolean wasCurrent;

    /** The error to answer with if no upstream does better; for a call that goes to several. */
    HeldAnswer heldError;
    /** Another upstream has answered with an error that is not that it has the transaction already. */
    boolean hasOtherError;
    /** An upstream was lost before it answered: it may have carried the call out. */
    boolean isOutcomeUnknown;

    /** The call that this one has joined; null if it goes to an upstream itself. */
    PendingCall leader;
    /** Those that joined this one, linked through themselves. */
    PendingCall firstJoined;
    PendingCall lastJoined;
    PendingCall previousJoined;
    PendingCall nextJoined;

    CallList list;
    PendingCall previousInList;
    PendingCall nextInList;

    PendingCall(final int slot)
    {
        this.slot = slot;
    }

    void addJoined(final PendingCall call)
    {
        call.leader = this;
        call.previousJoined = lastJoined;
        call.nextJoined = null;
        if (lastJoined == null)
        {
            firstJoined = call;
        }
        else
        {
            lastJoined.nextJoined = call;
        }
        lastJoined = call;
    }

    /** Leaves the call that it has joined. */
    void leave()
    {
        if (previousJoined == null)
        {
            leader.firstJoined = nextJoined;
        }
        else
        {
            previousJoined.nextJoined = nextJoined;
        }
        if (nextJoined == null)
        {
            leader.lastJoined = previousJoined;
        }
        else
        {
            nextJoined.previousJoined = previousJoined;
        }
        leader = null;
        previousJoined = null;
        nextJoined = null;
    }
}
