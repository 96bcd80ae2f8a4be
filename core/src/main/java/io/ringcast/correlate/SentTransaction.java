package io.ringcast.correlate;

import io.ringcast.frame.JsonCursor;
import io.ringcast.frame.Keccak256;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Knows the hash that a node answers {@code eth_sendRawTransaction} with.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>It is the Keccak-256 of the bytes that were sent: of a legacy transaction, and of one of the types 1, 2 and 4 of
 * EIP-2718. One that carries blobs (type 3) is sent with what its hash does not cover, so it has none here.
 */
final class SentTransaction
{
    private static final byte[] METHOD = "eth_sendRawTransaction".getBytes(StandardCharsets.US_ASCII);
    private static final int LEGACY_LIST = 0xC0;

    private final JsonCursor params = new JsonCursor();

    /** Whether a call sends a transaction that it may know the hash of. */
    static boolean isSent(final byte[] bytes, final int methodOffset, final int methodLength)
    {
        return Arrays.equals(METHOD, 0, METHOD.length, bytes, methodOffset, methodOffset + methodLength);
    }

    /**
     * Gives a transaction's hash.
     *
     * @param bytes  holds the params of the call.
     * @param offset where they start.
     * @param length their length in bytes.
     * @return the hash as {@code 0x} and 64 digits, or null if the params are no such transaction.
     */
    String hashOf(final byte[] bytes, final int offset, final int length)
    {
        if (length == 0 || !params.tryBegin(bytes, offset, length) || params.isObject() || !params.next())
        {
            return null;
        }
        final byte[] transaction = decode(bytes, params.valueOffset, params.valueLength);
        return transaction == null || params.next() || !isHashedWhole(transaction[0] & 0xFF) ?
            null : Keccak256.hex(transaction);
    }

    private static boolean isHashedWhole(final int first)
    {
        return first >= LEGACY_LIST || first == 1 || first == 2 || first == 4;
    }

    /** Decodes {@code "0x…"}; null if it is something else. */
    private static byte[] decode(final byte[] bytes, final int offset, final int length)
    {
        final int digits = length - 4;
        final boolean isHex = digits > 0 && digits % 2 == 0 && bytes[offset] == '"' && bytes[offset + 1] == '0' &&
            (bytes[offset + 2] | 0x20) == 'x';
        if (!isHex)
        {
            return null;
        }
        final byte[] decoded = new byte[digits / 2];
        for (int i = 0; i < digits; i++)
        {
            final int digit = Character.digit(bytes[offset + 3 + i], 16);
            if (digit < 0)
            {
                return null;
            }
            decoded[i >> 1] = (byte)(decoded[i >> 1] << 4 | digit);
        }
        return decoded;
    }
}
