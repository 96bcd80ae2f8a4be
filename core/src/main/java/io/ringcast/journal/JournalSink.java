package io.ringcast.journal;

import org.agrona.DirectBuffer;

/**
 * Where the records of one network go.
 * Confined to the journal's thread.
 */
public interface JournalSink
{
    /** What became of a record. */
    enum Result
    {
        /** It is on its way to the disk. */
        TAKEN,
        /** There is no room now; the same record is to be offered again. */
        BACK_PRESSURED,
        /** The journal takes nothing more. */
        BROKEN
    }

    /**
     * Offers one record; never waits.
     *
     * @param buffer      holds it; borrowed for this call.
     * @param offset      where it begins.
     * @param lengthBytes how long it is, at most {@link #maxRecordBytes()}.
     * @return what became of it.
     */
    Result offer(DirectBuffer buffer, int offset, int lengthBytes);

    /**
     * The longest record that is taken.
     *
     * @return its length in bytes.
     */
    int maxRecordBytes();

    /**
     * How far it is with what was taken.
     *
     * @return the end of the last record, in bytes since the beginning; meant for {@link #writtenPosition()} only.
     */
    long position();

    /**
     * How far that is written where the end of this process does not take it away.
     *
     * @return what was taken up to this {@link #position()} is.
     */
    long writtenPosition();

    /** The journal is given up: what it holds is not to be taken for all that there was. Never waits, never throws. */
    void onBroken();
}
