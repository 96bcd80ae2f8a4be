package io.ringcast.session;

import java.util.Arrays;

/**
 * What the rights of a client refused in one slot. They depend on other networks and on the clock, so what they said is
 * recorded with the slot; when it is replayed, they are not asked.
 * Confined to whoever holds the slot.
 *
 * <p>Looks are counted in the order in which the stages take them. Only refusals are noted, so mostly nothing is.
 */
public final class SlotVerdicts
{
    /** Nothing against it. */
    public static final int PASSED = 0;
    /** Too much in a second. */
    public static final int OVER_RATE = 1;
    /** The method may not be called. */
    public static final int DENIED = 2;
    /** Too many subscriptions. */
    public static final int FULL = 3;

    private static final int KIND_BITS = 2;
    private static final int KIND_MASK = (1 << KIND_BITS) - 1;

    private int[] notes = new int[0];
    private int noteCount;
    private int lookCount;
    private int replayedCount;
    private boolean isReplay;

    /** The slot is filled anew. */
    public void clear()
    {
        noteCount = 0;
        lookCount = 0;
        replayedCount = 0;
        isReplay = false;
    }

    /**
     * Takes over what was recorded: from here on it counts, and no rights do.
     *
     * @param recorded what the stages noted when the slot was recorded.
     */
    public void replay(final SlotVerdicts recorded)
    {
        clear();
        isReplay = true;
        for (int i = 0; i < recorded.noteCount; i++)
        {
            addNote(recorded.notes[i]);
        }
    }

    /**
     * Looks whether a call may go on.
     *
     * @param rights      of the caller.
     * @param isOverBytes true if its text was already too much.
     * @param text        holds the method's name.
     * @param offset      where it starts.
     * @param length      its length in bytes.
     * @param nowNs       the time.
     * @return {@link #PASSED}, {@link #OVER_RATE} or {@link #DENIED}.
     */
    public int ofCall(
        final ClientRights rights, final boolean isOverBytes, final byte[] text, final int offset, final int length,
        final long nowNs)
    {
        if (isReplay)
        {
            return nextReplayed();
        }
        return noted(isOverBytes || !rights.tryTakeRequest(nowNs) ? OVER_RATE :
            rights.mayCall(text, offset, length) ? PASSED : DENIED);
    }

    /**
     * Looks whether there may be one subscription more, and takes it.
     *
     * @param rights of the subscriber.
     * @return {@link #PASSED} or {@link #FULL}.
     */
    public int ofSubscription(final ClientRights rights)
    {
        if (isReplay)
        {
            final int verdict = nextReplayed();
            return verdict == PASSED && !rights.tryTakeSubscription() ? FULL : verdict;
        }
        return noted(rights.tryTakeSubscription() ? PASSED : FULL);
    }

    /** How many refusals there are. */
    public int count()
    {
        return noteCount;
    }

    /**
     * Gives a refusal as a number.
     *
     * @param index from 0.
     * @return which look it was, and what it said.
     */
    public int get(final int index)
    {
        return notes[index];
    }

    /** Adds a refusal as {@link #get} gave it. */
    public void addNote(final int note)
    {
        if (noteCount == notes.length)
        {
            notes = Arrays.copyOf(notes, Math.max(4, noteCount * 2));
        }
        notes[noteCount++] = note;
    }

    private int noted(final int verdict)
    {
        if (verdict != PASSED)
        {
            addNote(lookCount << KIND_BITS | verdict);
        }
        lookCount++;
        return verdict;
    }

    private int nextReplayed()
    {
        final int look = lookCount++;
        if (replayedCount < noteCount && notes[replayedCount] >>> KIND_BITS == look)
        {
            return notes[replayedCount++] & KIND_MASK;
        }
        return PASSED;
    }
}
