package io.ringcast.journal;

/**
 * With what a checkpoint begins: the state of a network's stages as a run of it left them behind one of its slots.
 * Immutable.
 *
 * @param run      the number of the run.
 * @param position where in the run's recording the first slot begins that is not in the state, in bytes.
 * @param nextSlot the sequence of that slot.
 * @param runStart with what that run began: its beginning may be given up by the time it is asked for.
 */
public record CheckpointStart(long run, long position, long nextSlot, RunStart runStart)
{
    private static final String RUN = "run ";
    private static final String POSITION = "position ";
    private static final String NEXT_SLOT = "nextSlot ";
    private static final int LINES = 3;

    /**
     * Writes it down.
     *
     * @return a text that {@link #parse} reads.
     */
    public String toText()
    {
        return RUN + run + '\n' + POSITION + position + '\n' + NEXT_SLOT + nextSlot + '\n' + runStart.toText();
    }

    /**
     * Reads what {@link #toText} has written.
     *
     * @param text the text.
     * @return the same as then.
     * @throws JournalFormatException if it is none.
     */
    public static CheckpointStart parse(final String text)
    {
        final String[] lines = text.split("\n", LINES + 1);
        if (lines.length <= LINES)
        {
            throw unreadable();
        }
        return new CheckpointStart(number(lines[0], RUN), number(lines[1], POSITION), number(lines[2], NEXT_SLOT),
            RunStart.parse(lines[LINES]));
    }

    private static long number(final String line, final String name)
    {
        try
        {
            final long number = line.startsWith(name) ? Long.parseLong(line.substring(name.length())) : -1;
            if (number >= 0)
            {
                return number;
            }
        }
        catch (final NumberFormatException ignored)
        {
            // The same refusal as for another text.
        }
        throw unreadable();
    }

    private static JournalFormatException unreadable()
    {
        return new JournalFormatException("a beginning of a checkpoint that can't be read");
    }
}
