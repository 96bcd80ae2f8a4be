package io.ringcast.lane;

/**
 * An upstream that can be asked for what is missing.
 * Confined to the thread that runs match.
 */
interface AskedLane
{
    /** Whether it is there, and may have the block with that number, or can say where it is. */
    boolean mayHave(long number);

    /** Whether it is left out, so that it is asked when no other is left. */
    boolean isOut();
}
