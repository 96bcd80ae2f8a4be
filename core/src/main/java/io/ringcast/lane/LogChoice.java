package io.ringcast.lane;

/** Says which logs count. Called on the thread that runs match. */
@FunctionalInterface
public interface LogChoice
{
    /**
     * Looks at one log.
     *
     * @param bytes  holds its text, for this call.
     * @param offset where it starts.
     * @param length its length in bytes.
     * @return true if it counts.
     */
    boolean isWanted(byte[] bytes, int offset, int length);
}
