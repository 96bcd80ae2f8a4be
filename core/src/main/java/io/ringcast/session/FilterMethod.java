package io.ringcast.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The calls about filters that are polled. The relay answers them itself: a node's filters would end with the node.
 * Immutable.
 */
public final class FilterMethod
{
    /** Not one of them. */
    public static final int NONE = -1;
    /** {@code eth_newFilter}. */
    public static final int NEW_LOGS = 0;
    /** {@code eth_newBlockFilter}. */
    public static final int NEW_BLOCKS = 1;
    /** {@code eth_newPendingTransactionFilter}. */
    public static final int NEW_PENDING = 2;
    /** {@code eth_getFilterChanges}. */
    public static final int CHANGES = 3;
    /** {@code eth_getFilterLogs}. */
    public static final int LOGS = 4;
    /** {@code eth_uninstallFilter}. */
    public static final int UNINSTALL = 5;

    private static final byte[][] NAMES =
    {
        ascii("eth_newFilter"), ascii("eth_newBlockFilter"), ascii("eth_newPendingTransactionFilter"),
        ascii("eth_getFilterChanges"), ascii("eth_getFilterLogs"), ascii("eth_uninstallFilter")
    };
    /** Where the names begin to differ from most others. */
    private static final int TELLING = 7;

    private FilterMethod()
    {
    }

    /**
     * Tells which one a name is.
     *
     * @param text   holds the name.
     * @param offset where it starts, without its quote.
     * @param length its length in bytes.
     * @return its index, or {@link #NONE}.
     */
    public static int indexOf(final byte[] text, final int offset, final int length)
    {
        for (int i = 0; i < NAMES.length; i++)
        {
            final byte[] name = NAMES[i];
            if (name.length == length && name[TELLING] == text[offset + TELLING] &&
                Arrays.equals(name, 0, length, text, offset, offset + length))
            {
                return i;
            }
        }
        return NONE;
    }

    private static byte[] ascii(final String name)
    {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}
