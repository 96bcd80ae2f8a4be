package io.ringcast.transport.door;

import io.ringcast.config.ConfigException;
import io.ringcast.config.SecretSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Reads secrets, which no message ever shows.
 * Any thread; reading waits for the disk, so never an I/O thread.
 */
final class Secrets
{
    private static final int LIMIT_BYTES = 8192;

    private Secrets()
    {
    }

    /**
     * Reads a secret.
     *
     * @param name     the setting, for the message.
     * @param source   where it stands.
     * @param minChars the shortest that is accepted.
     * @return the secret.
     * @throws ConfigException if it can't be read or is too short; it is not shown.
     */
    static String read(final String name, final SecretSource source, final int minChars)
    {
        final String line = source.file() == null ? System.getenv(source.variable()) : firstLine(name, source);
        if (line == null || !line.matches("[!-~]{" + minChars + "," + LIMIT_BYTES + "}"))
        {
            throw new ConfigException(name, source.place(), "holds no secret that can be used",
                minChars + " to " + LIMIT_BYTES + " printable characters without blanks in its first line");
        }
        return line;
    }

    /** What a secret is known by: comparing these tells nobody how much of a guess was right. */
    static byte[] digest(final String secret)
    {
        try
        {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.ISO_8859_1));
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    private static String firstLine(final String name, final SecretSource source)
    {
        try (InputStream in = Files.newInputStream(source.file()))
        {
            return new String(in.readNBytes(LIMIT_BYTES + 1), StandardCharsets.ISO_8859_1)
                .lines().findFirst().orElse("").trim();
        }
        catch (final IOException e)
        {
            throw new ConfigException(name, source.place(), "cannot be read", "a readable file");
        }
    }
}
