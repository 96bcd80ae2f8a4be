package io.ringcast.match;

import io.ringcast.config.SubscriptionIdForm;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Makes the subscription ids of a network, as JSON.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Ids that are strings are addresses of the content: the first 128 bits of SHA-256 over network, method, canonical
 * params and salt. The first hex digit is never 0: alloy sends an id back as a number without leading zeros.
 */
final class SubscriptionIds
{
    static final int TEXT_CHARS = 16;

    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final String network;
    private final SubscriptionIdForm form;
    private long lastNumber;

    SubscriptionIds(final String network, final SubscriptionIdForm form)
    {
        this.network = network;
        this.form = form;
    }

    /**
     * Makes an id.
     *
     * @param method          the subscribe method.
     * @param canonicalParams the params in canonical form.
     * @param salt            0, or n for the n-th further subscription to the same thing on one connection.
     * @return the id; a string has its quotes.
     */
    String next(final String method, final String canonicalParams, final int salt)
    {
        return switch (form)
        {
            case HEX -> hex(hash(method, canonicalParams, salt));
            case NUMBER -> Long.toString(++lastNumber);
            default -> text(hash(method, canonicalParams, salt));
        };
    }

    private static String hex(final byte[] hash)
    {
        if ((hash[0] & 0xF0) == 0)
        {
            hash[0] |= (byte)0x80;
        }
        return "\"0x" + HexFormat.of().formatHex(hash, 0, 16) + '"';
    }

    private static String text(final byte[] hash)
    {
        final BigInteger base = BigInteger.valueOf(LETTERS.length());
        final StringBuilder text = new StringBuilder(TEXT_CHARS + 2).append('"');
        BigInteger left = new BigInteger(1, Arrays.copyOf(hash, 16));
        for (int i = 0; i < TEXT_CHARS; i++)
        {
            text.append(LETTERS.charAt(left.mod(base).intValue()));
            left = left.divide(base);
        }
        return text.append('"').toString();
    }

    private byte[] hash(final String method, final String canonicalParams, final int salt)
    {
        try
        {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            final String content = network + '\0' + method + '\0' + canonicalParams + '\0' + salt;
            return digest.digest(content.getBytes(StandardCharsets.UTF_8));
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
