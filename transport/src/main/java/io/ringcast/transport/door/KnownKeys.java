package io.ringcast.transport.door;

import io.ringcast.config.AccessConfig;
import io.ringcast.config.ConfigException;
import io.ringcast.config.KeyConfig;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;

/**
 * The secrets as they were when their files were read, each only as what it hashes to.
 * Immutable.
 */
final class KnownKeys
{
    private static final int MIN_KEY_CHARS = 16;

    /** By digest: finding one takes as long for a guess that is nearly right as for any other. */
    private final Map<ByteBuffer, String> namesByDigest;
    /** Null if no tokens are believed. */
    private final TokenCheck tokens;

    private KnownKeys(final Map<ByteBuffer, String> namesByDigest, final TokenCheck tokens)
    {
        this.namesByDigest = namesByDigest;
        this.tokens = tokens;
    }

    /**
     * Reads every secret. It waits for the disk.
     *
     * @param config says where they stand.
     * @return the keys.
     * @throws ConfigException naming the first that can't be used.
     */
    static KnownKeys read(final AccessConfig config)
    {
        final Map<ByteBuffer, String> names = new HashMap<>();
        for (int i = 0; i < config.keys().size(); i++)
        {
            final KeyConfig key = config.keys().get(i);
            final String place = "access.keys[" + i + "]." + key.secret().settingName();
            final byte[] digest = Secrets.digest(Secrets.read(place, key.secret(), MIN_KEY_CHARS));
            if (names.put(ByteBuffer.wrap(digest), key.name()) != null)
            {
                throw new ConfigException(place, key.secret().place(), "is another key's as well",
                    "a secret of its own for each key");
            }
        }
        return new KnownKeys(names, config.jwt() == null ? null : TokenCheck.of(config.jwt()));
    }

    /** The name of the key with a secret, or null. */
    String nameOf(final String secret)
    {
        final byte[] digest = Secrets.digest(secret);
        final ByteBuffer wanted = ByteBuffer.wrap(digest);
        return namesByDigest.get(wanted);
    }

    TokenCheck tokens()
    {
        return tokens;
    }

    boolean holdsTheSameAs(final KnownKeys other)
    {
        return namesByDigest.equals(other.namesByDigest) &&
            (tokens == null || MessageDigest.isEqual(tokens.keyDigest(), other.tokens.keyDigest()));
    }
}
