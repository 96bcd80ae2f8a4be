package io.ringcast.pipeline;

import java.nio.charset.StandardCharsets;

/**
 * The notifications of a chain that grows block by block, written over and over into the same bytes.
 * Confined to the test's thread.
 */
final class ChainTexts
{
    private static final int DIGITS = 64;
    private static final int NUMBER_DIGITS = 8;
    private static final String ZEROS = "0".repeat(DIGITS);

    private final byte[] head;
    private final byte[] log;
    private final int parentAt;
    private final int numberAt;
    private final int hashAt;
    private final int logHashAt;
    private final int logNumberAt;
    private final int logIndexAt;
    private long number = 1;

    ChainTexts(final String headsToken, final String logsToken)
    {
        final String headText = PastChain.item(headsToken, "{\"parentHash\":\"0x" + ZEROS + "\",\"logsBloom\":\"0x" +
            "10".repeat(256) + "\",\"number\":\"0x1" + ZEROS.substring(0, NUMBER_DIGITS) + "\",\"hash\":\"0x" +
            ZEROS + "\"}");
        final String logText = PastChain.item(logsToken, "{\"address\":\"0x" + "ab".repeat(20) + "\",\"topics\":[]," +
            "\"blockHash\":\"0x" + ZEROS + "\",\"blockNumber\":\"0x1" + ZEROS.substring(0, NUMBER_DIGITS) +
            "\",\"logIndex\":\"0x0\",\"removed\":false}");
        head = headText.getBytes(StandardCharsets.US_ASCII);
        log = logText.getBytes(StandardCharsets.US_ASCII);
        parentAt = headText.indexOf("parentHash") + 15;
        numberAt = headText.indexOf("number") + 12;
        hashAt = headText.indexOf("\"hash\"") + 10;
        logHashAt = logText.indexOf("blockHash") + 14;
        logNumberAt = logText.indexOf("blockNumber") + 17;
        logIndexAt = logText.indexOf("logIndex") + 13;
    }

    void nextBlock()
    {
        writeHex(number, head, parentAt, 16);
        number++;
        writeHex(number, head, hashAt, 16);
        writeHex(number, head, numberAt, NUMBER_DIGITS);
        writeHex(number, log, logHashAt, 16);
        writeHex(number, log, logNumberAt, NUMBER_DIGITS);
    }

    byte[] head()
    {
        return head;
    }

    /** Gives the notification of the current block's log with an index up to 9. */
    byte[] log(final int index)
    {
        log[logIndexAt] = (byte)('0' + index);
        return log;
    }

    private static void writeHex(final long value, final byte[] bytes, final int offset, final int digits)
    {
        for (int i = 0; i < digits; i++)
        {
            bytes[offset + i] = (byte)Character.forDigit((int)(value >>> 4 * (digits - 1 - i)) & 0xF, 16);
        }
    }
}
