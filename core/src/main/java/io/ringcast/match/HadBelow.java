package io.ringcast.match;

import java.util.List;

/**
 * What a subscriber that is read on for had before: if the chain leaves that while it is read for, it is taken back,
 * and reading begins lower.
 * Confined to the pipeline thread that runs match.
 */
final class HadBelow
{
    private final PatientSubscriber subscriber;
    private final SpillPlace place;
    private final HistoryKind kind;
    private final HistoryTail tail;
    private long fromNumber;

    HadBelow(final PatientSubscriber subscriber, final HistoryKind kind, final HistoryTail tail)
    {
        this.subscriber = subscriber;
        place = subscriber.spill;
        this.kind = kind;
        this.tail = tail;
        fromNumber = place.firstNumber();
    }

    /** The block that reading begins with. */
    long fromNumber()
    {
        return fromNumber;
    }

    /** Whether reading has come so far that the chain won't leave any of it; then nobody looks after it any more. */
    boolean isSettled()
    {
        if (tail.firstNumber() <= fromNumber)
        {
            return false;
        }
        subscriber.topic.feed.history.spilling.remove(subscriber);
        place.forget();
        return true;
    }

    /** Whether it is not known yet what the chain has left: not all is published that is to be told as removed. */
    boolean isUnknown()
    {
        if (kind.nextPosition() > subscriber.topic.feed.history.next())
        {
            return true;
        }
        place.lookAtAll();
        return false;
    }

    /** Whether there was no room to keep what would have to be taken back. */
    boolean isLost()
    {
        return place.isForgotten() || !place.canTellLeft();
    }

    /** Whether the chain has left some of it since {@link #takeLeft}. */
    boolean hasLeft()
    {
        return place.hasLeft();
    }

    /**
     * Gives what is to be taken back, when nothing is on its way that was not sent.
     *
     * @param reader reads on.
     * @param out    takes the blocks, the newest first.
     */
    void takeLeft(final HistoryReader reader, final List<TailBlock> out)
    {
        final long readNumber =
            tail.contains(place.last().blockNumber(), place.last().hashStart()) ? place.last().blockNumber() : -1;
        if (place.firstNumber() < fromNumber)
        {
            fromNumber = place.firstNumber();
            tail.beginBefore(fromNumber, out);
        }
        place.takeLeft(reader, readNumber, out);
        subscriber.had = null;
    }
}
