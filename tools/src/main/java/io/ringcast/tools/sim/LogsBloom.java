package io.ringcast.tools.sim;

import io.ringcast.frame.Keccak256;
import java.util.HexFormat;
import java.util.List;

/** The 2048-bit filter of a block header over the addresses and topics of its logs. Any thread. */
final class LogsBloom
{
    private LogsBloom()
    {
    }

    /** The filter as {@code 0x} and 512 digits. */
    static String of(final List<SimulatedLog> logs)
    {
        final byte[] bits = new byte[256];
        for (final SimulatedLog log : logs)
        {
            add(bits, log.address());
            log.topics().forEach(topic -> add(bits, topic));
        }
        return "0x" + HexFormat.of().formatHex(bits);
    }

    private static void add(final byte[] bits, final String hex)
    {
        final byte[] hash = Keccak256.hash(HexFormat.of().parseHex(hex, 2, hex.length()));
        for (int i = 0; i < 6; i += 2)
        {
            final int bit = ((hash[i] & 0xff) << 8 | hash[i + 1] & 0xff) & 0x7ff;
            bits[bits.length - 1 - (bit >> 3)] |= (byte)(1 << (bit & 7));
        }
    }
}
