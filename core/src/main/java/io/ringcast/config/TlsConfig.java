package io.ringcast.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * What a port proves who it is with, and what it asks of clients.
 * Immutable. The files are read by whoever listens; what is wrong inside them is refused there.
 *
 * @param certificate a PEM file: the certificate, then those that signed it.
 * @param key         a PEM file with the certificate's private key, in PKCS #8 and without a password.
 * @param clientCa    a PEM file of certificates; only clients with one signed by these are let in. Null, the default,
 *                    asks clients for none.
 * @param provider    who does the cryptography; default {@link TlsChoice#AUTO}.
 */
public record TlsConfig(Path certificate, Path key, Path clientCa, TlsChoice provider)
{
    public TlsConfig
    {
        require("certificate", certificate);
        require("key", key);
    }

    private static void require(final String name, final Path file)
    {
        if (file == null)
        {
            throw new ConfigException(name, "", "missing", "the path of a PEM file");
        }
    }

    /**
     * Reads a path.
     *
     * @param name the setting, for the message.
     * @param text the path; a relative one counts from the working directory.
     * @return the path.
     * @throws ConfigException when it is none.
     */
    public static Path path(final String name, final String text)
    {
        try
        {
            if (!text.isBlank())
            {
                return Path.of(text);
            }
        }
        catch (final InvalidPathException ignored)
        {
            // The same refusal as for an empty one.
        }
        throw new ConfigException(name, text, "not a path", "the path of a file");
    }

    public static Builder builder()
    {
        return new Builder();
    }

    /** A builder that starts from these values. */
    public Builder toBuilder()
    {
        return builder().certificate(certificate).key(key).clientCa(clientCa).provider(provider);
    }

    /** Collects values; what is not given has its default. Confined to the thread that builds a configuration. */
    public static final class Builder
    {
        private Path certificate;
        private Path key;
        private Path clientCa;
        private TlsChoice provider = TlsChoice.AUTO;

        private Builder()
        {
        }

        public Builder certificate(final Path file)
        {
            certificate = file;
            return this;
        }

        public Builder key(final Path file)
        {
            key = file;
            return this;
        }

        public Builder clientCa(final Path file)
        {
            clientCa = file;
            return this;
        }

        public Builder provider(final TlsChoice choice)
        {
            provider = choice;
            return this;
        }

        public TlsConfig build()
        {
            return new TlsConfig(certificate, key, clientCa, provider);
        }
    }
}
