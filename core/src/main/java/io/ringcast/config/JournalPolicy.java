package io.ringcast.config;

/** What happens when the journal can't keep up for longer than it may. Immutable. */
public enum JournalPolicy
{
    /**
     * Nothing is delivered before it is written, and the relay is held back until the journal has caught up: nothing
     * goes unrecorded, and a killed process loses nothing that was delivered.
     */
    HOLD,
    /** The journal is given up until the next start, with a counter and a line in the log; the relay goes on. */
    BREAK
}
