package io.ringcast.journal;

/**
 * A journal holds what it may not: another version wrote it, or its beginning is gone.
 * Immutable.
 */
public class JournalFormatException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /**
     * Creates it.
     *
     * @param complaint what is wrong, half a sentence.
     */
    public JournalFormatException(final String complaint)
    {
        super("the journal holds " + complaint);
    }
}
