package io.ringcast.lane;

import java.util.Locale;

/** What is held against an upstream in the arbitration of heads. Immutable. */
public enum LaneMark
{
    /** Nothing. */
    NONE,
    /** Its heads do not connect to what the others say: it is left out for a while. */
    CONTRADICTS,
    /** It said again what it had said blocks ago, while others went on: it is left out for a while. */
    BACKWARDS,
    /**
     * It has blocks that it does not push: it is left out until it does, and its connection is made anew; if that does
     * not help, it is polled.
     */
    SILENT,
    /** It pushes, but blocks behind the others; if it has more than it pushes, its connection is made anew. */
    BEHIND;

    /**
     * Gives the mark as {@code relay_feeds} has it.
     *
     * @return a JSON string, or {@code null}.
     */
    String toJson()
    {
        return this == NONE ? "null" : '"' + name().toLowerCase(Locale.ROOT) + '"';
    }
}
