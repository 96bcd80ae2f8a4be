package io.ringcast.transport.journal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Tells whether a checkpoint may take room on the disk: what the journal records comes first, since without room it
 * breaks.
 * Any thread.
 */
interface SpareDisk
{
    /** What is left to the journal: the file that is written, the next one, and as much for what is deleted late. */
    int RESERVED_FILES = 4;

    /**
     * Looks at what is free.
     *
     * @param wantedBytes how much is about to be written.
     * @throws IOException if it is too little; says so.
     */
    void check(long wantedBytes) throws IOException;

    /** That of a directory, whose files have such a length. */
    static SpareDisk of(final Path directory, final int fileBytes)
    {
        final long reservedBytes = (long)RESERVED_FILES * fileBytes;
        return wantedBytes ->
        {
            final long freeBytes = directory.toFile().getUsableSpace();
            if (freeBytes < wantedBytes + reservedBytes)
            {
                throw new IOException("only " + freeBytes + " bytes are free on the disk; a checkpoint of " +
                    wantedBytes + " and what is recorded meanwhile want " + (wantedBytes + reservedBytes));
            }
        };
    }
}
