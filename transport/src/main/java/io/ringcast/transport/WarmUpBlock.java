package io.ringcast.transport;

import java.nio.charset.StandardCharsets;

/**
 * The blocks of the warm-up's chain: each follows the one before, since the relay publishes no head twice and no log
 * before its head.
 * Confined to the thread that starts the relay; a text is valid until the next one of the same kind is asked for.
 */
final class WarmUpBlock
{
    private static final String HASH = "4fedef11".repeat(7);
    /** Where the number stands, the last digits of a hash, and those of the parent's. */
    private static final String NUMBER_MARK = "nnnnnnnn";
    private static final String HASH_MARK = "hhhhhhhh";
    private static final String PARENT_MARK = "pppppppp";
    private static final int FIRST_NUMBER = 0x10000000;

    private final byte[] head;
    private final byte[][] logs;
    private final int[] headMarks;
    private final int[] logMarks;

    /**
     * Creates the blocks.
     *
     * @param hasLogs   whether their bloom says that there are logs.
     * @param addresses how many different addresses their logs have.
     */
    WarmUpBlock(final boolean hasLogs, final int addresses)
    {
        final String headText = notification("0x1",
            "{\"parentHash\":\"0x" + HASH + PARENT_MARK + "\",\"logsBloom\":\"0x" +
            (hasLogs ? "0123456789abcdef" : "0000000000000000").repeat(32) + "\",\"number\":\"0x" + NUMBER_MARK +
            "\",\"extraData\":\"0x\",\"mixHash\":\"0x" + "5f21f0b8".repeat(8) + "\",\"stateRoot\":\"0x" +
            "1b113e63".repeat(8) + "\",\"gasUsed\":\"0xf4d9a1\",\"withdrawalsRoot\":\"0x" + "f7db6da9".repeat(8) +
            "\",\"hash\":\"0x" + HASH + HASH_MARK + "\"}");
        head = ascii(headText);
        headMarks = marks(headText);
        logs = new byte[addresses][];
        String logText = null;
        for (int i = 0; i < addresses; i++)
        {
            logText = notification("0x2", "{\"address\":\"" + address(i) + "\",\"topics\":[\"0x" +
                "ddf252ad".repeat(8) + "\"],\"data\":\"0x" + "0".repeat(64) + "\",\"blockNumber\":\"0x" +
                NUMBER_MARK + "\",\"blockHash\":\"0x" + HASH + HASH_MARK +
                "\",\"logIndex\":\"0x0\",\"removed\":false}");
            logs[i] = ascii(logText);
        }
        logMarks = marks(logText);
    }

    /**
     * An address of the logs.
     *
     * @param index which of them.
     * @return 0x and 40 digits.
     */
    static String address(final int index)
    {
        return "0x" + "0".repeat(39) + (index + 1);
    }

    byte[] head(final int blockIndex)
    {
        patch(head, headMarks, blockIndex);
        return head;
    }

    byte[] log(final int blockIndex, final int addressIndex)
    {
        patch(logs[addressIndex], logMarks, blockIndex);
        return logs[addressIndex];
    }

    private static int[] marks(final String text)
    {
        return new int[]{text.indexOf(NUMBER_MARK), text.indexOf(HASH_MARK), text.indexOf(PARENT_MARK)};
    }

    private static void patch(final byte[] text, final int[] marks, final int blockIndex)
    {
        writeHex(text, marks[0], FIRST_NUMBER + blockIndex);
        writeHex(text, marks[1], FIRST_NUMBER + blockIndex);
        if (marks[2] >= 0)
        {
            writeHex(text, marks[2], FIRST_NUMBER + blockIndex - 1);
        }
    }

    private static void writeHex(final byte[] text, final int offset, final int value)
    {
        for (int digit = 0; digit < 8; digit++)
        {
            text[offset + digit] = (byte)Character.forDigit(value >>> 28 - 4 * digit & 0xF, 16);
        }
    }

    private static String notification(final String subscription, final String result)
    {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"" + subscription +
            "\",\"result\":" + result + "}}";
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
