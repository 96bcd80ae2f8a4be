package io.ringcast.transport.journal;

import io.ringcast.journal.SlotRecord;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The stages of a network once more, which do nothing but what was recorded: what a checkpoint is made of.
 * Confined to the thread that makes the checkpoint.
 */
public interface ShadowStages extends AutoCloseable
{
    /**
     * Takes over the state of a checkpoint; before any slot.
     *
     * @param image what {@link #writeImage} has written, perhaps in another process.
     * @throws IOException                                   if it can't be read.
     * @throws io.ringcast.journal.JournalFormatException if it is not of such stages.
     */
    void readImage(InputStream image) throws IOException;

    /**
     * Does what was done with one slot.
     *
     * @param slot what was recorded; slots come in the order of their sequences.
     */
    void onSlot(SlotRecord slot);

    /**
     * How many slots went otherwise than when they were recorded.
     *
     * @return the number; if it is not 0, the state is of no use.
     */
    long differences();

    /**
     * Writes the state down: to the byte the same for the same state.
     *
     * @param image where to.
     * @throws IOException if that does not take it, or there is something in the state that can't be written.
     */
    void writeImage(OutputStream image) throws IOException;

    /** Gives its memory back. */
    @Override
    void close();
}
