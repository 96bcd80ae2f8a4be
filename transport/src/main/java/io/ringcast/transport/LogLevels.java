package io.ringcast.transport;

/**
 * Changes how much is logged, for the admin port. Any thread.
 *
 * <p>SLF4J has no way to do it, and a library must not choose who writes the log: the program that did gives this.
 */
public interface LogLevels
{
    /**
     * Tells a logger's level.
     *
     * @param logger its name; {@code ROOT} is the root of all.
     * @return the level that holds for it.
     */
    String get(String logger);

    /**
     * Sets a logger's level.
     *
     * @param logger its name; {@code ROOT} is the root of all.
     * @param level  the level, in any case.
     * @return false if there is no such level; then nothing has changed.
     */
    boolean trySet(String logger, String level);
}
