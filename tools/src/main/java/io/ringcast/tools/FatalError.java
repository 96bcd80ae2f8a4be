package io.ringcast.tools;

/**
 * Ends the process on an error that it should not survive, such as running out of memory.
 * Any thread.
 */
final class FatalError
{
    private static final int EXIT_SOFTWARE = 70;

    private FatalError()
    {
    }

    /**
     * Says what happened and halts: shutdown hooks may hang on a JVM in such a state.
     *
     * @param error what happened; the relay has logged it.
     */
    static void endProcess(final Error error)
    {
        System.err.println("ringcast: fatal: " + error);
        Runtime.getRuntime().halt(EXIT_SOFTWARE);
    }
}
