package io.ringcast.config;

import java.util.Locale;

/**
 * What the machine's clock is kept by, as its operator says: nobody else can tell a program what is behind the clock
 * that it reads. Immutable.
 */
public enum ClockSync
{
    /** Nobody has said. */
    UNKNOWN,
    /** Nothing: it runs by itself. */
    NONE,
    /** The Network Time Protocol. */
    NTP,
    /** The Precision Time Protocol (IEEE 1588). */
    PTP;

    /**
     * Gives the word for it.
     *
     * @return empty if nobody has said.
     */
    public String text()
    {
        return this == UNKNOWN ? "" : name().toLowerCase(Locale.ROOT);
    }
}
