package io.ringcast.config;

import java.nio.file.Path;

/**
 * Whose signed tokens (JWT) are believed, and what they open.
 * Immutable.
 *
 * @param secret    where the secret of HS256 stands, or null.
 * @param publicKey a PEM file with the public key of RS256 (RSA) or ES256 (P-256), or null.
 * @param issuer    what {@code iss} has to be; null, the default, for anything.
 * @param audience  what {@code aud} has to name; null, the default, for anything.
 * @param rights    what each token opens; limits hold for all tokens together.
 * @param subjects  what each subject may take of that; null, the default, if subjects are not told apart.
 */
public record JwtConfig(
    SecretSource secret, Path publicKey, String issuer, String audience, RightsConfig rights, SubjectConfig subjects)
{
    public JwtConfig
    {
        if ((secret == null) == (publicKey == null))
        {
            throw new ConfigException("publicKeyFile", publicKey == null ? "" : publicKey,
                publicKey == null ? "missing" : "given beside a secret",
                "publicKeyFile for RS256 or ES256, or secretFile or secretEnv for HS256");
        }
    }

    /** One that does not tell subjects apart. */
    public JwtConfig(
        final SecretSource secret, final Path publicKey, final String issuer, final String audience,
        final RightsConfig rights)
    {
        this(secret, publicKey, issuer, audience, rights, null);
    }
}
