package io.ringcast.config;

/** What happens when the journal can't keep up for longer than it may. Immutable. */
public enum JournalPolicy
{
    /** The relay is held back until the journal has caught up: nothing goes unrecorded. */
    HOLD,
    /** The journal is given up until the next start, with a counter and a line in the log; the relay goes on. */
    BREAK
}
