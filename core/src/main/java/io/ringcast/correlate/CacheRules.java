package io.ringcast.correlate;

import io.ringcast.frame.FrameView;
import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Which answers may be kept, and how long they are true.
 * Confined to the pipeline thread that runs correlate.
 *
 * <ul>
 * <li>For ever: the chain's number, and what was asked by hash and lies in a block that is final.
 * <li>Until the next head: what was asked of {@code "latest"} by that name, or is always about the latest block.
 * <li>Never: errors and null, {@code "pending"}, and everything that is not listed in {@link MethodTable}.
 * </ul>
 */
final class CacheRules
{
    private static final byte[] LATEST = ascii("\"latest\"");
    private static final byte[] PENDING = ascii("\"pending\"");
    private static final byte[] NUMBER = ascii("number");
    private static final byte[] BLOCK_NUMBER = ascii("blockNumber");
    private static final byte[] BLOCK_HASH = ascii("blockHash");
    private static final int HASH_TOKEN_LENGTH = 68;

    private final JsonCursor outer = new JsonCursor();
    private final JsonCursor inner = new JsonCursor();

    /** Whether any answer to the call might be kept. */
    static boolean mayKeep(final int flags)
    {
        return (flags & MethodTable.CACHEABLE) != 0;
    }

    /**
     * Settles whether a call is about the latest block, where that depends on its params. One about the pending block
     * shows its caller none, though the answer has a number: no upstream has that block yet.
     */
    static int settle(final int flags, final CallKey key)
    {
        if ((flags & MethodTable.LATEST_BY_NAME) == 0)
        {
            return flags;
        }
        final boolean isLatest = (flags & MethodTable.LATEST_FIRST) != 0 && beginsWith(LATEST, key) ||
            (flags & MethodTable.LATEST_LAST) != 0 && endsWithLatest(key);
        final int settled = flags & ~MethodTable.LATEST_BY_NAME | (isLatest ? MethodTable.LATEST : 0);
        return (flags & MethodTable.SHOWS_BLOCK) != 0 && beginsWith(PENDING, key) ?
            settled & ~MethodTable.SHOWS_BLOCK : settled;
    }

    static boolean isNull(final byte[] bytes, final FrameView view)
    {
        return view.resultOffset == FrameView.ABSENT || bytes[view.resultOffset] == 'n';
    }

    /**
     * The number of the block that an answer lies in, if it was asked by hash.
     *
     * @return the number, or -1 if it was not, or the answer does not say.
     */
    long blockNumber(final PendingCall call, final byte[] bytes, final FrameView view)
    {
        if (!outer.tryBegin(call.text, call.paramsOffset, call.paramsLength) || !outer.next() ||
            !isByHash(call.text, outer.valueOffset, outer.valueLength) ||
            !outer.tryBegin(bytes, view.resultOffset, view.resultLength))
        {
            return -1;
        }
        if (outer.isObject())
        {
            return numberIn(outer, bytes);
        }
        return outer.next() && inner.tryBegin(bytes, outer.valueOffset, outer.valueLength) && inner.isObject() ?
            numberIn(inner, bytes) : -1;
    }

    private boolean isByHash(final byte[] text, final int offset, final int length)
    {
        if (text[offset] == '"')
        {
            return length == HASH_TOKEN_LENGTH;
        }
        boolean isByHash = false;
        if (inner.tryBegin(text, offset, length) && inner.isObject())
        {
            while (inner.next())
            {
                isByHash |= inner.isNamed(BLOCK_HASH) && inner.valueLength == HASH_TOKEN_LENGTH;
            }
        }
        return isByHash;
    }

    private static long numberIn(final JsonCursor members, final byte[] bytes)
    {
        while (members.next())
        {
            if (members.isNamed(NUMBER) || members.isNamed(BLOCK_NUMBER))
            {
                return HexWords.quantity(bytes, members.valueOffset, members.valueLength);
            }
        }
        return -1;
    }

    private static boolean beginsWith(final byte[] tag, final CallKey key)
    {
        final int limit = key.paramsOffset + key.paramsLength;
        int at = key.paramsOffset + 1;
        while (at < limit && key.bytes[at] <= ' ')
        {
            at++;
        }
        return isAt(tag, key, at);
    }

    private static boolean endsWithLatest(final CallKey key)
    {
        int end = key.paramsOffset + key.paramsLength - 1;
        while (end > key.paramsOffset && key.bytes[end - 1] <= ' ')
        {
            end--;
        }
        return isAt(LATEST, key, end - LATEST.length);
    }

    private static boolean isAt(final byte[] tag, final CallKey key, final int at)
    {
        return at > key.paramsOffset && at + tag.length < key.paramsOffset + key.paramsLength &&
            Arrays.equals(key.bytes, at, at + tag.length, tag, 0, tag.length);
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
