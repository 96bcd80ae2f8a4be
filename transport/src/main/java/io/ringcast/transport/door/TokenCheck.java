package io.ringcast.transport.door;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.ringcast.config.ConfigException;
import io.ringcast.config.JwtConfig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.concurrent.TimeUnit;

/**
 * Tells whether a signed token (JWT) is believed, and until when.
 * Immutable. The key says which algorithm there is; what a token says of itself has only to agree with it.
 */
final class TokenCheck
{
    private static final int MIN_SECRET_CHARS = 32;
    private static final int MIN_RSA_BITS = 2048;
    private static final long CLOCK_SKEW_MS = TimeUnit.SECONDS.toMillis(30);

    private final JwtConfig config;
    private final JWSAlgorithm algorithm;
    private final JWSVerifier verifier;
    private final byte[] keyDigest;

    private TokenCheck(
        final JwtConfig config, final JWSAlgorithm algorithm, final JWSVerifier verifier, final byte[] keyDigest)
    {
        this.config = config;
        this.algorithm = algorithm;
        this.verifier = verifier;
        this.keyDigest = keyDigest;
    }

    /**
     * Reads the key. It waits for the disk.
     *
     * @param config says where it stands.
     * @return the check.
     * @throws ConfigException if it can't be read, is too short, or of another kind or curve.
     */
    static TokenCheck of(final JwtConfig config)
    {
        try
        {
            return read(config);
        }
        catch (final JOSEException e)
        {
            throw new ConfigException("access.jwt", "...", "a key that can't be used",
                "a secret of 32 characters or more, an RSA key of 2048 bits or more, or a P-256 key");
        }
    }

    private static TokenCheck read(final JwtConfig config) throws JOSEException
    {
        if (config.secret() != null)
        {
            final String secret = Secrets.read(
                "access.jwt." + config.secret().settingName(), config.secret(), MIN_SECRET_CHARS);
            return new TokenCheck(config, JWSAlgorithm.HS256,
                new MACVerifier(secret.getBytes(StandardCharsets.ISO_8859_1)), Secrets.digest(secret));
        }
        final PublicKey key = publicKey(config);
        final byte[] digest = Secrets.digest(new String(key.getEncoded(), StandardCharsets.ISO_8859_1));
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS)
        {
            return new TokenCheck(config, JWSAlgorithm.RS256, new RSASSAVerifier(rsa), digest);
        }
        if (key instanceof ECPublicKey curve)
        {
            final ECDSAVerifier verifier = new ECDSAVerifier(curve);
            if (verifier.supportedJWSAlgorithms().contains(JWSAlgorithm.ES256))
            {
                return new TokenCheck(config, JWSAlgorithm.ES256, verifier, digest);
            }
        }
        throw new JOSEException("another kind of key");
    }

    /**
     * Looks at a token.
     *
     * @param token what the client came with.
     * @param nowMs the time, in milliseconds since 1970.
     * @return what it says, or null if it is not believed.
     */
    Token check(final String token, final long nowMs)
    {
        try
        {
            final SignedJWT jwt = SignedJWT.parse(token);
            if (!algorithm.equals(jwt.getHeader().getAlgorithm()) || !jwt.verify(verifier))
            {
                return null;
            }
            return isMeantForUs(jwt.getJWTClaimsSet(), nowMs) ? Token.of(jwt.getJWTClaimsSet()) : null;
        }
        catch (final ParseException | JOSEException | IllegalArgumentException | IllegalStateException e)
        {
            return null;
        }
    }

    byte[] keyDigest()
    {
        return keyDigest;
    }

    private boolean isMeantForUs(final JWTClaimsSet claims, final long nowMs)
    {
        return claims.getExpirationTime() != null && claims.getExpirationTime().getTime() > nowMs &&
            (claims.getNotBeforeTime() == null || claims.getNotBeforeTime().getTime() <= nowMs + CLOCK_SKEW_MS) &&
            (config.issuer() == null || config.issuer().equals(claims.getIssuer())) &&
            (config.audience() == null || claims.getAudience().contains(config.audience()));
    }

    private static PublicKey publicKey(final JwtConfig config)
    {
        try
        {
            return PemKeys.publicKey(Files.readAllBytes(config.publicKey()));
        }
        catch (final IOException | GeneralSecurityException e)
        {
            throw new ConfigException("access.jwt.publicKeyFile", config.publicKey(), "not a readable public key",
                "a PEM file with BEGIN PUBLIC KEY, RSA or P-256");
        }
    }
}
