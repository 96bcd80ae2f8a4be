package io.ringcast.pipeline;

import io.ringcast.journal.JournalFormatException;

/**
 * How the kinds of events stand in a journal.
 * Any thread. A code never changes its meaning, whatever becomes of the list of kinds.
 */
final class EventCodes
{
    private static final EventKind[] KINDS = EventKind.values();

    private EventCodes()
    {
    }

    /** Without a default on purpose: a new kind does not compile until it has a code. */
    static int codeOf(final EventKind kind)
    {
        return switch (kind)
        {
            case CLIENT_FRAME -> 1;
            case CLIENT_CLOSED -> 2;
            case UPSTREAM_FRAME -> 3;
            case UPSTREAM_UP -> 4;
            case UPSTREAM_DOWN -> 5;
            case TICK -> 6;
            case UPSTREAM_READING -> 24;
            case CATCH_UP -> 7;
            case DRAIN -> 16;
            case CLIENT_OPENED -> 20;
            case CLIENT_READ -> 21;
            case CLIENT_FIGURES -> 22;
            case JOURNAL_BROKEN -> 23;
        };
    }

    /** Whether the slot's text belongs to the event, also an empty one. */
    static boolean hasText(final EventKind kind)
    {
        return switch (kind)
        {
            case CLIENT_FRAME, UPSTREAM_FRAME, CATCH_UP, CLIENT_OPENED, CLIENT_READ, CLIENT_FIGURES, DRAIN -> true;
            case CLIENT_CLOSED, UPSTREAM_UP, UPSTREAM_DOWN, UPSTREAM_READING, TICK, JOURNAL_BROKEN -> false;
        };
    }

    static EventKind kindOf(final int code)
    {
        for (final EventKind kind : KINDS)
        {
            if (codeOf(kind) == code)
            {
                return kind;
            }
        }
        throw new JournalFormatException("an event of the unknown kind " + code + ": a newer relay wrote it");
    }
}
