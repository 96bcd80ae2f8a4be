package io.ringcast.transport.door;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.EncodedKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads keys from PEM.
 * Any thread.
 */
final class PemKeys
{
    private static final String[] ALGORITHMS = {"EC", "RSA", "EdDSA"};

    @FunctionalInterface
    private interface Maker<T>
    {
        T make(KeyFactory factory) throws GeneralSecurityException;
    }

    private PemKeys()
    {
    }

    /** Reads an unencrypted PKCS #8 key, {@code BEGIN PRIVATE KEY}. */
    static PrivateKey privateKey(final byte[] pem) throws GeneralSecurityException
    {
        final EncodedKeySpec spec = new PKCS8EncodedKeySpec(body(pem, "PRIVATE KEY"));
        return firstOf(factory -> factory.generatePrivate(spec));
    }

    /** Reads a public key, {@code BEGIN PUBLIC KEY}. */
    static PublicKey publicKey(final byte[] pem) throws GeneralSecurityException
    {
        final EncodedKeySpec spec = new X509EncodedKeySpec(body(pem, "PUBLIC KEY"));
        return firstOf(factory -> factory.generatePublic(spec));
    }

    private static byte[] body(final byte[] pem, final String name) throws InvalidKeyException
    {
        final Matcher block = Pattern
            .compile("-----BEGIN " + name + "-----([A-Za-z0-9+/=\\s]+)-----END " + name + "-----")
            .matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!block.find())
        {
            throw new InvalidKeyException("no " + name);
        }
        try
        {
            return Base64.getMimeDecoder().decode(block.group(1));
        }
        catch (final IllegalArgumentException e)
        {
            throw new InvalidKeyException("no base64", e);
        }
    }

    private static <T> T firstOf(final Maker<T> maker) throws GeneralSecurityException
    {
        GeneralSecurityException last = null;
        for (final String algorithm : ALGORITHMS)
        {
            try
            {
                return maker.make(KeyFactory.getInstance(algorithm));
            }
            catch (final GeneralSecurityException e)
            {
                last = e;
            }
        }
        throw last;
    }
}
