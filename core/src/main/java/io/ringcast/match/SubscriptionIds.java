package io.ringcast.match;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Makes subscription ids that are addresses of the content.
 * Any thread.
 *
 * <p>The first 128 bits of SHA-256 over network, method, canonical params and salt. The first digit is never 0: alloy
 * sends an id back as a number without leading zeros.
 */
final class SubscriptionIds
{
    private SubscriptionIds()
    {
    }

    /**
     * Makes an id.
     *
     * @param network         the network's name.
     * @param method          the subscribe method.
     * @param canonicalParams the params in canonical form.
     * @param salt            0, or n for the n-th further subscription to the same thing on one connection.
     * @return {@code 0x} and 32 hex digits.
     */
    static String of(final String network, final String method, final String canonicalParams, final int salt)
    {
        try
        {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            final String content = network + '\0' + method + '\0' + canonicalParams + '\0' + salt;
            final byte[] hash = digest.digest(content.getBytes(StandardCharsets.UTF_8));
            if ((hash[0] & 0xF0) == 0)
            {
                hash[0] |= (byte)0x80;
            }
            return "0x" + HexFormat.of().formatHex(hash, 0, 16);
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
