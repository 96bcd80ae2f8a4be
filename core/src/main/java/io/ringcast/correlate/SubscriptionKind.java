package io.ringcast.correlate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Tells the subscriptions that let a client see how far the chain is.
 * Any thread: it holds nothing.
 */
final class SubscriptionKind
{
    private static final byte[] NEW_HEADS = "\"newHeads\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RECEIPTS = "\"transactionReceipts\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STATUS = "\"relay_status\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOGS = "\"logs\"".getBytes(StandardCharsets.US_ASCII);

    private SubscriptionKind()
    {
    }

    /**
     * Looks at the params of a subscribe: {@code ["newHeads"]}, {@code ["logs",…]}, {@code ["transactionReceipts",…]}
     * and the relay's own {@code ["relay_status"]} name blocks. So may a kind that is spelt with escapes.
     */
    static boolean showsHeads(final byte[] bytes, final int offset, final int length)
    {
        if (offset < 0 || bytes[offset] != '[')
        {
            return false;
        }
        final int limit = offset + length;
        int start = offset + 1;
        while (start < limit && bytes[start] <= ' ')
        {
            start++;
        }
        return isAt(NEW_HEADS, bytes, start, limit) || isAt(LOGS, bytes, start, limit) ||
            isAt(RECEIPTS, bytes, start, limit) || isAt(STATUS, bytes, start, limit) || hasEscape(bytes, start, limit);
    }

    private static boolean hasEscape(final byte[] bytes, final int start, final int limit)
    {
        if (bytes[start] != '"')
        {
            return false;
        }
        int at = start + 1;
        while (at < limit && bytes[at] != '"')
        {
            if (bytes[at] == '\\')
            {
                return true;
            }
            at++;
        }
        return false;
    }

    private static boolean isAt(final byte[] token, final byte[] bytes, final int start, final int limit)
    {
        return start + token.length <= limit &&
            Arrays.equals(token, 0, token.length, bytes, start, start + token.length);
    }
}
