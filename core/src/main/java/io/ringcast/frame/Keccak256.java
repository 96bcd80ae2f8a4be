package io.ringcast.frame;

import java.util.HexFormat;

/**
 * Keccak-256 as Ethereum uses it, with the padding from before SHA-3; the JDK has only the latter.
 * Any thread.
 */
public final class Keccak256
{
    private static final int RATE_BYTES = 136;
    private static final int ROUNDS = 24;
    private static final long[] ROUND_CONSTANTS = roundConstants();
    private static final int[] ROTATIONS = {
        1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44};
    private static final int[] LANES = {
        10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};

    private Keccak256()
    {
    }

    /**
     * Hashes.
     *
     * @param input what to hash.
     * @return 32 bytes.
     */
    public static byte[] hash(final byte[] input)
    {
        final long[] state = new long[25];
        final byte[] padded = new byte[(input.length / RATE_BYTES + 1) * RATE_BYTES];
        System.arraycopy(input, 0, padded, 0, input.length);
        padded[input.length] ^= 0x01;
        padded[padded.length - 1] ^= (byte)0x80;
        for (int block = 0; block < padded.length; block += RATE_BYTES)
        {
            for (int i = 0; i < RATE_BYTES; i++)
            {
                state[i >> 3] ^= (padded[block + i] & 0xffL) << ((i & 7) << 3);
            }
            permute(state);
        }
        final byte[] output = new byte[32];
        for (int i = 0; i < output.length; i++)
        {
            output[i] = (byte)(state[i >> 3] >>> ((i & 7) << 3));
        }
        return output;
    }

    /**
     * Hashes.
     *
     * @param input what to hash.
     * @return {@code 0x} and 64 digits.
     */
    public static String hex(final byte[] input)
    {
        return "0x" + HexFormat.of().formatHex(hash(input));
    }

    private static void permute(final long[] state)
    {
        final long[] parity = new long[5];
        for (int round = 0; round < ROUNDS; round++)
        {
            for (int x = 0; x < 5; x++)
            {
                parity[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
            }
            for (int i = 0; i < 25; i++)
            {
                state[i] ^= parity[(i + 4) % 5] ^ Long.rotateLeft(parity[(i + 1) % 5], 1);
            }
            long carried = state[1];
            for (int i = 0; i < LANES.length; i++)
            {
                final long next = state[LANES[i]];
                state[LANES[i]] = Long.rotateLeft(carried, ROTATIONS[i]);
                carried = next;
            }
            for (int row = 0; row < 25; row += 5)
            {
                System.arraycopy(state, row, parity, 0, 5);
                for (int x = 0; x < 5; x++)
                {
                    state[row + x] = parity[x] ^ (~parity[(x + 1) % 5] & parity[(x + 2) % 5]);
                }
            }
            state[0] ^= ROUND_CONSTANTS[round];
        }
    }

    /** From the feedback shift register of the specification, x^8 + x^6 + x^5 + x^4 + 1. */
    private static long[] roundConstants()
    {
        final long[] constants = new long[ROUNDS];
        int register = 1;
        for (int round = 0; round < ROUNDS; round++)
        {
            for (int j = 0; j < 7; j++)
            {
                if ((register & 1) != 0)
                {
                    constants[round] ^= 1L << ((1 << j) - 1);
                }
                register = (register << 1) ^ ((register & 0x80) != 0 ? 0x171 : 0);
            }
        }
        return constants;
    }
}
