package io.ringcast.transport.journal;

import io.ringcast.journal.JournalFormatException;

/**
 * Some of a run is gone that the disk had for certain: more than what a process or a machine that fails takes with it.
 * Numbers were given in it that nobody knows any more, so none may go on behind it.
 */
final class DamagedRunException extends JournalFormatException
{
    private static final long serialVersionUID = 1L;

    DamagedRunException(final String complaint)
    {
        super(complaint);
    }

    static void throwIf(final long number, final long endPosition, final long syncedPosition)
    {
        if (endPosition < syncedPosition)
        {
            throw new DamagedRunException("run " + number + " damaged behind its first " + endPosition + " bytes" +
                (syncedPosition == Long.MAX_VALUE ? ", or the mark of how many the disk had" :
                ", of " + syncedPosition + " that the disk had"));
        }
    }
}
