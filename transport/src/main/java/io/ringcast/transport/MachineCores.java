package io.ringcast.transport;

import io.ringcast.config.CoreList;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The cores of this machine.
 * Immutable.
 *
 * @param available how many the JVM was given; isolated ones are not among them, since nothing is scheduled on those
 *                  without being told to.
 * @param online    all that run; empty where the system does not tell.
 * @param isolated  those that the scheduler leaves alone.
 */
record MachineCores(int available, CoreList online, CoreList isolated)
{
    private static final Path CPUS = Path.of("/sys/devices/system/cpu");

    static MachineCores read()
    {
        return new MachineCores(Runtime.getRuntime().availableProcessors(), list("online"), list("isolated"));
    }

    private static CoreList list(final String file)
    {
        try
        {
            return CoreList.parse(file, Files.readString(CPUS.resolve(file)).strip());
        }
        catch (final IOException e)
        {
            // Not Linux, or a container that hides it.
            return CoreList.NONE;
        }
    }
}
