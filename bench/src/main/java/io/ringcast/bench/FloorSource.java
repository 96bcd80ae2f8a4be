package io.ringcast.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of the relay in C that figures are measured against. Any thread; no state. */
public final class FloorSource
{
    private FloorSource()
    {
    }

    /**
     * Writes it to a file.
     *
     * @param file where to.
     * @throws IOException if it can't be written.
     */
    public static void write(final Path file) throws IOException
    {
        try (InputStream source = FloorSource.class.getResourceAsStream("floor.c"))
        {
            Files.write(file, source.readAllBytes());
        }
    }
}
