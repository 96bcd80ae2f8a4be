package io.ringcast.session;

/**
 * The number of a downstream connection: unique for the life of a relay, its I/O loop in the low bits.
 * Any thread. Slots hold this number, never a channel, so nothing keeps a closed connection alive.
 */
public final class ConnectionId
{
    /** How many I/O loops an id can name. */
    public static final int MAX_LOOPS = 64;
    /** No connection. */
    public static final long NONE = 0L;

    private static final int LOOP_BITS = 6;
    private static final long CALLS_ONLY = 1L << 62;
    private static final long PROGRAM = 1L << 61;
    private static final long EVENTS_ONLY = 1L << 60;
    private static final long KINDS = CALLS_ONLY | PROGRAM | EVENTS_ONLY;

    private ConnectionId()
    {
    }

    /**
     * Builds an id.
     *
     * @param serial    counts the loop's connections, from 1.
     * @param loopIndex which loop owns the connection, 0 to 63.
     * @return the id, never {@link #NONE}.
     */
    public static long of(final long serial, final int loopIndex)
    {
        return (serial << LOOP_BITS) | loopIndex;
    }

    /**
     * Builds the id of a connection that can't be sent anything but one answer to each text, such as one over HTTP. It
     * gets an empty text where nothing is owed, and no subscription.
     *
     * @param serial    counts the loop's connections, from 1.
     * @param loopIndex which loop owns the connection, 0 to 63.
     * @return the id, never {@link #NONE}.
     */
    public static long callsOnly(final long serial, final int loopIndex)
    {
        return CALLS_ONLY | of(serial, loopIndex);
    }

    /**
     * Tells whether a connection gets answers only.
     *
     * @param connectionId an id.
     * @return true if it was made by {@link #callsOnly}.
     */
    public static boolean isCallsOnly(final long connectionId)
    {
        return (connectionId & CALLS_ONLY) != 0;
    }

    /**
     * Builds the id of a stream of events over HTTP: whoever reads it makes calls over other connections.
     *
     * @param serial    counts the loop's connections, from 1.
     * @param loopIndex which loop owns the connection, 0 to 63.
     * @return the id, never {@link #NONE}.
     */
    public static long eventsOnly(final long serial, final int loopIndex)
    {
        return EVENTS_ONLY | of(serial, loopIndex);
    }

    /**
     * Tells whether a connection is a stream of events.
     *
     * @param connectionId an id.
     * @return true if it was made by {@link #eventsOnly}.
     */
    public static boolean isEventsOnly(final long connectionId)
    {
        return (connectionId & EVENTS_ONLY) != 0;
    }

    /**
     * Builds the id of the program that the relay runs in, which may publish where clients may not.
     *
     * @param serial    counts the loop's connections, from 1.
     * @param loopIndex which loop owns it, 0 to 63.
     * @return the id, never {@link #NONE}.
     */
    public static long program(final long serial, final int loopIndex)
    {
        return PROGRAM | of(serial, loopIndex);
    }

    /**
     * Tells whether it is the program that the relay runs in.
     *
     * @param connectionId an id.
     * @return true if it was made by {@link #program}.
     */
    public static boolean isProgram(final long connectionId)
    {
        return (connectionId & PROGRAM) != 0;
    }

    /**
     * Tells the number that its loop gave to a connection.
     *
     * @param connectionId an id.
     * @return the number, from 1.
     */
    public static long serial(final long connectionId)
    {
        return (connectionId & ~KINDS) >>> LOOP_BITS;
    }

    /**
     * Tells which loop owns a connection.
     *
     * @param connectionId an id.
     * @return the loop's index, 0 to 63.
     */
    public static int loopIndex(final long connectionId)
    {
        return (int)(connectionId & (MAX_LOOPS - 1));
    }
}
